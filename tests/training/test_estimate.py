"""How long a run will take, judged by those that have ended."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from small_runs import small

from explorer.training import Plan, RunSpec
from explorer.training.estimate import device_type, estimate
from explorer.training.records import Record, State

PLAN = Plan("CPU, 1 threads", "float32", 12, 4, 16, 64, 90, 4, 2**20, 2**30)
RUN = Record(
    id="r1",
    name="Quick one",
    spec_json=small().to_json(),
    owner="",
    state=State.FINISHED,
    ticket=1,
    attempt=1,
    beats=9,
    created_at=0.0,
    started_at=100.0,
    ended_at=106.0,
    worker="here",
    plan_json=json.dumps(PLAN.to_dict()),
    problem=None,
)


def test_a_run_like_one_that_has_ended_takes_as_long_for_a_picture() -> None:
    found = estimate(small(epochs=6), [RUN])
    assert (found.train_pictures, found.validation_pictures) == (64, 90)
    assert (found.steps_per_epoch, found.like) == (4, "Quick one")
    assert found.seconds == pytest.approx(12.0)
    assert estimate(small(batch_size=32, epochs=6), [RUN]).seconds == pytest.approx(12.0)


def test_a_budget_in_seconds_is_its_own_estimate() -> None:
    assert estimate(small(seconds=30), [RUN]).seconds == 30


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.STOPPED},
        {"attempt": 2},
        {"plan_json": None},
        {"ended_at": None},
        {"spec_json": small(options={"activation": "relu"}).to_json()},
        {"spec_json": small().to_json().replace("lenet5_modern", "gone")},
    ],
)
def test_another_kind_of_run_tells_nothing(change: dict[str, Any]) -> None:
    assert estimate(small(), [replace(RUN, **change)]).seconds is None


def test_the_first_run_like_it_counts() -> None:
    slower = replace(RUN, name="Slower", ended_at=112.0)
    assert estimate(small(), [replace(RUN, state=State.FAILED), slower, RUN]).like == "Slower"


def test_pictures_that_are_measured_on_are_not_trained_on() -> None:
    assert estimate(RunSpec("resnet20", "cifar10", epochs=1, validation_share=0.2, batch_size=128), []) == (
        40_000,
        10_000,
        312,
        None,
        None,
    )
    assert estimate(small(labels=("0", "1"), pictures=None), []).train_pictures == round(1797 * 0.2 * 0.95)


@pytest.mark.parametrize(
    ("described", "kind"),
    [("NVIDIA H100 80GB HBM3", "cuda"), ("Apple GPU (MPS)", "mps"), ("CPU, 2 threads", "cpu")],
)
def test_runs_train_on_what_the_latest_one_trained_on(described: str, kind: str) -> None:
    old = replace(RUN, created_at=0.0, plan_json=json.dumps(replace(PLAN, device="something else").to_dict()))
    new = replace(RUN, created_at=1.0, plan_json=json.dumps(replace(PLAN, device=described).to_dict()))
    assert device_type([old, new]) == kind


def test_before_the_first_run_this_machine_tells_what_runs_train_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/nvidia-smi")
    assert device_type([replace(RUN, plan_json=None)]) == "cuda"

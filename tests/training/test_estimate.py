"""What a run will take, judged by those that have ended."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from small_runs import small

from explorer.training import Plan, RunSpec
from explorer.training.estimate import device_type, find_pace, likely_precision, measure_extent, predict_seconds
from explorer.training.records import Record, State
from explorer.training.selection import select
from explorer.training.trials import Pace

PLAN = replace(
    Plan("CPU, 1 threads", "float32", 12, 4, 16, 64, 90, 4, 2**20, 2**30), step_seconds=0.25, validation_seconds=0.9
)
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
    ended_at=190.0,  # most of which it loaded pictures
    worker="here",
    plan_json=json.dumps(PLAN.to_dict()),
    problem=None,
)


def planned(run: Record = RUN, **changes: Any) -> Record:
    """A run with another plan."""
    return replace(run, plan_json=json.dumps(replace(PLAN, **changes).to_dict()))


def test_a_run_like_one_that_has_ended_is_as_fast() -> None:
    found = find_pace(small(epochs=6, seed=3), [RUN])
    assert found == Pace(0.25, 0.01)
    # 24 steps of 0.25 s, and 6 times 90 pictures of 0.01 s
    assert predict_seconds(small(epochs=6), found) == pytest.approx(24 * 0.25 + 6 * 90 * 0.01)


@pytest.mark.parametrize(
    "change",
    [
        {"batch_size": 1},
        {"pictures": 8},  # fewer than a batch
        {"optimizer": "sgd"},
        {"precision": "bfloat16"},
        {"options": {"activation": "relu"}},
        {"augmentation": "crop"},
    ],
)
def test_a_run_with_other_steps_is_tried_out(change: dict[str, Any]) -> None:
    assert find_pace(small(**change), [RUN]) is None


@pytest.mark.parametrize(
    "run",
    [
        replace(RUN, state=State.STOPPED),
        replace(RUN, problem="The loss is no number any more; a lower learning rate may help."),
        replace(RUN, plan_json=None),
        replace(RUN, spec_json=small().to_json().replace("lenet5_modern", "gone")),
        planned(step_seconds=None),
        planned(step_seconds=0.01),  # a tenth of a second in all
    ],
    ids=["stopped", "diverged", "not begun", "gone", "not measured", "short"],
)
def test_a_run_that_was_cut_short_tells_nothing(run: Record) -> None:
    assert find_pace(small(), [run]) is None


def test_a_run_on_another_kind_of_device_tells_nothing() -> None:
    now = replace(planned(device="NVIDIA H100 80GB HBM3"), spec_json=small(optimizer="sgd").to_json(), created_at=9.0)
    assert find_pace(small(), [now, RUN]) is None


def test_the_latest_run_like_it_counts() -> None:
    slower = replace(planned(step_seconds=0.5), created_at=9.0)
    assert find_pace(small(), [RUN, slower]) == Pace(0.5, 0.01)


def test_pictures_that_are_measured_on_are_not_trained_on() -> None:
    whole = RunSpec("resnet20", "cifar10", epochs=1, validation_share=0.2, batch_size=128)
    assert measure_extent(whole) == (40_000, 10_000, 312)
    assert measure_extent(replace(whole, validation_share=0.0)) == (50_000, 10_000, 390)
    assert measure_extent(small(labels=("0", "1"), pictures=None)).train_pictures == round(1797 * 0.2 * 0.95)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.333, 0.99])
def test_as_many_pictures_are_foreseen_as_are_chosen(share: float) -> None:
    spec = small(pictures=None, validation_share=share)
    chosen = select(spec)
    assert measure_extent(spec)[:2] == (len(chosen.train), len(chosen.validation))


@pytest.mark.parametrize(
    ("asked", "runs", "precision"),
    [
        ("auto", [planned(device="Tesla T4", precision="float32")], "float32"),
        ("auto", [planned(device="NVIDIA H100 80GB HBM3", precision="bfloat16")], "bfloat16"),
        ("auto", [RUN], "float32"),
        ("bfloat16", [RUN], "bfloat16"),
    ],
)
def test_a_run_computes_as_the_latest_one_did_on_its_device(asked: str, runs: list[Record], precision: str) -> None:
    assert likely_precision(small(precision=asked), runs) == precision


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

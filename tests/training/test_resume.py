"""A run that goes on from a checkpoint does as if it had never stopped, bit for bit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from small_runs import curve, figures, small

from explorer.training import Checkpoint, RunSpec, fit, loop
from explorer.training import plan as plan_module
from explorer.training.spec import OPTIMIZERS, SCHEDULES

MIDDLE_OF_AN_EPOCH, END_OF_AN_EPOCH = 6, 8

pytestmark = pytest.mark.usefixtures("each_step")


@pytest.fixture
def each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event and a question whether to stop for each step, however quick they are."""
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)


def uninterrupted(spec: RunSpec) -> tuple[dict[int, tuple[object, ...]], dict[int, bytes]]:
    """Return the curve of a run, and a checkpoint after each step."""
    kept: dict[int, bytes] = {}

    def save(state: Checkpoint) -> None:
        kept[state.progress.step] = state.to_bytes()

    return curve(spec, save=save, save_seconds=0.0), kept


def assert_goes_on(spec: RunSpec, steps: Sequence[int] = (MIDDLE_OF_AN_EPOCH, END_OF_AN_EPOCH)) -> None:
    whole, kept = uninterrupted(spec)
    for step in steps:
        last: list[Checkpoint] = []
        rest = curve(spec, resume=Checkpoint.from_bytes(kept[step]), save=last.append)
        assert rest == {at: told for at, told in whole.items() if at > step}
        end = Checkpoint.from_bytes(kept[12])
        assert all(tensor.equal(end.network[name]) for name, tensor in last[-1].network.items())


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_with_each_schedule_it_goes_on(schedule: str) -> None:
    assert_goes_on(small(schedule=schedule, warmup=0.25, patience=1, learning_rate=0.02, validate_every=2))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_with_each_optimizer_it_goes_on(optimizer: str) -> None:
    assert_goes_on(small(optimizer=optimizer, weight_decay=0.01))


def test_dropout_batch_norm_and_augmentation_go_on() -> None:
    options = {"dropout": 0.4, "batch_norm": True}
    assert_goes_on(small(options=options, augmentation="crop_flip"), steps=(1, MIDDLE_OF_AN_EPOCH))


def test_the_plateau_schedule_has_dropped_before_and_after() -> None:
    spec = small(schedule="plateau", patience=1, learning_rate=0.05, validate_every=1)
    whole, _ = uninterrupted(spec)
    rates = [told[4] for told in whole.values()]
    assert rates[0] > rates[MIDDLE_OF_AN_EPOCH] > rates[-1]


def test_a_run_that_the_longest_time_has_ended_goes_on_as_if_it_had_not_been_measured_then() -> None:
    spec = small(schedule="plateau", patience=1, learning_rate=0.05, validate_every=2)
    whole, _ = uninterrupted(spec)
    kept: list[bytes] = []
    *_, last = fit(spec, device="cpu", most_seconds=0.0, save=lambda state: kept.append(state.to_bytes()))
    assert (last.step, last.ended) == (1, "limit")
    rest = curve(spec, resume=Checkpoint.from_bytes(kept[-1]))
    assert rest == {at: told for at, told in whole.items() if at > 1}


def test_a_run_that_is_stopped_while_it_loads_again_stays_where_it_was() -> None:
    _, kept = uninterrupted(small())
    (event,) = fit(small(), device="cpu", resume=Checkpoint.from_bytes(kept[MIDDLE_OF_AN_EPOCH]), stop=lambda: True)
    assert (event.step, event.epoch, event.ended) == (MIDDLE_OF_AN_EPOCH, 2, "stopped")


def test_a_run_that_was_stopped_goes_on() -> None:
    spec = small()
    whole, _ = uninterrupted(spec)
    kept: list[Checkpoint] = []
    events = []
    for event in fit(spec, device="cpu", stop=lambda: len(events) >= MIDDLE_OF_AN_EPOCH, save=kept.append):
        events.append(event)
    assert events[-1].ended == "stopped"
    stopped_at = events[-1].step
    assert 0 < stopped_at < 12
    rest = curve(spec, resume=Checkpoint.from_bytes(kept[-1].to_bytes()))
    assert rest == {at: told for at, told in whole.items() if at > stopped_at}


def test_a_run_that_was_stopped_while_it_was_measured_measures_first() -> None:
    spec = small(validate_every=4)
    whole, kept = uninterrupted(spec)
    measured = Checkpoint.from_bytes(kept[4])
    measured.progress.measured_step = 0
    measured.progress.val_losses.clear()
    rest = curve(spec, resume=measured)
    assert rest.pop(4)[:-1] == whole[4][:-1]  # the gradients of a step are not kept
    assert rest == {at: told for at, told in whole.items() if at > 4}


def test_the_clock_of_a_run_goes_on() -> None:
    _, kept = uninterrupted(small())
    state = Checkpoint.from_bytes(kept[6])
    state.progress.seconds = 1000.0
    events = list(fit(small(), device="cpu", resume=state))
    assert events[0].step == 6
    assert events[0].seconds >= 1000
    assert events[-1].seconds < 1600


def test_a_budget_in_seconds_goes_on_with_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "CALIBRATION_SECONDS", 0.05)
    spec = small(seconds=600)
    kept: list[Checkpoint] = []
    events = fit(spec, device="cpu", save=kept.append, save_seconds=0.0)
    plan = next(events).plan
    next(events), next(events)
    first = next(fit(spec, device="cpu", resume=Checkpoint.from_bytes(kept[0].to_bytes())))
    assert first.plan is not None
    assert plan is not None
    assert first.plan.steps == plan.steps


def test_another_run_is_not_gone_on_with() -> None:
    _, kept = uninterrupted(small())
    with pytest.raises(ValueError, match="this checkpoint belongs to another run"):
        next(fit(small(seed=1), resume=Checkpoint.from_bytes(kept[6])))


def test_a_run_that_has_ended_only_reports_again() -> None:
    whole, kept = uninterrupted(small())
    events = list(fit(small(), device="cpu", resume=Checkpoint.from_bytes(kept[12])))
    assert events[-1].ended == "done"
    assert events[-1].report is not None
    assert figures(events)[12][2] == pytest.approx(whole[12][2])


def test_random_numbers_of_others_do_not_matter() -> None:
    spec = small(options={"dropout": 0.4})
    torch.manual_seed(1)
    first = curve(spec)
    torch.manual_seed(2)
    torch.rand(100)
    assert curve(spec) == first

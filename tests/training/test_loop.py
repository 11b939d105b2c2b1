"""The training loop on real digits: it learns, it can be repeated, it keeps its time and stays in its memory."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest
import torch
from small_runs import curve, figures, small

from explorer.training import CannotTrainError, Event, RunSpec, batches, fit, loop, plan, run
from explorer.training import clock as clock_module
from explorer.training.capacity import check_peak, is_out_of_memory, predict_peak
from explorer.training.learner import Learner
from explorer.training.selection import Part, select

CPU = torch.device("cpu")
LARGE = RunSpec("squeezenet1_1", "digits", epochs=1, input_size=256, batch_size=2)  # its pictures take 112 MiB


@pytest.fixture
def each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event for each step, however quick they are."""
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of training. A step does nothing and takes no time before a test says how long."""
    fake = Clock()
    for module in (clock_module, plan, run):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=fake.perf_counter))
    return fake


def pretend(monkeypatch: pytest.MonkeyPatch, clock: Clock, step: Callable[[float], float], batch: float) -> None:
    """Have a step take `step(seconds since the start)`, and measuring a batch `batch` seconds."""
    start = clock.now

    def train(self: Learner, number: int, pictures: torch.Tensor, labels: torch.Tensor, rate: float) -> None:
        clock.now += step(clock.now - start)
        self.recent.add(torch.tensor(1.0), torch.zeros(len(labels), 10), labels)

    def answer(self: Learner, batches: object, stop: object = None) -> tuple[torch.Tensor, torch.Tensor]:
        labels = torch.cat([labels for _, labels in batches])  # type: ignore[attr-defined]
        clock.now += batch * math.ceil(len(labels) / self.spec.batch_size)
        return torch.zeros(len(labels), 10), labels

    monkeypatch.setattr(Learner, "train", train)
    monkeypatch.setattr(Learner, "answer", answer)


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """LeNet-5 on all digits for six epochs."""
    spec = RunSpec(
        "lenet5_modern", "digits", epochs=6, optimizer="adam", learning_rate=0.004, schedule="one_cycle", seed=0
    )
    return list(fit(spec, device="cpu"))


def test_lenet_5_recognises_97_percent_of_digits_that_it_has_not_seen(events: list[Event]) -> None:
    assert events[-1].val_accuracy is not None
    assert events[-1].val_accuracy >= 0.97


def test_the_loss_falls(events: list[Event]) -> None:
    losses = [event.train_loss for event in events if event.train_loss is not None]
    assert losses[-1] < 0.1 * losses[0]


def test_the_first_event_has_the_plan_and_the_last_has_everything(events: list[Event]) -> None:
    first, last = events[0], events[-1]
    assert first.plan is not None
    assert (first.step, first.plan.steps, first.plan.steps_per_epoch) == (0, 6 * 44, 44)
    assert [name for name, value in last.to_dict().items() if value is None] == []
    assert (last.ended, last.step, last.epoch) == ("done", 264, 6)
    assert last.report is not None
    assert last.seconds_left == 0


def test_a_run_of_one_step_tells_everything_too() -> None:
    *_, last = fit(small(steps=1), device="cpu")
    assert [name for name, value in last.to_dict().items() if value is None] == []
    assert last.memory_bytes == pytest.approx(last.predicted_bytes, rel=0.25)


def test_the_report_and_the_last_event_agree(events: list[Event]) -> None:
    last = events[-1]
    assert last.report is not None
    right = sum(row[i] for i, row in enumerate(last.report.confusion))
    assert last.val_accuracy == pytest.approx(right / sum(map(sum, last.report.confusion)))


def test_memory_stands_beside_what_was_predicted(events: list[Event]) -> None:
    last = events[-1]
    assert last.memory_bytes == pytest.approx(last.predicted_bytes, rel=0.15)


@pytest.mark.usefixtures("each_step")
def test_the_same_seed_gives_the_same_curve_and_another_gives_another() -> None:
    spec = small(options={"dropout": 0.3}, augmentation="crop")
    first = curve(spec)
    assert len(first) == 12
    assert curve(spec) == first
    assert curve(small(options={"dropout": 0.3}, augmentation="crop", seed=1)) != first


@pytest.mark.usefixtures("each_step")
def test_the_curve_does_not_depend_on_how_often_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    often = curve(small())
    monkeypatch.setattr(loop, "EVENT_SECONDS", 3600.0)
    seldom = curve(small())
    assert len(seldom) == 2
    assert all(often[step] == figures for step, figures in seldom.items() if figures[2] is not None)
    assert seldom[12] == often[12]


def test_a_loss_that_is_no_number_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)
    *_, last = fit(small(optimizer="sgd", learning_rate=1000.0, options={"activation": "relu"}, epochs=50))
    assert last.ended == "diverged"
    assert last.step < 200
    assert last.report is None


@pytest.mark.usefixtures("each_step")
def test_a_run_ends_within_a_step_of_being_stopped() -> None:
    steps: list[int] = []
    events = fit(small(steps=1000), stop=lambda: len(steps) > 0)
    for event in events:
        steps.append(event.step)
    assert event.ended == "stopped"
    assert event.step <= 1


def test_events_come_at_most_four_times_a_second(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    pretend(monkeypatch, clock, lambda gone: 0.011, batch=0.03)
    told = [clock.now for _ in fit(small(steps=500), device="cpu")]
    inner = told[1:-1]  # the plan comes before the first step, and the end when it is reached
    assert len(inner) > 15
    assert min(after - before for before, after in pairwise(inner)) >= 0.25


PACES: dict[str, Callable[[float], float]] = {
    "steady": lambda gone: 0.013,
    "half as fast after a third": lambda gone: 0.01 if gone < 10 else 0.02,
    "twice as fast after the start": lambda gone: 0.02 if gone < 3 else 0.01,
    "slow while it warms up": lambda gone: 1.0 if gone < 2 else 0.01,
    "a second a step": lambda gone: 1.0,
}


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("batch", [0.0005, 0.05])
def test_a_budget_in_seconds_is_kept_to_within_a_tenth(
    pace: str, batch: float, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    pretend(monkeypatch, clock, PACES[pace], batch)
    first, *_, last = fit(small(seconds=30, pictures=None, validation_share=0.2), device="cpu")
    assert first.plan is not None
    assert first.plan.steps > 0
    assert last.ended == "done"
    assert last.seconds == pytest.approx(30, rel=0.1)


def test_calibration_takes_two_seconds(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    pretend(monkeypatch, clock, lambda gone: 0.01, batch=0.001)
    first = next(fit(small(seconds=60), device="cpu"))
    assert 1 < first.seconds < 2.5


def test_a_stop_is_heard_while_pictures_are_loaded(each_step: None, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[slice] = []
    images = Part.images
    monkeypatch.setattr(batches, "PIECE_VALUES", 10 * 32**2)
    monkeypatch.setattr(Part, "images", lambda part, now: loaded.append(now) or images(part, now))
    (event,) = fit(small(), device="cpu", stop=lambda: len(loaded) == 3)
    assert (event.step, event.ended) == (0, "stopped")
    assert loaded == [slice(0, 10), slice(10, 20), slice(20, 30)]


def test_the_longest_time_ends_a_run_with_all_its_figures(each_step: None) -> None:
    *_, last = fit(small(steps=1000), device="cpu", most_seconds=0.0)
    assert (last.step, last.ended) == (1, "limit")
    assert last.val_accuracy is not None
    assert last.report is not None


def test_the_last_event_has_the_plan_with_the_times_that_were_measured(each_step: None) -> None:
    first, *_, last = fit(small(), device="cpu")
    assert first.plan is not None
    assert last.plan is not None
    assert first.plan.step_seconds is None
    assert last.plan.step_seconds is not None
    assert 12 * last.plan.step_seconds < last.seconds


def test_a_stop_is_heard_during_calibration(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)
    pretend(monkeypatch, clock, lambda gone: 0.01, batch=0.001)
    begun = clock.now
    first, *_, last = fit(small(seconds=60), device="cpu", stop=lambda: clock.now > begun)
    assert first.seconds < 0.2
    assert (last.step, last.ended) == (1, "stopped")


def test_too_few_seconds_for_one_step_are_told(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    pretend(monkeypatch, clock, lambda gone: 3.0, batch=0.1)
    with pytest.raises(CannotTrainError, match="The time is too short: one step of training takes"):
        list(fit(small(seconds=5), device="cpu"))


def test_a_batch_too_large_for_the_free_memory_is_refused_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = small(batch_size=1024, pictures=None)
    free = predict_peak(small(batch_size=100, pictures=None), *counts(spec), CPU)
    monkeypatch.setattr(loop, "free_bytes", lambda device: free)
    with pytest.raises(CannotTrainError, match="with a batch of 1,024 takes") as caught:
        next(fit(spec, device="cpu"))
    assert caught.value.largest_batch == 100
    assert str(caught.value).endswith("A batch of 100 would fit.")


def counts(spec: RunSpec) -> tuple[int, int]:
    """How many pictures a run trains on, and how many it is measured on."""
    selection = select(spec)
    return len(selection.train), len(selection.validation)


def fits(free: int, **changes: int) -> bool:
    spec = replace(LARGE, **changes)
    try:
        check_peak(spec, select(spec), CPU, free)
    except CannotTrainError:
        return False
    return True


def test_pictures_too_large_for_the_free_memory_are_refused_before_they_are_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[slice] = []
    monkeypatch.setattr(Part, "images", lambda part, now: loaded.append(now))
    free = predict_peak(LARGE, *counts(LARGE), CPU) - 30 * 2**20
    monkeypatch.setattr(loop, "free_bytes", lambda device: free)
    said = r"1,797 pictures of 256\S256 pixels take 112.3 MiB of memory, and 82.33 MiB are free for them."
    with pytest.raises(CannotTrainError, match=said) as caught:
        next(fit(LARGE, device="cpu"))
    assert loaded == []
    fewer, side, _ = map(int, re.findall(r"\d+", str(caught.value).replace(",", "").partition("fit: ")[2]))
    assert fits(free, pictures=fewer)
    assert not fits(free, pictures=fewer + 1)
    assert fits(free, input_size=side)


def test_a_network_too_large_for_the_free_memory_is_not_the_pictures_fault() -> None:
    with pytest.raises(CannotTrainError, match="No batch would fit"):
        check_peak(LARGE, select(LARGE), CPU, 2**20)


@pytest.mark.parametrize(
    "words",
    [
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to allocate",
    ],
)
def test_a_full_memory_is_known_by_its_words(words: str) -> None:
    assert is_out_of_memory(RuntimeError(words))


def test_running_out_of_memory_ends_with_the_batch_that_would_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = small(batch_size=1024, pictures=None)
    free = predict_peak(spec, *counts(spec), CPU)

    def run_out(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(loop, "free_bytes", lambda device: free)
    monkeypatch.setattr(Learner, "train", run_out)
    with pytest.raises(CannotTrainError, match="ran out of memory") as caught:
        list(fit(spec, device="cpu"))
    fits = caught.value.largest_batch
    assert fits is not None
    assert 700 < fits < 1024
    assert f"A batch of {fits:,} would fit." in str(caught.value)


def test_another_error_is_not_taken_for_a_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(Learner, "train", fail)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        list(fit(small(), device="cpu"))


def test_too_few_pictures_are_told() -> None:
    with pytest.raises(CannotTrainError, match="fewer than the 1,700 asked for"):
        next(fit(small(pictures=1700, validation_share=0.5)))


def test_training_leaves_the_settings_of_cudnn_alone() -> None:
    before = torch.backends.cudnn.deterministic
    assert figures(list(fit(small(steps=1))))
    assert torch.backends.cudnn.deterministic is before

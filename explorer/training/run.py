"""A run under way: its pictures, its network, its plan and how far it is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from explorer.training.batches import Batches
from explorer.training.capacity import check_peak
from explorer.training.checkpoint import Checkpoint, Progress
from explorer.training.clock import Stopwatch
from explorer.training.events import Event, Plan
from explorer.training.learner import Learner
from explorer.training.meter import MemoryMeter
from explorer.training.plan import calibrate, make_plan, revise
from explorer.training.report import Report, make_report
from explorer.training.schedule import learning_rate
from explorer.training.scores import score
from explorer.training.selection import Selection
from explorer.training.spec import RunSpec


class Measurement(NamedTuple):
    """An event with the scores on the validation pictures, and what the network answered."""

    event: Event
    logits: Tensor


class Run:
    """What the training loop works on.

    Making it checks that the run fits in memory, and then loads its pictures; a `stop` in that raises StoppedError.
    """

    def __init__(
        self,
        spec: RunSpec,
        selection: Selection,
        device: torch.device,
        free_bytes: int,
        watch: Stopwatch,
        stop: Callable[[], bool],
    ) -> None:
        self.spec = spec
        self.selection = selection
        self.watch = watch
        self.progress = Progress()
        predicted_bytes = check_peak(spec, selection, device, free_bytes)
        self.meter = MemoryMeter(device)
        self.batches = Batches(spec, selection, device, stop)
        self.learner = Learner(spec, device)
        self.plan = make_plan(spec, self.learner, self.batches, predicted_bytes, free_bytes)

    def begin(self, resume: Checkpoint | None, stop: Callable[[], bool]) -> Event:
        """Plan how far the run goes, from its start or from a checkpoint; return the first event, with the plan."""
        if resume is not None:
            resume.restore(self.learner)
            self.progress = replace(resume.progress, val_losses=[*resume.progress.val_losses])
            self.plan = _plan_here(resume.plan, self.plan)
        elif self.spec.seconds is not None:
            left = self.spec.seconds - self.watch.seconds()
            self.plan = calibrate(self.plan, self.spec, self.learner, self.batches, left, stop)
        self.meter.start()
        self.watch.begin_laps(self.progress.step)
        return Event(self.progress.step, self._epoch(), self.watch.seconds(), plan=self.plan)

    def take_step(self) -> None:
        """Train on the next batch."""
        step = self.progress.step + 1
        rate = learning_rate(self.spec, step, self.plan.steps, self.progress.val_losses)
        with self.meter.step(self._held_bytes, is_last=step == self.plan.steps):
            self.learner.train(step, *self.batches.train(step), rate)
        self.progress.step = step

    def observe(self) -> Event:
        """Return how the training goes; this waits for the device. There must have been a step."""
        step, recent = self.progress.step, self.learner.recent.read()
        pace = self.watch.lap(step)
        first_norm, last_norm = self.learner.gradient_norms()
        return Event(
            step=step,
            epoch=self._epoch(),
            seconds=self.watch.seconds(),
            train_loss=recent.loss,
            train_accuracy=recent.accuracy,
            learning_rate=self.learner.rate,
            images_per_second=None if pace is None else pace * self.plan.batch_size,
            first_gradient_norm=first_norm,
            last_gradient_norm=last_norm,
            memory_bytes=self.meter.read(),
            predicted_bytes=self.plan.predicted_bytes,
            seconds_left=self._seconds_left(),
        )

    @property
    def is_measuring_due(self) -> bool:
        """Whether the validation pictures are to be measured now; after the last step they are anyway."""
        step = self.progress.step
        return step % self.plan.validate_every == 0 and self.progress.measured_step < step < self.plan.steps

    def measure(self, stop: Callable[[], bool]) -> Measurement | None:
        """Return how the training goes, with the scores on the validation pictures; None if it was stopped."""
        event = self.observe()
        start = time.perf_counter()
        answers = self.learner.answer(self.batches.validation(self.plan.validation_pictures), stop)
        if answers is None:
            return None
        found = score(*answers, len(self.spec.label_names))
        taken = time.perf_counter() - start
        self.watch.skip(taken)
        step_seconds = self.watch.step_seconds or self.plan.step_seconds
        self.plan = replace(self.plan, step_seconds=step_seconds, validation_seconds=taken)
        self.progress.val_losses.append(found.loss)
        self.progress.measured_step = event.step
        return Measurement(replace(event, val_loss=found.loss, val_accuracy=found.accuracy), answers[0])

    def report(self, measurement: Measurement) -> Report | None:
        """Return what the network does with the validation pictures; None where its answers are no numbers."""
        if not measurement.logits.isfinite().all():
            return None
        return make_report(
            measurement.logits, self.selection.validation, self.spec.label_names, self.selection.is_test_set
        )

    def revise_plan(self) -> bool:
        """Fit the plan to the budget in seconds at the pace so far; return whether it goes another way now."""
        steps = self.plan.steps
        self.plan = replace(self.plan, step_seconds=self.watch.step_seconds or self.plan.step_seconds)
        if self.spec.seconds is not None:
            self.plan = revise(self.plan, self.spec.seconds, self.progress.step, self.watch.seconds())
        return self.plan.steps != steps

    def checkpoint(self) -> Checkpoint:
        """Return the run as it is now."""
        self.progress.seconds = self.watch.seconds()
        self.progress.recent = self.learner.recent.latest()
        return Checkpoint.capture(self.learner, self.plan, self.progress, self.batches.mean, self.batches.deviation)

    def _held_bytes(self) -> int:
        return self.batches.held_bytes + self.learner.held_bytes()

    def _epoch(self) -> int:
        return math.ceil(self.progress.step / self.plan.steps_per_epoch)

    def _seconds_left(self) -> float | None:
        if self.plan.step_seconds is None:
            return None
        steps = self.plan.steps - self.progress.step
        measurements = 1 + steps // self.plan.validate_every
        return steps * self.plan.step_seconds + measurements * (self.plan.validation_seconds or 0.0)


def _plan_here(plan: Plan, here: Plan) -> Plan:
    """Return a plan that was made before, perhaps elsewhere, with what depends on the device."""
    return replace(
        plan,
        device=here.device,
        precision=here.precision,
        predicted_bytes=here.predicted_bytes,
        free_bytes=here.free_bytes,
    )

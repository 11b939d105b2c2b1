"""A run under way: its pictures, its network, its plan and how far it is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from explorer.training.batches import Batches
from explorer.training.capacity import predict_peak
from explorer.training.checkpoint import Checkpoint, Progress
from explorer.training.clock import Stopwatch
from explorer.training.device import MemoryMeter
from explorer.training.events import Event
from explorer.training.learner import Learner
from explorer.training.plan import calibrate, make_plan, revise
from explorer.training.report import Report, make_report
from explorer.training.schedule import learning_rate
from explorer.training.scores import score
from explorer.training.selection import Selection
from explorer.training.spec import RunSpec


class Run:
    """What the training loop works on. Making it checks that the run fits in memory, and plans how far it goes."""

    def __init__(
        self,
        spec: RunSpec,
        selection: Selection,
        device: torch.device,
        free_bytes: int,
        watch: Stopwatch,
    ) -> None:
        self.spec = spec
        self.selection = selection
        self.watch = watch
        self.progress = Progress()
        predicted_bytes = predict_peak(spec, selection, device, free_bytes)
        self.meter = MemoryMeter(device)
        self.batches = Batches(spec, selection, device)
        self.learner = Learner(spec, device)
        self.plan = make_plan(spec, self.learner, self.batches, predicted_bytes, free_bytes)

    def begin(self, resume: Checkpoint | None) -> Event:
        """Return the first event, which has the plan, of a new run or of one that goes on from a checkpoint."""
        if resume is not None:
            resume.restore(self.learner)
            self.progress = replace(resume.progress, val_losses=list(resume.progress.val_losses))
            here = self.plan
            self.plan = replace(
                resume.plan,
                device=here.device,
                precision=here.precision,
                predicted_bytes=here.predicted_bytes,
                free_bytes=here.free_bytes,
            )
        elif self.spec.seconds is not None:
            left = self.spec.seconds - self.watch.seconds()
            self.plan = calibrate(self.plan, self.spec, self.learner, self.batches, left)
        self.meter.start()
        return Event(self.progress.step, self._epoch(), self.watch.seconds(), plan=self.plan)

    def take_step(self) -> None:
        """Train on the next batch."""
        step = self.progress.step + 1
        rate = learning_rate(self.spec, step, self.plan.steps, self.progress.val_losses)
        self.learner.train(step, *self.batches.train(step), rate)
        self.progress.step = step

    def observe(self) -> Event:
        """Return how the training goes; it waits for the device. There must have been a step."""
        recent = self.learner.recent.read()
        step = self.progress.step
        pace = self.watch.lap(step)
        first_norm, last_norm = self.learner.gradient_norms()
        return Event(
            step=step,
            epoch=self._epoch(),
            seconds=self.watch.seconds(),
            train_loss=recent.loss,
            train_accuracy=recent.accuracy,
            learning_rate=self.learner.rate,
            images_per_second=pace and pace * self.plan.batch_size,
            first_gradient_norm=first_norm,
            last_gradient_norm=last_norm,
            memory_bytes=self.meter.read(),
            predicted_bytes=self.plan.predicted_bytes,
            seconds_left=self._seconds_left(),
        )

    def measure(self, stop: Callable[[], bool]) -> tuple[Event, Tensor] | None:
        """Return the event with the scores on the validation pictures, and the logits; None if it was stopped."""
        event = self.observe()
        with self.watch.pause() as pause:
            answers = self.learner.answer(self.batches.validation(self.plan.validation_pictures), stop)
            if answers is None:
                return None
            found = score(*answers, len(self.spec.label_names))
        self.progress.val_losses.append(found.loss)
        return replace(event, val_loss=found.loss, val_accuracy=found.accuracy), answers[0]

"""What a run tells of itself while it goes on. Importing it does not import torch."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.training.report import Report


class CannotTrainError(Exception):
    """The run cannot start or go on here; the message is one or two sentences fit to show.

    `largest_batch` is the batch that would fit where memory is the reason, else None.
    """

    def __init__(self, message: str, largest_batch: int | None = None) -> None:
        super().__init__(message)
        self.largest_batch = largest_batch


class StoppedError(Exception):
    """The run was stopped before its pictures were there."""


@dataclass(frozen=True)
class Plan:
    """How far a run goes and what it takes, known before it starts.

    `predicted_bytes` is the peak of a training step and the pictures on the device. The seconds are None for a run
    whose budget is in steps or epochs.
    """

    device: str
    precision: str
    steps: int
    steps_per_epoch: int
    batch_size: int
    train_pictures: int
    validation_pictures: int  # measured each time
    validate_every: int  # steps
    predicted_bytes: int
    free_bytes: int
    step_seconds: float | None = None
    validation_seconds: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as JSON has it."""
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class Event:
    """A moment of a run. What it does not carry is None; the last event of a run that was not stopped carries all.

    `train_loss` and `train_accuracy` are means over the latest steps (`AVERAGED_STEPS`), measured while training, with
    dropout and without auxiliary heads; they are the same for the same step of the same run, whenever an event is due.
    Gradient norms are those of the weights of the first and of the last layer in this step.
    """

    step: int
    epoch: int  # the epoch that the step belongs to, from 1; 0 before the first step
    seconds: float  # since the run started, without the time in which it was interrupted
    train_loss: float | None = None
    train_accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    learning_rate: float | None = None
    images_per_second: float | None = None  # trained, without the time to measure
    first_gradient_norm: float | None = None
    last_gradient_norm: float | None = None
    memory_bytes: int | None = None  # the most so far; on a CPU the peak of the second step, or of the only one
    predicted_bytes: int | None = None  # the plan's
    seconds_left: float | None = None
    plan: Plan | None = None  # in the first event, again when the plan changes, and in the last with the measured times
    ended: str | None = None  # in the last event: "done", "stopped", "diverged" or "limit"
    report: Report | None = None  # in the last event of a run that was not stopped

    def to_dict(self) -> dict[str, Any]:
        """Return the event as JSON has it, without plan and report; a loss may be NaN or infinite."""
        left_out = {"plan", "report"}
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name not in left_out}

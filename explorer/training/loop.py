"""The training loop: a generator of events."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch

from explorer.training.capacity import explain_out_of_memory, is_out_of_memory
from explorer.training.checkpoint import Checkpoint
from explorer.training.clock import Gate, Question, Stopwatch
from explorer.training.device import choose_device, free_bytes
from explorer.training.events import Event, StoppedError
from explorer.training.run import Run
from explorer.training.selection import select
from explorer.training.spec import RunSpec

EVENT_SECONDS = 0.25  # at least, between two events
SAVE_SECONDS = 60.0


def fit(
    spec: RunSpec,
    *,
    device: str | None = None,
    stop: Callable[[], bool] = lambda: False,
    save: Callable[[Checkpoint], None] = lambda checkpoint: None,
    save_seconds: float = SAVE_SECONDS,
    most_seconds: float = math.inf,
    resume: Checkpoint | None = None,
) -> Iterator[Event]:
    """Train, and yield what happens: first the plan, then at most four events a second, in the end all figures.

    `device` is a name that torch knows; None takes the best. `stop` is asked at most four times a second and ends the
    run within a step; one that is heard while pictures are loaded is all that is told. `save` is given a checkpoint
    every so many seconds and when the run ends; it has to write it before it returns. After `most_seconds` the run ends
    as if its steps were done. `resume` is the checkpoint to go on from: the run then does as if it had never stopped.

    A run that does not fit in memory or in its time raises CannotTrainError, data that is not here
    explorer.data.MissingDataError. torch's default random generator is seeded at each step.
    """
    if resume is not None and resume.spec != spec:
        raise ValueError("A run goes on with what it began with; this checkpoint belongs to another run.")
    watch = Stopwatch(resume.progress.seconds if resume else 0.0)
    where = choose_device(device)
    free = free_bytes(where)
    selection = select(spec)
    asked = Question(stop, EVENT_SECONDS)
    try:
        with repeatable_kernels():
            run = Run(spec, selection, where, free, watch, asked)
            yield run.begin(resume, asked)
            yield from _train(run, asked, most_seconds, save, Gate(save_seconds, is_open=False))
    except StoppedError:
        step, per_epoch = (resume.progress.step, resume.plan.steps_per_epoch) if resume else (0, 1)
        yield Event(step, math.ceil(step / per_epoch), watch.seconds(), ended="stopped")
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise explain_out_of_memory(spec, selection, where, free) from error


def _train(
    run: Run, stop: Question, most_seconds: float, save: Callable[[Checkpoint], None], saving: Gate
) -> Iterator[Event]:
    """Yield the events of a run after the first."""
    telling = Gate(EVENT_SECONDS)
    measured: Event | None = None  # and not told yet
    ended = None
    while ended is None and run.progress.step < run.plan.steps:
        if not run.is_measuring_due:  # a run that was stopped while it was measured goes on with that
            run.take_step()
        if run.is_measuring_due:
            measurement = run.measure(stop)
            measured = measurement.event if measurement else measured
        if telling.opens():
            event, measured = measured or run.observe(), None
            yield replace(event, plan=run.plan) if run.revise_plan() else event
            ended = None if math.isfinite(event.train_loss or 0.0) else "diverged"
        if stop():
            ended = "stopped"
        elif ended is None and run.watch.seconds() > most_seconds and run.progress.step < run.plan.steps:
            ended = "limit"
        if saving.opens():
            save(run.checkpoint())
    save(run.checkpoint())  # before the last measurement, which a run that goes on from here does not count
    final = None if ended == "stopped" else run.measure(stop)
    if final is None:
        yield replace(measured or run.observe(), plan=run.plan, ended="stopped")
    else:
        end, report = ended or "done", run.report(final)
        yield replace(final.event, plan=run.plan, seconds_left=0.0, ended=end, report=report)


@contextmanager
def repeatable_kernels() -> Iterator[None]:
    """Have cuDNN compute the same sums in the same order each time."""
    cudnn = torch.backends.cudnn
    before = cudnn.deterministic, cudnn.benchmark
    cudnn.deterministic, cudnn.benchmark = True, False
    try:
        yield
    finally:
        cudnn.deterministic, cudnn.benchmark = before

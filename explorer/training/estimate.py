"""How long a run will take, judged by those that have ended. It does not import torch."""

from __future__ import annotations

import math
import platform
import shutil
from collections.abc import Sequence
from typing import NamedTuple

from explorer import data
from explorer.training.records import Record, State
from explorer.training.spec import RunSpec
from explorer.training.trials import Pace

_DEVICES = {"CPU": "cpu", "Apple": "mps"}  # how their descriptions begin; every other one is CUDA's


class Estimate(NamedTuple):
    """How far a run goes, about: an epoch's steps leave out a rest that fills no batch."""

    train_pictures: int
    validation_pictures: int
    steps_per_epoch: int
    seconds: float | None  # None: nothing like it has ended here
    like: str | None = None  # the name of the run that it is judged by, if it is by one


def estimate(spec: RunSpec, ended: Sequence[Record]) -> Estimate:
    """Return how far a run goes and how long it takes; of the runs that have ended, the first one like it counts."""
    pictures, measured = _pictures(spec)
    per_epoch = max(1, pictures // spec.batch_size)
    if spec.seconds is not None:
        return Estimate(pictures, measured, per_epoch, spec.seconds)
    steps = _steps(spec, per_epoch)
    for run in ended:
        speed = _seconds_per_picture(run, spec)
        if speed is not None:
            return Estimate(pictures, measured, per_epoch, steps * min(spec.batch_size, pictures) * speed, run.name)
    return Estimate(pictures, measured, per_epoch, None)


def predict_seconds(spec: RunSpec, found: Estimate, pace: Pace) -> float:
    """Return how long a run takes at a pace that was tried out. Its budget is in steps or epochs."""
    steps = _steps(spec, found.steps_per_epoch)
    measurements = math.ceil(steps / (spec.validate_every or found.steps_per_epoch))
    return steps * pace.step_seconds + measurements * found.validation_pictures * pace.picture_seconds


def device_type(known: Sequence[Record]) -> str:
    """Return what runs train on, "cuda", "mps" or "cpu": what the latest did, or before any what this machine has."""
    plans = [run.plan for run in sorted(known, key=lambda run: -run.created_at) if run.plan]
    if plans:
        return next((kind for start, kind in _DEVICES.items() if plans[0].device.startswith(start)), "cuda")
    if shutil.which("nvidia-smi"):
        return "cuda"
    return "mps" if platform.system() == "Darwin" and platform.machine() == "arm64" else "cpu"


def _steps(spec: RunSpec, per_epoch: int) -> int:
    return spec.steps if spec.steps is not None else (spec.epochs or 1) * per_epoch


def _pictures(spec: RunSpec) -> tuple[int, int]:
    """Return how many pictures are trained and measured on; classes are taken to have as many each."""
    dataset = data.get(spec.dataset)
    share = len(spec.label_names) / len(dataset.classes)
    there = max(len(spec.label_names), round(dataset.train_pictures * share * (1 - spec.validation_share)))
    held = dataset.test_pictures * share if spec.validation_share == 0 else dataset.train_pictures * share - there
    return min(spec.pictures or there, there), round(held)


def _seconds_per_picture(run: Record, spec: RunSpec) -> float | None:
    """Return the time of a training picture, with its share of measuring; None for another kind of run.

    A run that was cut short or went on in a second attempt tells nothing; nor does one whose pictures are gone.
    """
    if run.state is not State.FINISHED or run.attempt != 1 or run.plan is None:
        return None
    try:
        theirs = run.spec
    except ValueError:
        return None
    alike = ("architecture", "options", "input_shape", "precision")
    if run.started_at is None or run.ended_at is None or any(getattr(theirs, a) != getattr(spec, a) for a in alike):
        return None
    return (run.ended_at - run.started_at) / (run.plan.steps * run.plan.batch_size)

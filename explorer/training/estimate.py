"""What a run will take, judged by those that have ended. It does not import torch."""

from __future__ import annotations

import json
import math
import platform
import shutil
from collections.abc import Sequence
from typing import NamedTuple

from explorer import data
from explorer.training.events import Plan
from explorer.training.records import Record, State
from explorer.training.spec import RunSpec
from explorer.training.trials import Pace

ENOUGH_SECONDS = 1.0  # of steps, to judge by; a trial takes as long
_DEVICES = {"CPU": "cpu", "Apple": "mps"}  # how their descriptions begin; every other one is CUDA's
_USUAL_PRECISION = {"cuda": "bfloat16", "mps": "float32", "cpu": "float32"}
_ALIKE = ("architecture", "options", "input_shape", "num_classes", "augmentation", "optimizer", "precision")


class Extent(NamedTuple):
    """How far a run goes, about: an epoch's steps leave out a rest that fills no batch."""

    train_pictures: int
    validation_pictures: int
    steps_per_epoch: int


def measure_extent(spec: RunSpec) -> Extent:
    """Return how far a run goes; classes are taken to have as many pictures each."""
    dataset = data.get(spec.dataset)
    share = len(spec.label_names) / len(dataset.classes)
    given = round(dataset.train_pictures * share)
    held = min(round(given * spec.validation_share), given - len(spec.label_names))
    validation = held if spec.validation_share else round(dataset.test_pictures * share)
    train = min(spec.pictures or given, given - held)
    return Extent(train, validation, max(1, train // spec.batch_size))


def find_pace(spec: RunSpec, known: Sequence[Record]) -> Pace | None:
    """Return how fast the latest run was whose steps are like this one's, on the kind of device that runs train on.

    None where there is none that was long enough: then it has to be tried out.
    """
    device, batch_size = device_type(known), min(spec.batch_size, measure_extent(spec).train_pictures)
    for run, plan in _latest_plans(known):
        pace = _measured_pace(plan)
        if pace and plan.batch_size == batch_size and _type_of(plan) == device and _is_like(run, spec):
            return pace
    return None


def predict_seconds(spec: RunSpec, pace: Pace) -> float:
    """Return how long a run takes at a pace. Its budget is in steps or epochs."""
    extent = measure_extent(spec)
    steps = spec.steps if spec.steps is not None else (spec.epochs or 1) * extent.steps_per_epoch
    measurements = math.ceil(steps / (spec.validate_every or extent.steps_per_epoch))
    return steps * pace.step_seconds + measurements * extent.validation_pictures * pace.picture_seconds


def device_type(known: Sequence[Record]) -> str:
    """Return what runs train on, "cuda", "mps" or "cpu": what the latest did, or before any what this machine has."""
    plans = _latest_plans(known)
    if plans:
        return _type_of(plans[0][1])
    if shutil.which("nvidia-smi"):
        return "cuda"
    return "mps" if platform.system() == "Darwin" and platform.machine() == "arm64" else "cpu"


def likely_precision(spec: RunSpec, known: Sequence[Record]) -> str:
    """Return what a run computes in, "float32" or "bfloat16": for "auto" what the latest such run on the device did."""
    if spec.precision != "auto":
        return spec.precision
    device = device_type(known)
    for run, plan in _latest_plans(known):
        if _type_of(plan) == device and json.loads(run.spec_json)["precision"] == "auto":
            return plan.precision
    return _USUAL_PRECISION[device]


def _latest_plans(known: Sequence[Record]) -> list[tuple[Record, Plan]]:
    """Return the runs that have begun with their plans, the latest first."""
    return [(run, run.plan) for run in sorted(known, key=lambda run: -run.created_at) if run.plan]


def _type_of(plan: Plan) -> str:
    return next((kind for start, kind in _DEVICES.items() if plan.device.startswith(start)), "cuda")


def _is_like(run: Record, spec: RunSpec) -> bool:
    """Return whether a run has come to a good end and its steps are like these; not where its pictures are gone."""
    if run.state is not State.FINISHED or run.problem is not None:
        return False
    try:
        return all(getattr(run.spec, name) == getattr(spec, name) for name in _ALIKE)
    except ValueError:
        return False


def _measured_pace(plan: Plan) -> Pace | None:
    """Return how fast a run was; None for one so short that loading and warming up are most of it."""
    if plan.step_seconds is None or plan.validation_seconds is None:
        return None
    if plan.steps * plan.step_seconds < ENOUGH_SECONDS:
        return None
    return Pace(plan.step_seconds, plan.validation_seconds / plan.validation_pictures)

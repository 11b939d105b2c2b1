"""How far a run goes: what its budget buys on this device."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from explorer import units
from explorer.training.batches import Batches
from explorer.training.device import describe, synchronize
from explorer.training.events import CannotTrainError, Plan
from explorer.training.learner import Learner
from explorer.training.spec import RunSpec

CALIBRATION_SECONDS = 2.0
CALIBRATION_SHARE = 0.1  # of the budget, where that is less
ONE_MEASUREMENT_SHARE = 0.1  # of the budget; what takes longer is measured on fewer pictures
MEASURING_SHARE = 0.2  # of the budget, for all measurements
MOST_MEASUREMENTS = 40
TOLERANCE = 0.03  # of the budget; a plan that is to miss it by more is revised


def make_plan(spec: RunSpec, learner: Learner, batches: Batches, predicted_bytes: int, free_bytes: int) -> Plan:
    """Return the plan of a run. One whose budget is in seconds has no steps before `calibrate`."""
    return Plan(
        device=describe(learner.device),
        precision=learner.precision,
        steps=spec.steps or (spec.epochs or 0) * batches.steps_per_epoch,
        steps_per_epoch=batches.steps_per_epoch,
        batch_size=batches.batch_size,
        train_pictures=batches.train_pictures,
        validation_pictures=batches.validation_pictures,
        validate_every=spec.validate_every or batches.steps_per_epoch,
        predicted_bytes=predicted_bytes,
        free_bytes=free_bytes,
    )


def calibrate(
    plan: Plan, spec: RunSpec, learner: Learner, batches: Batches, seconds: float, stop: Callable[[], bool]
) -> Plan:
    """Return the plan for so many seconds from now, from how fast steps and measurements turn out to be.

    The trial leaves no trace in the learner, and is cut short by a `stop`. Too few seconds for one step raise
    CannotTrainError.
    """
    start = time.perf_counter()
    trial = min(CALIBRATION_SECONDS, CALIBRATION_SHARE * seconds)
    with learner.rehearsal():
        step_seconds, batch_seconds = time_step_and_batch(learner, batches, trial, stop)
    left = seconds - (time.perf_counter() - start)
    if left < step_seconds + batch_seconds:
        raise CannotTrainError(
            f"The time is too short: one step of training takes {units.duration(step_seconds)} on this device, and "
            f"{units.duration(max(0.0, left))} are left for it."
        )
    plan = replace(plan, step_seconds=step_seconds, validation_seconds=_batches(plan) * batch_seconds)
    if spec.validate_every is None:
        plan = _choose_measurements(plan, batch_seconds, left)
    return replace(plan, steps=max(1, steps_within(plan, left)))


def time_step_and_batch(
    learner: Learner, batches: Batches, seconds: float, stop: Callable[[], bool]
) -> tuple[float, float]:
    """Return how long a training step and the measuring of one batch take, from trying them for about so long."""
    pictures = batches.batch_size
    step_seconds = time_act(lambda: learner.train(1, *batches.train(1), rate=0.0), learner, seconds, stop)
    batch_seconds = time_act(lambda: learner.answer(batches.validation(pictures)), learner, seconds / 10, stop)
    return step_seconds, batch_seconds


def revise(plan: Plan, seconds: float, step: int, seconds_gone: float) -> Plan:
    """Return the plan with as many steps as fit in the budget at its pace; the same one if it is near enough."""
    steps = step + steps_within(plan, seconds - seconds_gone)
    misses_by = abs(steps - plan.steps) * (plan.step_seconds or 0)
    return replace(plan, steps=steps) if misses_by > TOLERANCE * seconds else plan


def steps_within(plan: Plan, seconds: float) -> int:
    """Return how many steps there is time for, with the measurements between them and in the end."""
    step_seconds, validation_seconds = plan.step_seconds or 0.0, plan.validation_seconds or 0.0
    each = step_seconds + validation_seconds / plan.validate_every
    return max(0, int((seconds - validation_seconds) / each))


def _choose_measurements(plan: Plan, batch_seconds: float, seconds: float) -> Plan:
    """Return the plan with as many pictures and measurements as take their share of the seconds."""
    affordable = max(1, int(ONE_MEASUREMENT_SHARE * seconds / batch_seconds)) * plan.batch_size
    plan = replace(plan, validation_pictures=min(plan.validation_pictures, affordable))
    cost = _batches(plan) * batch_seconds
    measurements = min(MOST_MEASUREMENTS, max(1, int(MEASURING_SHARE * seconds / cost)))
    steps = max(1.0, (seconds - measurements * cost) / (plan.step_seconds or 1))
    return replace(plan, validation_seconds=cost, validate_every=math.ceil(steps / measurements))


def _batches(plan: Plan) -> int:
    """Return the batches of one measurement."""
    return math.ceil(plan.validation_pictures / plan.batch_size)


def time_act(act: Callable[[], object], learner: Learner, seconds: float, stop: Callable[[], bool]) -> float:
    """Return the seconds that an act takes once it is warm, by repeating it for about so many seconds.

    A `stop` ends it after the next.
    """
    deadline = time.perf_counter() + seconds
    act()
    synchronize(learner.device)
    repeats = 1
    while True:
        start, done = time.perf_counter(), 0
        while done < repeats and not (done and stop()):
            act()
            done += 1
        synchronize(learner.device)
        taken = time.perf_counter() - start
        if stop() or start + 3 * taken > deadline:  # twice as many would take as long again, twice
            return taken / done
        repeats *= 2

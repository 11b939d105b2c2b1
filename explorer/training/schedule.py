"""The learning rate, as a pure function of the step."""

from __future__ import annotations

import math
from collections.abc import Sequence

from explorer.training.spec import RunSpec

# One cycle (Smith 2018), as torch's OneCycleLR: up from a 25th in the first 30 % of the steps, down to a 250,000th.
ONE_CYCLE_RISE = 0.3
ONE_CYCLE_START = 1 / 25
ONE_CYCLE_END = ONE_CYCLE_START / 1e4


def learning_rate(spec: RunSpec, step: int, steps: int, val_losses: Sequence[float] = ()) -> float:
    """Return the learning rate of a step from 1 to `steps`; `val_losses` are all that were measured before it.

    Only "plateau" looks at the losses.
    """
    warm_up_steps = round(spec.warmup * steps)
    if step <= warm_up_steps:
        return spec.learning_rate * step / warm_up_steps
    left = max(1, steps - 1 - warm_up_steps)
    done = (step - 1 - warm_up_steps) / left  # from 0 to 1
    if spec.schedule == "one_cycle":
        return spec.learning_rate * _one_cycle(done, (ONE_CYCLE_RISE * (left + 1) - 1) / left)
    return spec.learning_rate * _factor(spec, done, val_losses)


def _factor(spec: RunSpec, done: float, val_losses: Sequence[float]) -> float:
    """Return what the highest learning rate is multiplied by, when this share of the steps after warm-up is done."""
    if spec.schedule == "step":
        return spec.drop_factor ** sum(done >= drop for drop in spec.drops)
    if spec.schedule == "plateau":
        return spec.drop_factor ** count_plateaus(val_losses, spec.patience)
    if spec.schedule == "cosine":
        return _cosine(1, 0, done)
    return 1.0


def _one_cycle(done: float, highest: float) -> float:
    """Return the same for one cycle, which is at its highest when the share `highest` is done."""
    if done < highest:
        return _cosine(ONE_CYCLE_START, 1, done / highest)
    return _cosine(1, ONE_CYCLE_END, (done - highest) / (1 - highest))


def count_plateaus(losses: Sequence[float], patience: int) -> int:
    """Return how many times `patience` losses in a row were no lower than the lowest before them."""
    plateaus, waited, lowest = 0, 0, math.inf
    for loss in losses:
        waited = 0 if loss < lowest else waited + 1
        lowest = min(lowest, loss)
        if waited == patience:
            plateaus, waited = plateaus + 1, 0
    return plateaus


def _cosine(start: float, end: float, done: float) -> float:
    """Return the way from start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * done)) / 2

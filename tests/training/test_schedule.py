"""Learning rates, against torch's own schedulers."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from small_runs import small
from torch.optim import lr_scheduler as torch_schedules

from explorer.training.schedule import learning_rate

STEPS = 101
RATE = 0.5
LOSSES = [3.0, 2.0, 2.0, 2.5, 1.0, 1.5, 1.2, 1.1, 1.0, 0.9, float("nan"), 2.0]


def rates(steps: int = STEPS, **fields: object) -> list[float]:
    spec = small(steps=steps, learning_rate=RATE, **fields)
    return [learning_rate(spec, step, steps) for step in range(1, steps + 1)]


def rates_of_torch(steps: int = STEPS, **kind: object) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=RATE)
    make = kind.pop("make")
    schedule = make(optimizer, **kind)  # type: ignore[operator]
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def test_constant_stays() -> None:
    assert rates(schedule="constant") == [RATE] * STEPS


def test_step_drops_as_in_torch() -> None:
    ours = rates(schedule="step", drops=(0.5, 0.75), drop_factor=0.1)
    assert ours == pytest.approx(rates_of_torch(make=torch_schedules.MultiStepLR, milestones=[50, 75]))


def test_cosine_falls_as_in_torch() -> None:
    theirs = rates_of_torch(make=torch_schedules.CosineAnnealingLR, T_max=STEPS - 1)
    assert rates(schedule="cosine") == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("steps", [5, 40, STEPS])
def test_one_cycle_rises_and_falls_as_in_torch(steps: int) -> None:
    theirs = rates_of_torch(steps, make=torch_schedules.OneCycleLR, max_lr=RATE, total_steps=steps)
    assert rates(steps, schedule="one_cycle") == pytest.approx(theirs)


def test_plateau_drops_as_in_torch() -> None:
    spec = small(steps=STEPS, learning_rate=RATE, schedule="plateau", patience=2)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=RATE)
    schedule = torch_schedules.ReduceLROnPlateau(optimizer, factor=0.1, patience=1, threshold=0)
    for count, loss in enumerate(LOSSES, 1):
        schedule.step(loss)
        assert learning_rate(spec, 50, STEPS, LOSSES[:count]) == pytest.approx(optimizer.param_groups[0]["lr"])


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine", "one_cycle"])
def test_warm_up_rises_in_a_straight_line_and_then_the_schedule_begins(schedule: str) -> None:
    warm = rates(121, schedule=schedule, warmup=20 / 121)
    assert warm[:20] == pytest.approx([RATE * step / 20 for step in range(1, 21)])
    assert warm[20:] == pytest.approx(rates(101, schedule=schedule))


@pytest.mark.parametrize("schedule", ["constant", "step", "plateau", "cosine", "one_cycle"])
def test_a_run_of_one_step_has_a_rate(schedule: str) -> None:
    assert rates(1, schedule=schedule)[0] > 0


def test_nothing_jumps_in_one_cycle() -> None:
    assert max(abs(after - before) for before, after in pairwise(rates(schedule="one_cycle"))) < RATE / 15

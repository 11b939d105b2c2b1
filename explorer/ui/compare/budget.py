"""What a network may cost: ranges with stops that suit the figure, kept in the page's address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from explorer.charts.accuracy import accuracy
from explorer.comparison.candidates import Rated


@dataclass(frozen=True)
class Budget:
    """One range: its name in the address, its label with the unit, its stops, and the figure that it bounds."""

    key: str
    label: str
    stops: tuple[float, ...]
    figure: Callable[[Rated], float]
    help: str

    def check(self, value: str) -> None:
        """Raise ValueError where the address asks for anything but two of the stops."""
        asked = st.query_params.get_all(self.key)
        allowed = list(map(_written, self.stops))
        if len(asked) != 2 or not set(asked) <= set(allowed) or allowed.index(asked[0]) > allowed.index(asked[1]):
            raise ValueError(f"{self.label} has two ends, the lower first, out of {', '.join(allowed)}.")


def _written(stop: float) -> str:
    return f"{stop:g}"


BUDGETS = (
    Budget(
        "budget_params",
        "Parameters (M)",
        (0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 1000),
        lambda one: one.candidate.params / 1e6,
        "Millions of parameters.",
    ),
    Budget(
        "budget_macs",
        "MACs (G)",
        (0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 200),
        lambda one: one.candidate.macs / 1e9,
        "Billions of multiply-accumulates for one picture.",
    ),
    Budget(
        "budget_memory",
        "Activation memory (MiB)",
        (0, 10, 20, 50, 100, 200, 500, 1000, 5000),
        lambda one: one.candidate.activation_bytes / 2**20,
        "What all layers write while one picture passes, in float32.",
    ),
    Budget(
        "budget_top1",
        "Top-1 accuracy (%)",
        tuple(range(55, 91)),
        accuracy,
        "The share of ImageNet's validation pictures whose class is the first guess: with torchvision's weights, else "
        "as published.",
    ),
)


def pick(budget: Budget) -> tuple[float, float]:
    """Draw the range and return its ends."""
    ends: tuple[float, float] = st.select_slider(
        budget.label,
        budget.stops,
        value=(budget.stops[0], budget.stops[-1]),
        format_func=_written,
        key=budget.key,
        bind="query-params",
        help=budget.help,
    )
    return ends


def fits(one: Rated, ends: dict[Budget, tuple[float, float]]) -> bool:
    """Return whether every figure lies in its range, ends included."""
    return all(low <= budget.figure(one) <= high for budget, (low, high) in ends.items())

"""The record of a claim: what is said, by whom, whether it is true, and the figures that it stands or falls with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Value = int | float | tuple[int, ...]
Verdict = Literal["true", "roughly", "depends", "false"]
Kind = Literal["computed", "looked up"]
VERDICTS: tuple[Verdict, ...] = ("true", "roughly", "depends", "false")
KINDS: tuple[Kind, ...] = ("computed", "looked up")


@dataclass(frozen=True)
class Source:
    """Who says it. `kind` is "paper", "course" or "study notes"."""

    name: str
    title: str
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """One number that a claim stands or falls with, worked out anew by its expression.

    `expected` is what the verdict rests on, met within `tolerance`, in the same unit; 0 stands for exactly.
    `claimed` is the number as the source gives it, if it gives one, in `claimed_unit` where the source has a unit of
    its own for the same thing. A tuple is a shape: channels, height, width.
    """

    what: str
    unit: str
    expression: Callable[[], Value]
    expected: Value
    claimed: Value | None = None
    tolerance: float = 0
    claimed_unit: str = ""

    def matches(self, value: Value) -> bool:
        """Say whether a value that the expression gave is the expected one."""
        if isinstance(value, tuple) or isinstance(self.expected, tuple):
            return value == self.expected
        return abs(value - self.expected) <= self.tolerance


@dataclass(frozen=True)
class Claim:
    """One claim. Its first figure is the one that decides; a claim without figures was looked up in `reference`."""

    name: str  # in addresses
    text: str
    source: Source
    verdict: Verdict
    reason: str
    link: str  # the view that shows it
    networks: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    where: str = ""  # the place in the source
    quote: str = ""  # the source's own words, where they are short
    reference: str = ""

    @property
    def kind(self) -> Kind:
        return "computed" if self.figures else "looked up"

    def computed(self) -> Value | None:
        """Return what the claim's deciding expression gives today; None for one that was looked up."""
        return self.figures[0].expression() if self.figures else None

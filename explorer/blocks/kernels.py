"""A large kernel, and the small ones that see as much: 3x3 in a row, or a pair of 1xn and nx1."""

from __future__ import annotations

from explorer.architecture import Option
from explorer.blocks.choices import square
from explorer.units import TIMES

FORMS = {"stack": "3×3 in a row", "pair": "1×n, n×1", "one": "One n×n"}
KERNEL = Option("kernel", 5, "Height and width n of the large kernel; an odd number.", least=3, most=11, step=2)
_COUNTS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def kernels(form: str, side: int) -> tuple[tuple[int, int], ...]:
    """Return the kernels of one of FORMS that stand for a large one of this side."""
    if form == "stack":
        return ((3, 3),) * (side // 2)
    return ((1, side), (side, 1)) if form == "pair" else ((side, side),)


def others(form: str, side: int) -> tuple[str, ...]:
    """Return the other forms, without those that come to the same kernels."""
    found = {kernels(form, side): form}
    for other in FORMS:
        found.setdefault(kernels(other, side), other)
    return tuple(found.values())[1:]


def written(form: str, side: int) -> str:
    """Return the kernels in words: "two 3x3", "1x5 and 5x1", "one 5x5"."""
    if form == "stack":
        return f"{_COUNTS[side // 2]} {square(3)}"
    return f"1{TIMES}{side} and {side}{TIMES}1" if form == "pair" else f"one {square(side)}"


def misfit(side: int) -> str:
    """Return why a kernel of this side cannot be used, "" where it can."""
    if side % 2:
        return ""
    return f"A {square(side)} kernel has no middle, so its output cannot keep the size of the map: use an odd number."

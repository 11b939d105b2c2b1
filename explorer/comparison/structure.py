"""Two networks stage by stage, aligned by the size of their feature maps, with what differs marked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby

from explorer.analysis.grouping import IN_TRAINING_ONLY, VECTOR, Group, levels
from explorer.analysis.rows import Analysis, LayerRow, Shape
from explorer.analysis.wording import layer_title
from explorer.units import TIMES

_FARTHEST = 0.5  # octaves between two sizes that still are the same stage, as 55 and 56, or 32 and 28
_GAP = 0.5  # what leaving a stage alone costs, in octaves


@dataclass(frozen=True)
class Unit:
    """A layer or block of a stage: its title, what is in it, and how often it stands there in a row.

    `is_shared` says that the other network has the same one at the same place.
    """

    title: str
    content: str
    is_shared: bool
    count: int = 1


@dataclass(frozen=True)
class Stage:
    """All that one network does on feature maps of one size."""

    size: str  # "56x56", "197 tokens", "vector"
    channels: int  # that it gives on
    units: tuple[Unit, ...]
    params: int
    macs: int


@dataclass(frozen=True)
class Pair:
    """Two stages side by side; None where a network has none of about this size."""

    one: Stage | None
    other: Stage | None

    @property
    def is_same(self) -> bool:
        return self.one == self.other


def align(one: Analysis, other: Analysis) -> tuple[Pair, ...]:
    """Return the stages of two networks, from first to last, those with maps of about the same size side by side."""
    first, second = _stages(one), _stages(other)
    places = _aligned([stage.title for stage, _ in first], [stage.title for stage, _ in second])
    return tuple(_pair(None if i is None else first[i], None if j is None else second[j]) for i, j in places)


@dataclass(frozen=True)
class _Piece:
    """A layer or block before it is compared; pieces with the same key do the same."""

    title: str
    content: str
    inside: tuple[str, ...]


_Stage = tuple[Group, tuple[_Piece, ...]]
_Step = tuple[int | None, int | None]  # places of two stages, side by side


def _stages(analysis: Analysis) -> list[_Stage]:
    found: list[tuple[Group, list[Group]]] = []
    for level, group in levels(analysis, "blocks"):
        if level == 0:
            found.append((group, []))
        else:
            found[-1][1].append(group)
    return [(stage, tuple(_piece(analysis, group, stage.title) for group in groups)) for stage, groups in found]


def _piece(analysis: Analysis, group: Group, size: str) -> _Piece:
    rows = [analysis.by_path[path] for path in group.rows]
    if not group.output_shape:  # it runs in training only, and only its weights are known
        return _Piece(group.title.partition(",")[0].capitalize(), "", ())
    if len(rows) - len(group.followers) <= 1:
        return _Piece(group.title, ", ".join(group.followers), group.followers)
    inside = [row for row in rows if row.group != "other"]
    heads = Counter(_head(row) for row in inside)
    content = ", ".join(f"{head} {TIMES} {count}" if count > 1 else head for head, count in heads.items())
    return _Piece(f"{group.title}, {_channels(group.output_shape, size)}", content, tuple(map(layer_title, inside)))


def _head(row: LayerRow) -> str:
    """The title without channels and stride: "3x3 conv"."""
    title = layer_title(row).partition(",")[0].partition(" /")[0]
    return {"+": "sum", TIMES: "product"}.get(title, title)


def _pair(one: _Stage | None, other: _Stage | None) -> Pair:
    pieces, others = one[1] if one else (), other[1] if other else ()
    blocks = SequenceMatcher(a=pieces, b=others, autojunk=False).get_matching_blocks()
    shared = {block.a + step for block in blocks for step in range(block.size)}
    shared_there = {block.b + step for block in blocks for step in range(block.size)}
    return Pair(one and _stage(one, shared), other and _stage(other, shared_there))


def _stage(stage: _Stage, shared: Collection[int]) -> Stage:
    group, pieces = stage
    marked = [(piece.title, piece.content, place in shared) for place, piece in enumerate(pieces)]
    units = tuple(Unit(*unit, count=len(list(run))) for unit, run in groupby(marked))
    return Stage(group.title, _channels(group.output_shape, group.title), units, group.params, group.macs)


def _channels(shape: Shape, size: str) -> int:
    """Return the channels of an output: the last axis of vectors, of tokens, and where those before it are the size."""
    is_last = len(shape) < 4 or TIMES.join(map(str, shape[1:3])) == size
    return shape[-1 if is_last else 1] if shape else 0


def _aligned(sizes: Sequence[str], others: Sequence[str]) -> tuple[_Step, ...]:
    """Return places in both lists side by side, in order, so that sizes differ least; None stands for a gap."""

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[_Step, ...]]:
        if i == len(sizes) and j == len(others):
            return 0.0, ()
        steps: list[tuple[float, _Step, tuple[float, tuple[_Step, ...]]]] = []
        if i < len(sizes) and j < len(others):
            steps.append((_octaves(sizes[i], others[j]), (i, j), best(i + 1, j + 1)))
        if i < len(sizes):
            steps.append((_GAP, (i, None), best(i + 1, j)))
        if j < len(others):
            steps.append((_GAP, (None, j), best(i, j + 1)))
        paths = [(cost + rest, (step, *path)) for cost, step, (rest, path) in steps]
        return min(paths, key=lambda path: path[0])

    return best(0, 0)[1]


def _octaves(size: str, other: str) -> float:
    """Return how far apart two sizes are, in powers of two; infinite for what is not to stand side by side."""
    if size == other:
        return 0.0
    if {size, other} & {VECTOR, IN_TRAINING_ONLY}:
        return math.inf
    apart = abs(math.log2(_side(size) / _side(other)))
    return apart if apart <= _FARTHEST else math.inf


def _side(size: str) -> float:
    """Return the side of a map; tokens count as the square map that they were cut from."""
    numbers = [int(number) for number in re.findall(r"\d+", size)]
    return math.sqrt(math.prod(numbers))

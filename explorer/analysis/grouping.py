"""The rows of an analysis in larger units: stages, blocks, layers.

Blocks are found by data flow, not by the names of families. From the network down, a module whose parts form a plain
chain is opened up; one with branches or skips among its parts is one block, and so is every other module of its class.
What only follows a layer (a norm, an activation, dropout, a reshape) is shown with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from explorer.analysis.dataflow import CONTAINERS, Tree
from explorer.analysis.folding import Draft, Group, drafts, fold, grouped, heaviest, merge_repeats, take_constants
from explorer.analysis.rows import Analysis, LayerRow, Shape
from explorer.analysis.wording import layer_title
from explorer.units import TIMES

Level = Literal["stages", "blocks", "layers"]
LEVELS: tuple[Level, ...] = ("stages", "blocks", "layers")

FOLD_ABOVE = 26  # with more groups than this, identical ones in a row become one
VECTOR = "vector"
IN_TRAINING_ONLY = "In training only"

__all__ = [
    "FOLD_ABOVE",
    "IN_TRAINING_ONLY",
    "VECTOR",
    "Group",
    "blocks",
    "layers",
    "levels",
    "map_sizes",
    "stages",
    "whole",
]


def blocks(analysis: Analysis, path: str = "", fold_above: int | None = FOLD_ABOVE) -> tuple[Group, ...]:
    """Return the layers and blocks of the network, or of one block in it, in the order in which they run.

    With more of them than `fold_above`, identical ones in a row become one; None keeps them all. A path that is no
    block raises KeyError.
    """
    tree = Tree(analysis)
    if path not in tree.blocks:
        raise KeyError(f"{analysis.title} has no block {path!r}.")
    found = fold(tree, drafts(tree, path))
    if not path:
        take_constants(tree, found)
    groups = grouped(tree, found)
    return groups if fold_above is None or len(groups) <= fold_above else merge_repeats(tree, groups)


def whole(analysis: Analysis, path: str) -> Group:
    """Return one block as a group, whatever holds it; a path that is no block raises KeyError."""
    block = next((block for block in analysis.blocks if block.path == path), None)
    if block is None:
        raise KeyError(f"{analysis.title} has no block {path!r}.")
    (group,) = grouped(Tree(analysis), [Draft(block, [analysis.by_path[row] for row in block.rows])])
    return replace(group, title=path.rpartition(".")[2]) if block.kind in CONTAINERS else group


def layers(analysis: Analysis) -> tuple[Group, ...]:
    """Return every row that runs as a group of its own; weights of no layer go with what reads them."""
    tree = Tree(analysis)
    found = [Draft(row, [row]) for row in tree.rows.values() if row.path in tree.live]
    take_constants(tree, found)
    return grouped(tree, found)


def stages(analysis: Analysis) -> tuple[Group, ...]:
    """Return runs of blocks by the size of their feature maps, "56x56", then what works on vectors.

    A block belongs where its output does. What runs in training only comes last.
    """
    return tuple(stage for stage, _ in _stages(analysis))


def levels(analysis: Analysis, deepest: Level = "layers") -> tuple[tuple[int, Group], ...]:
    """Return stages, the blocks in them and the layers in those from top to bottom, down to the deepest level.

    Each comes with its level: 0 for a stage, 1 for a block, 2 for a layer. What is one layer alone is not listed twice.
    """
    depth = LEVELS.index(deepest)
    return tuple(entry for stage, inside in _stages(analysis) for entry in _entries(analysis, stage, inside, depth))


def map_sizes(analysis: Analysis) -> dict[str, str]:
    """Return the size of each row's feature map in words: "56x56", "197 tokens", or "vector"."""
    last: dict[str, bool] = {}  # whether channels are the last axis of a row's output
    for row in analysis.rows:
        last[row.path] = _has_channels_last(row, any(last.get(source, False) for source in row.inputs))
    return {row.path: _size(row.output_shape, last[row.path]) for row in analysis.rows}


def _entries(analysis: Analysis, stage: Group, inside: Sequence[Group], depth: int) -> Iterator[tuple[int, Group]]:
    yield 0, stage
    for block in inside if depth > 0 else ():
        yield 1, block
        if depth > 1 and len(block.rows) > 1:
            yield from ((2, _of_row(analysis.by_path[path])) for path in block.rows)


def _stages(analysis: Analysis) -> Iterator[tuple[Group, tuple[Group, ...]]]:
    sizes = map_sizes(analysis)
    running = [row.path for row in analysis.rows if not row.runs_in_training_only and row.inputs]

    def size_of(group: Group) -> str:
        own = set(group.rows)
        return sizes[[path for path in running if path in own][-1]]

    for size, members in groupby(blocks(analysis, fold_above=None), size_of):
        inside = tuple(members)
        yield _stage(analysis, size, inside), inside
    idle = tuple(_of_row(row) for row in analysis.rows if row.runs_in_training_only)
    if idle:
        yield _stage(analysis, IN_TRAINING_ONLY, idle), idle


def _stage(analysis: Analysis, title: str, inside: Sequence[Group]) -> Group:
    rows = tuple(path for group in inside for path in group.rows)
    return Group(
        path=inside[0].path,
        title=title,
        kind="stage",
        group=heaviest(analysis.by_path[path] for path in rows),
        rows=rows,
        params=sum(group.params for group in inside),
        macs=sum(group.macs for group in inside),
        activation_bytes=sum(group.activation_bytes for group in inside),
        input_shape=inside[0].input_shape,
        output_shape=inside[-1].output_shape,
        members=tuple(group.path for group in inside),
        can_be_opened=True,
    )


def _of_row(row: LayerRow) -> Group:
    return Group(
        path=row.path,
        title=layer_title(row),
        kind=row.kind,
        group=row.group,
        rows=(row.path,),
        params=row.params,
        macs=row.macs,
        activation_bytes=row.activation_bytes,
        input_shape=row.input_shape,
        output_shape=row.output_shape,
        members=(row.path,),
    )


def _has_channels_last(row: LayerRow, inherited: bool) -> bool:
    """Whether channels are the last axis of a row's output: seen from square maps, else from what ran before."""
    if len(row.output_shape) == 4 and row.output_shape[1] != row.output_shape[3]:
        _, second, third, fourth = row.output_shape
        if third in (second, fourth):
            return third == second
    if row.group in ("conv", "pool") or row.kind == "BatchNorm2d":
        return False
    if row.kind in ("Linear", "LayerNorm"):
        return True
    return not inherited if row.kind.lower() == "permute" else inherited


def _size(shape: Shape, channels_last: bool) -> str:
    if len(shape) == 3:
        return f"{shape[1]} tokens"
    if len(shape) != 4:
        return VECTOR
    height, width = shape[1:3] if channels_last else shape[2:]
    return VECTOR if height == width == 1 else f"{height}{TIMES}{width}"

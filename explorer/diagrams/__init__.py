"""Diagrams of networks and blocks, drawn from their data flow: an analysis in, a graph of graphviz out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Literal

import graphviz

from explorer.analysis.grouping import Group, blocks, layers, map_sizes
from explorer.analysis.rows import Analysis
from explorer.diagrams.draw import COLOURS, Colour, draw
from explorer.diagrams.flow import IN, OUT, Flow, flow
from explorer.diagrams.layout import layout, standalone
from explorer.diagrams.style import legend
from explorer.units import shape, short, short_macs

Detail = Literal["blocks", "layers"]

__all__ = ["COLOURS", "Colour", "Detail", "alt_text", "block_diagram", "layout", "legend", "network_diagram", "standalone"]

_COLUMN = 7  # nodes in a column, at least, before the next feature-map size starts a new one


def network_diagram(
    analysis: Analysis, level: Detail = "blocks", colour: Colour = "kind", in_columns: bool = False
) -> graphviz.Digraph:
    """Return the graph of a whole network: by block, at most about 40 nodes, or every layer and operation.

    `in_columns` wraps a plain chain into columns side by side, for wide screens; nodes with maps of one size stay
    together. Other networks come out as without it.
    """
    drawn = flow(analysis, _groups(analysis, level))
    return draw(drawn, analysis, colour, _columns(analysis, drawn) if in_columns and drawn.is_chain else ())


def block_diagram(analysis: Analysis, path: str, colour: Colour = "kind") -> graphviz.Digraph:
    """Return the graph of one block, branch by branch. A path that is no block raises KeyError."""
    return draw(flow(analysis, blocks(analysis, path)), analysis, colour)


def alt_text(analysis: Analysis, level: Detail = "blocks", path: str = "") -> str:
    """Return one or two sentences that say what the diagram of the network, or of the block at a path, shows."""
    drawn = flow(analysis, blocks(analysis, path) if path else _groups(analysis, level))
    detail = {"blocks": "by block", "layers": "layer by layer"}[level]
    what = f"The block {path} of {analysis.title}" if path else f"{analysis.title}, {detail}"
    skips = sum(edge.is_skip for edge in drawn.edges)
    ends = f"from {shape(drawn.input_shape[1:])} to {shape(drawn.output_shape[1:])}"
    form = "in one chain" if drawn.is_chain else f"with {_count(skips, 'skip')}" if skips else "with branches"
    kinds = Counter(_word(group) for group in drawn.groups for _ in range(group.repeat))
    listed = ", ".join(_count(number, word) for word, number in kinds.most_common(5))
    params, macs = (sum(getattr(group, name) for group in drawn.groups) for name in ("params", "macs"))
    return (
        f"{what}: {_count(len(drawn.groups), 'node')} {form}, {ends}, among them {listed}. "
        f"It has {short(params)} parameters and does {short_macs(macs)}."
    )


def _groups(analysis: Analysis, level: Detail) -> tuple[Group, ...]:
    return blocks(analysis) if level == "blocks" else layers(analysis)


def _word(group: Group) -> str:
    if group.can_be_opened:
        return f"{group.title} block".replace("block block", "block")
    return {"conv": "convolution", "linear": "linear layer", "norm": "norm", "pool": "pooling"}.get(
        group.group, group.title
    )


def _count(number: int, word: str) -> str:
    plural = number == 1 or not word[-1].isalpha() or word.endswith("s")
    return f"{number} {word}" if plural else f"{number} {word}s"


def _columns(analysis: Analysis, drawn: Flow) -> list[list[str]]:
    """The paths of a chain in columns. Short runs of one feature-map size share a column, long ones are split."""
    sizes = map_sizes(analysis)
    columns: list[list[str]] = [[]]
    for _, run in groupby(drawn.groups, lambda group: sizes[group.rows[-1]]):
        paths = [group.path for group in run]
        pieces = _pieces(paths)
        for piece in pieces:
            if columns[-1] and len(columns[-1]) + len(piece) > _COLUMN:
                columns.append([])
            columns[-1].extend(piece)
    columns[0].insert(0, IN)
    columns[-1].append(OUT)
    return columns


def _pieces(paths: Sequence[str]) -> list[Sequence[str]]:
    """Cut a long run into pieces of about equal length."""
    count = -(-len(paths) // _COLUMN)
    length = -(-len(paths) // count)
    return [paths[i : i + length] for i in range(0, len(paths), length)]

"""Diagrams of networks and blocks, drawn from their data flow: an analysis in, a graph of graphviz out."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import graphviz

from explorer.analysis.grouping import Group, blocks, layers, map_sizes
from explorer.analysis.rows import Analysis
from explorer.diagrams.columns import columns
from explorer.diagrams.draw import COLOURS, Colour, draw
from explorer.diagrams.flow import Flow, flow
from explorer.diagrams.layout import LayoutError, layout, standalone
from explorer.diagrams.style import legend
from explorer.units import TIMES, shape, short, short_macs

Detail = Literal["blocks", "layers"]

_WORDS = {"conv": "convolution", "linear": "linear layer", "norm": "norm", "pool": "pooling"}
_JOINS = {"+": "addition", "concat": "concatenation", TIMES: "multiplication"}

__all__ = [
    "COLOURS",
    "Colour",
    "Detail",
    "LayoutError",
    "alt_text",
    "block_diagram",
    "layout",
    "legend",
    "network_diagram",
    "standalone",
]


def network_diagram(
    analysis: Analysis, level: Detail = "blocks", colour: Colour = "kind", in_columns: bool = False
) -> graphviz.Digraph:
    """Return the graph of a whole network: by block, at most about 40 nodes, or every layer and operation.

    `in_columns` wraps a plain chain into columns side by side, for wide screens; others come out as without it.
    """
    drawn = flow(analysis, _groups(analysis, level))
    boxes = [] if level == "blocks" else [block for block in blocks(analysis, fold_above=None) if block.can_be_opened]
    return draw(drawn, analysis, colour, _in_columns(analysis, drawn, colour) if in_columns else (), boxes)


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


def _in_columns(analysis: Analysis, drawn: Flow, colour: Colour) -> tuple[tuple[str, ...], ...]:
    """Columns as high as a laptop's screen has room for; heat takes a line more in each node."""
    return columns(drawn, map_sizes(analysis), high=6 if colour == "kind" else 5)


def _groups(analysis: Analysis, level: Detail) -> tuple[Group, ...]:
    return blocks(analysis) if level == "blocks" else layers(analysis)


def _word(group: Group) -> str:
    if group.can_be_opened:
        has_noun = group.title.endswith(("block", "module", "unit", "layer"))
        return group.title if has_noun else f"{group.title} block"
    return _WORDS.get(group.group) or _JOINS.get(group.title, group.title)


def _count(number: int, word: str) -> str:
    plural = number == 1 or not word[-1].isalpha() or word.endswith("s")
    return f"{number} {word}" if plural else f"{number} {word}s"

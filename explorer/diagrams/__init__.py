"""Diagrams of networks and blocks, drawn from their data flow: an analysis in, a graph of graphviz out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from explorer.analysis.grouping import Group, blocks, layers, map_sizes
from explorer.analysis.rows import Analysis
from explorer.diagrams.columns import columns
from explorer.diagrams.draw import COLOURS, Colour, draw
from explorer.diagrams.drawing import Drawing
from explorer.diagrams.engine import LayoutError
from explorer.diagrams.flow import Flow, flow
from explorer.diagrams.layout import layout, standalone
from explorer.diagrams.style import legend
from explorer.units import TIMES, shape, short, short_macs

Detail = Literal["blocks", "layers"]

_WORDS = {"conv": "convolution", "linear": "linear layer", "norm": "norm", "pool": "pooling"}
_JOINS = {"+": "addition", "concat": "concatenation", TIMES: "multiplication"}

__all__ = [
    "COLOURS",
    "Colour",
    "Detail",
    "Diagram",
    "LayoutError",
    "block_diagram",
    "layout",
    "legend",
    "network_diagram",
    "standalone",
]


@dataclass(frozen=True)
class Diagram:
    """One diagram: drawn from top to bottom, for a long chain also in columns for wide screens, and in words."""

    tall: Drawing
    wide: Drawing | None
    alt: str

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        return (self.tall,) if self.wide is None else (self.tall, self.wide)


def network_diagram(analysis: Analysis, level: Detail = "blocks", colour: Colour = "kind") -> Diagram:
    """Return the diagram of a whole network: by block, at most about 40 nodes, or every layer and operation."""
    drawn = flow(analysis, blocks(analysis) if level == "blocks" else layers(analysis))
    boxes = [] if level == "blocks" else [block for block in blocks(analysis, fold_above=None) if block.can_be_opened]
    columns = _in_columns(analysis, drawn, colour)
    detail = {"blocks": "by block", "layers": "layer by layer"}[level]
    return Diagram(
        draw(drawn, analysis, colour, boxes=boxes),
        draw(drawn, analysis, colour, columns, boxes) if columns else None,
        _alt_text(drawn, f"{analysis.title}, {detail}"),
    )


def block_diagram(analysis: Analysis, path: str, colour: Colour = "kind") -> Diagram:
    """Return the diagram of one block, branch by branch. A path that is no block raises KeyError."""
    drawn = flow(analysis, blocks(analysis, path))
    return Diagram(draw(drawn, analysis, colour), None, _alt_text(drawn, f"The block {path} of {analysis.title}"))


def _alt_text(drawn: Flow, what: str) -> str:
    """Return one or two sentences that say what a diagram shows."""
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


def _word(group: Group) -> str:
    if group.can_be_opened:
        has_noun = group.title.endswith(("block", "module", "unit", "layer"))
        return group.title if has_noun else f"{group.title} block"
    return _WORDS.get(group.group) or _JOINS.get(group.title, group.title)


def _count(number: int, word: str) -> str:
    plural = number == 1 or not word[-1].isalpha() or word.endswith("s")
    return f"{number} {word}" if plural else f"{number} {word}s"

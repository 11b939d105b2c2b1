"""A diagram before it is laid out: nodes, links and boxes, and how they come apart into pieces that repeat.

A deep network is the same few blocks many times over. Cut between them, each kind of block is laid out once.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import graphviz

from explorer.diagrams.style import LINE, TEXT

TITLE_SIZE, SMALL_SIZE = 14, 12  # pixels at scale 1
FONT = "Helvetica,Arial,sans-serif"
_MANY_LINKS = 100  # from here on dot is told to stop improving early, and weights would slow it down badly

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Link:
    """An edge between two nodes, by their places."""

    source: int
    target: int
    label: str
    is_skip: bool
    is_jump: bool = False  # from one column to another


@dataclass(frozen=True)
class Box:
    """A frame around the nodes of a block, with words in its upper edge."""

    words: str
    inside: tuple[int, ...]  # places of nodes, in order

    @property
    def first(self) -> int:
        return self.inside[0]

    @property
    def last(self) -> int:
        return self.inside[-1]

    def moved_up(self, places: int) -> Box:
        return Box(self.words, tuple(place - places for place in self.inside))


@dataclass(frozen=True)
class Outline:
    """All that decides where things stand and how they look, without their names: what is alike is equal."""

    nodes: tuple[Attributes, ...]  # those of graphviz, from top to bottom
    links: tuple[Link, ...]
    boxes: tuple[Box, ...] = ()
    columns: tuple[tuple[int, ...], ...] = ()
    continues_box: bool = False  # the first node is the last one in a box of the piece above

    @property
    def without_numbers(self) -> Outline:
        """The same with each digit in the words of a box as 0: digits are of one width, so all stays in its place."""
        return replace(self, boxes=tuple(replace(box, words=re.sub(r"\d", "0", box.words)) for box in self.boxes))

    def dot(self, names: Sequence[tuple[str, str]] = (), title: str = "") -> str:
        """Return the graph in DOT, from top to bottom; `names` are identifiers and tooltips of the nodes."""
        graph = graphviz.Digraph(title, graph_attr=_graph_attributes(self), node_attr=_NODE, edge_attr=_EDGE)
        named = [{"id": name, "tooltip": _escaped(tooltip)} for name, tooltip in names] or [{} for _ in self.nodes]
        for place, (node, more) in enumerate(zip(self.nodes, named, strict=True)):
            graph.node(f"n{place}", _attributes=dict(node) | more)
        for place, box in enumerate(self.boxes):
            _draw_box(graph, place, box)
        if self.continues_box:
            with graph.subgraph(name="cluster above") as above:
                above.attr(margin=str(_BOX_MARGIN), peripheries="0")
                above.node("n0")
        if self.columns:
            self._place_columns(graph)
        for link in self.links:
            graph.edge(f"n{link.source}", f"n{link.target}", label=link.label, _attributes=self._look(link))
        return str(graph.source)

    def _look(self, link: Link) -> dict[str, str]:
        looks = {"class": "skip", "penwidth": "2"} if link.is_skip else {}
        if len(self.links) <= _MANY_LINKS:
            looks["weight"] = "0" if link.is_skip else "4"  # skips bend round a straight main path
        return looks | {"constraint": "false", "tailport": "e", "headport": "w"} if link.is_jump else looks

    def _place_columns(self, graph: graphviz.Digraph) -> None:
        """Stand columns of nodes side by side, their first nodes level."""
        for i, column in enumerate(self.columns):
            for place in column:
                graph.node(f"n{place}", group=f"column{i}")
        with graph.subgraph() as top:
            top.attr(rank="same")
            for left, right in itertools.pairwise(self.columns):
                top.edge(f"n{left[0]}", f"n{right[0]}", style="invis")


_NODE = {
    "fontname": FONT,
    "fontsize": str(TITLE_SIZE),
    "style": "filled,rounded",
    "margin": "0.14,0.07",
    "width": "1.45",
}
_EDGE = {
    "fontname": FONT,
    "fontsize": str(SMALL_SIZE),
    "fontcolor": TEXT["light"],
    "color": LINE["light"],
    "arrowsize": "0.7",
}
_BOX_MARGIN = 10  # points around the nodes


def _escaped(text: str) -> str:
    return str(graphviz.escape(text)).replace("\n", "\\n")


def _graph_attributes(outline: Outline) -> dict[str, str]:
    attributes = {"bgcolor": "transparent", "pad": "0.1", "nodesep": "0.3", "ranksep": "0.32", "fontname": FONT}
    if len(outline.links) > _MANY_LINKS:
        attributes |= {"nslimit": "2", "nslimit1": "2", "mclimit": "0.3"}
    return attributes


def _draw_box(graph: graphviz.Digraph, place: int, box: Box) -> None:
    """Draw a frame with its words around the nodes of a block."""
    with graph.subgraph(name=f"cluster {place}") as cluster:
        cluster.attr(
            _attributes={"class": "block", "id": f"box{place}"},
            label=graphviz.escape(box.words),
            labeljust="l",
            color=LINE["light"],
            fontcolor=TEXT["light"],
            fontsize=str(SMALL_SIZE),
            style="rounded,dashed",
            margin=str(_BOX_MARGIN),
        )
        for node in box.inside:
            cluster.node(f"n{node}")


@dataclass(frozen=True)
class Drawing:
    """A diagram that can be laid out: its outline, and the identifier and tooltip of each node."""

    title: str
    outline: Outline
    names: tuple[tuple[str, str], ...]
    box_names: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The whole graph in DOT."""
        return self.outline.dot(self.names, self.title)

    def pieces(self) -> Iterator[Drawing]:
        """Yield the drawing in pieces from top to bottom; each begins with the node that the one above ends with."""
        stops = [*self._cuts(), len(self.names) - 1]
        links: dict[int, list[Link]] = defaultdict(list)  # by the node that their piece ends with
        boxes: dict[int, list[int]] = defaultdict(list)
        for link in self.outline.links:
            links[stops[bisect_left(stops, link.target)]].append(link)
        for place, box in enumerate(self.outline.boxes):
            boxes[stops[bisect_left(stops, box.last)]].append(place)
        ends = {box.last for box in self.outline.boxes}
        for start, stop in itertools.pairwise([0, *stops]):
            outline = Outline(
                self.outline.nodes[start : stop + 1],
                tuple(replace(link, source=link.source - start, target=link.target - start) for link in links[stop]),
                tuple(self.outline.boxes[place].moved_up(start) for place in boxes[stop]),
                self.outline.columns,
                continues_box=start in ends,
            )
            names = tuple(self.box_names[place] for place in boxes[stop])
            yield Drawing(self.title, outline, self.names[start : stop + 1], names)

    def _cuts(self) -> list[int]:
        """The nodes that all ways lead through, where a box ends behind them or begins."""
        outline = self.outline
        if outline.columns:
            return []
        borders = {box.last for box in outline.boxes} | {box.first - 1 for box in outline.boxes}
        passed = [0] * (len(self.names) + 1)  # how many links and boxes go past each node, as differences
        for first, stop in [
            *((link.source + 1, link.target) for link in outline.links),
            *((box.first, box.last) for box in outline.boxes),
        ]:
            passed[first] += 1
            passed[stop] -= 1
        past = list(itertools.accumulate(passed))
        return [place for place in range(1, len(self.names) - 1) if place in borders and not past[place]]

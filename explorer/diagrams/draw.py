"""A flow as a graph of graphviz. Colours of the light theme stand in it; classes let CSS put others in their place."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import graphviz

from explorer.analysis.folding import Group
from explorer.analysis.rows import Analysis, Shape
from explorer.diagrams.flow import IN, OUT, Edge, Flow
from explorer.diagrams.style import LINE, TEXT, classes
from explorer.palette import KINDS, heat_step
from explorer.units import TIMES, exact, percent, shape, short, short_bytes, short_macs

Colour = Literal["kind", "params", "macs", "activation_bytes"]
COLOURS: tuple[Colour, ...] = ("kind", "params", "macs", "activation_bytes")

TITLE_SIZE, SMALL_SIZE = 14, 12  # pixels at scale 1
_FONT = "Helvetica,Arial,sans-serif"
_MANY_EDGES = 100  # from here on dot is told to stop improving early, and weights would slow it down badly


def draw(
    flow: Flow,
    analysis: Analysis,
    colour: Colour,
    columns: Sequence[Sequence[str]] = (),
    boxes: Sequence[Group] = (),
) -> graphviz.Digraph:
    """Return the graph of a flow, from top to bottom.

    Paths of groups given as columns stand side by side. `boxes` are blocks to draw around the groups inside them.
    """
    graph = graphviz.Digraph(name=analysis.name, graph_attr=_graph_attributes(flow), node_attr=_NODE, edge_attr=_EDGE)
    names = {IN: "in", OUT: "out"} | {group.path: f"n{i}" for i, group in enumerate(flow.groups)}
    _terminal(graph, "in", "input", flow.input_shape)
    for group in flow.groups:
        label = _label(group, analysis, colour)
        graph.node(names[group.path], label=label, **_node_attributes(group, analysis, colour, label))
    _terminal(graph, "out", "output", flow.output_shape)
    _box_blocks(graph, [(box, [names[path] for path in box.rows if path in names]) for box in boxes])
    column = _place_columns(graph, [[names[path] for path in column] for column in columns])
    labelled: set[str] = {IN}
    for edge in sorted(flow.edges, key=lambda edge: edge.is_skip):
        label = "" if edge.source in labelled or edge.target == OUT else f"\N{NO-BREAK SPACE}{shape(edge.shape[1:])}"
        labelled.add(edge.source)
        ends = names[edge.source], names[edge.target]
        is_jump = column.get(ends[0]) != column.get(ends[1])
        graph.edge(*ends, label=label, **_edge_attributes(edge, is_jump, is_small=len(flow.edges) <= _MANY_EDGES))
    return graph


_NODE = {
    "fontname": _FONT,
    "fontsize": str(TITLE_SIZE),
    "style": "filled,rounded",
    "margin": "0.14,0.07",
    "width": "1.45",
}
_EDGE = {
    "fontname": _FONT,
    "fontsize": str(SMALL_SIZE),
    "fontcolor": TEXT["light"],
    "color": LINE["light"],
    "arrowsize": "0.7",
}
_SHAPES = {
    "join": {"margin": "0.04,0.02", "width": "0.35", "height": "0.35"},
    "pool": {"sides": "4", "orientation": "180", "distortion": "-0.12", "fixedsize": "true"},
}


def _graph_attributes(flow: Flow) -> dict[str, str]:
    attributes = {"bgcolor": "transparent", "pad": "0.1", "nodesep": "0.3", "ranksep": "0.32", "fontname": _FONT}
    if len(flow.edges) > _MANY_EDGES:
        attributes |= {"nslimit": "2", "nslimit1": "2", "mclimit": "0.3"}
    return attributes


def _terminal(graph: graphviz.Digraph, name: str, word: str, sizes: Shape) -> None:
    graph.node(
        name,
        label=f"{word}\\n{shape(sizes[1:])}",
        _attributes={"class": "terminal", "id": f"diagram-{name}"},
        shape="plaintext",
        style="",
        tooltip=word,
        width="0.3",
        margin="0.05,0.03",
    )


def _label(group: Group, analysis: Analysis, colour: Colour) -> str:
    """The lines of a node. Layout makes the first one bold and the others small; labels in HTML need libexpat."""
    title = f"{group.title} {TIMES}{group.repeat}" if group.repeat > 1 else group.title
    if _is_join(group):
        title = " ".join((title, *group.followers))
    lines = (title, _second_line(group), _value(group, analysis, colour))
    return "\\n".join(graphviz.escape(line) for line in lines if line)


def _is_join(group: Group) -> bool:
    return group.group == "join" and not group.can_be_opened


def _second_line(group: Group) -> str:
    if _is_join(group):
        return ""
    path = _short_path(group.path) if group.can_be_opened else ""
    if group.can_be_opened and group.repeat > 1:
        path = f"{path} to {group.members[-1].rpartition('.')[2]}"
    return ", ".join(text for text in (path, *group.followers) if text)


def _short_path(path: str) -> str:
    """The end of a path from its last name on: "layer1.0" of "features.layer1.0"."""
    parts = path.split(".")
    last = max((i for i, part in enumerate(parts) if not part.isdigit()), default=0)
    return ".".join(parts[last:])


def _value(group: Group, analysis: Analysis, colour: Colour) -> str:
    if colour == "kind" or not getattr(group, colour):
        return ""
    words = {"params": short, "macs": short_macs, "activation_bytes": short_bytes}
    return f"{words[colour](getattr(group, colour))}, {percent(_share(group, analysis, colour))}"


def _share(group: Group, analysis: Analysis, colour: Colour) -> float:
    total = getattr(analysis, colour)
    return getattr(group, colour) / total if total else 0.0


def _node_attributes(group: Group, analysis: Analysis, colour: Colour, label: str) -> dict[str, str]:
    kind = group.group if colour == "kind" else f"heat{heat_step(_share(group, analysis, colour))}"
    tone = classes()[kind][0]
    attributes = {
        "class": f"{kind} opens" if group.can_be_opened else kind,
        "id": group.path,
        "fillcolor": tone.fill,
        "color": tone.line,
        "fontcolor": tone.text,
        "tooltip": graphviz.escape(_tooltip(group)).replace("\n", "\\n"),
        "shape": KINDS[group.group].shape,
    }
    if group.can_be_opened:
        return attributes | {"shape": "box", "peripheries": "2"}
    attributes |= _SHAPES.get(group.group, {})
    return attributes | _slanted_size(label) if group.group == "pool" else attributes


def _slanted_size(label: str) -> dict[str, str]:
    """The width and height in inches of a slanted node; graphviz itself would make it far too wide."""
    lines = label.split("\\n")
    return {"width": f"{0.6 + 0.095 * max(map(len, lines)):.2f}", "height": f"{0.28 + 0.22 * len(lines):.2f}"}


def _tooltip(group: Group) -> str:
    return "\n".join(
        (
            f"{group.path} ({group.kind})",
            f"{shape(group.input_shape[1:])} \N{RIGHTWARDS ARROW} {shape(group.output_shape[1:])}",
            f"{exact(group.params)} parameters, {short_macs(group.macs)}",
        )
    )


def _edge_attributes(edge: Edge, is_jump: bool, is_small: bool) -> dict[str, str]:
    looks = {"class": "skip", "penwidth": "2"} if edge.is_skip else {}
    if is_small:
        looks["weight"] = "0" if edge.is_skip else "4"  # skips bend round a straight main path
    return looks | {"constraint": "false", "tailport": "e", "headport": "w"} if is_jump else looks


def _place_columns(graph: graphviz.Digraph, columns: Sequence[Sequence[str]]) -> dict[str, int]:
    """Stand columns of nodes side by side, their first nodes level, and return the column of each node."""
    for i, column in enumerate(columns):
        for name in column:
            graph.node(name, group=f"column{i}")
    with graph.subgraph() as top:
        top.attr(rank="same")
        for left, right in itertools.pairwise(columns):
            top.edge(left[0], right[0], style="invis")
    return {name: i for i, column in enumerate(columns) for name in column}


def _box_blocks(graph: graphviz.Digraph, boxes: Sequence[tuple[Group, Sequence[str]]]) -> None:
    """Draw a box with its name around the nodes of each block."""
    for block, inside in boxes:
        with graph.subgraph(name=f"cluster {block.path}") as cluster:
            words = f"{block.title}  {_short_path(block.path)}"
            cluster.attr(
                _attributes={"class": "block", "id": f"block {block.path}"},
                label=graphviz.escape(words),
                labeljust="l",
                color=LINE["light"],
                fontcolor=TEXT["light"],
                fontsize=str(SMALL_SIZE),
                style="rounded,dashed",
                margin="10",
            )
            for name in inside:
                cluster.node(name)

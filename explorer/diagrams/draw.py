"""A flow as a drawing. Colours of the light theme stand in it; classes let CSS put others in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import graphviz

from explorer.analysis.folding import Group
from explorer.analysis.rows import Analysis, Shape
from explorer.diagrams.drawing import Attributes, Box, Drawing, Link, Outline
from explorer.diagrams.flow import IN, OUT, Flow
from explorer.diagrams.style import classes
from explorer.palette import KINDS, heat_step
from explorer.units import TIMES, exact, percent, shape, short, short_bytes, short_macs

Colour = Literal["kind", "params", "macs", "activation_bytes"]
COLOURS: tuple[Colour, ...] = ("kind", "params", "macs", "activation_bytes")
_SPACE = "\N{NO-BREAK SPACE}"


def draw(
    flow: Flow,
    analysis: Analysis,
    colour: Colour,
    columns: Sequence[Sequence[str]] = (),
    boxes: Sequence[Group] = (),
) -> Drawing:
    """Return the drawing of a flow, from top to bottom.

    Paths of groups given as columns stand side by side. `boxes` are blocks to draw around the groups inside them.
    """
    places = {path: place for place, path in enumerate((IN, *(group.path for group in flow.groups), OUT))}
    framed = {block: tuple(places[path] for path in block.rows if path in places) for block in boxes}
    framed = {block: inside for block, inside in framed.items() if inside}
    outline = Outline(
        nodes=(
            _terminal("input", flow.input_shape),
            *(_node(group, analysis, colour) for group in flow.groups),
            _terminal("output", flow.output_shape),
        ),
        links=_links(flow, places, {path: i for i, column in enumerate(columns) for path in column}),
        boxes=tuple(
            Box(f"{_SPACE}{block.title}{2 * _SPACE}{_short_path(block.path)}{_SPACE}", inside)
            for block, inside in framed.items()
        ),
        columns=tuple(tuple(places[path] for path in column) for column in columns),
    )
    names = (("diagram-in", "input"), *((group.path, _tooltip(group)) for group in flow.groups))
    return Drawing(
        analysis.name, outline, (*names, ("diagram-out", "output")), tuple(f"block {block.path}" for block in framed)
    )


def _links(flow: Flow, places: Mapping[str, int], column: Mapping[str, int]) -> tuple[Link, ...]:
    """The edges, with skips last; the first one out of a node carries the shape of its output."""
    labelled: set[str] = {IN}
    links = []
    for edge in sorted(flow.edges, key=lambda edge: edge.is_skip):
        label = "" if edge.source in labelled or edge.target == OUT else f"{_SPACE}{shape(edge.shape[1:])}"
        labelled.add(edge.source)
        is_jump = column.get(edge.source) != column.get(edge.target)
        links.append(Link(places[edge.source], places[edge.target], label, edge.is_skip, is_jump))
    return tuple(links)


_SHAPES = {
    "join": {"margin": "0.04,0.02", "width": "0.35", "height": "0.35"},
    "pool": {"sides": "4", "orientation": "180", "distortion": "-0.12", "fixedsize": "true"},
}


def _terminal(word: str, sizes: Shape) -> Attributes:
    return (
        ("label", f"{word}\\n{shape(sizes[1:])}"),
        ("class", "terminal"),
        ("shape", "plaintext"),
        ("style", ""),
        ("width", "0.3"),
        ("margin", "0.05,0.03"),
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


def _node(group: Group, analysis: Analysis, colour: Colour) -> Attributes:
    kind = group.group if colour == "kind" else f"heat{heat_step(_share(group, analysis, colour))}"
    tone = classes()[kind][0]
    label = _label(group, analysis, colour)
    attributes = {
        "label": label,
        "class": f"{kind} opens" if group.can_be_opened else kind,
        "fillcolor": tone.fill,
        "color": tone.line,
        "fontcolor": tone.text,
        "shape": KINDS[group.group].shape,
    }
    if group.can_be_opened:
        attributes |= {"shape": "box", "peripheries": "2"}
    else:
        attributes |= _SHAPES.get(group.group, {})
        if group.group == "pool":
            attributes |= _slanted_size(label)
    return tuple(attributes.items())


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

"""From a drawing to SVG: each piece is laid out once, however often it repeats, and all are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import NamedTuple

from explorer.diagrams.drawing import FONT, Drawing, Outline
from explorer.diagrams.engine import render
from explorer.diagrams.style import stylesheet

_ELEMENT = re.compile(
    r'<g id="([a-z]+)(\d+)" class="(?:node|edge|cluster) ?([^"]*)">\s*<title>([^<]*)</title>\s*(.*?)</g>', re.DOTALL
)
_SIZE = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)".*?translate\((\S+) (\S+)\)', re.DOTALL)
_TEXT = re.compile(r'<text [^>]*?\bx="(\S+)" y="(\S+)"[^>]*>([^<]*)')
_ON_ALL_TEXT = (' xml:space="preserve" text-anchor="middle"', f' font-family="{FONT}"')


def layout(drawing: Drawing) -> str:
    """Return a drawing as one `<svg>` element. One that takes too long raises LayoutError.

    A node is `<g class="node ..." id=PATH data-node=NAME>` with its tooltip as title, an edge
    `<g class="edge ..." data-ends="NAME NAME">`. The pieces that stand below each other are `<g class="piece">` with
    their upper and lower end in `data-top` and `data-bottom`.
    """
    placed = list(_placed(drawing))
    left, top = (min(one.frame[side] for one in placed) for side in (0, 1))
    right, bottom = (max(one.frame[side] for one in placed) for side in (2, 3))
    width, height = right - left, bottom - top
    opening = (
        f'<svg width="{width:.0f}pt" height="{height:.0f}pt" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}" '
        f'xmlns="http://www.w3.org/2000/svg" text-anchor="middle" font-family="{FONT}">\n'
    )
    return "".join((opening, *(one.svg for one in placed), "</svg>"))


def standalone(svg: str, title: str) -> str:
    """Return the SVG as a file of its own, readable on a light and on a dark page."""
    opening, rest = svg.split(">", 1)
    head = f'{opening} role="img"><title>{escape(title)}</title><style>{stylesheet()}</style>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{rest}\n'


class _Element(NamedTuple):
    """A node, an edge or a box of a piece."""

    kind: str
    places: tuple[int, ...]  # of the node, of the edge's ends, or of the box
    classes: str
    body: str


class _Piece(NamedTuple):
    """One piece laid out, without names. Lengths are in points, y grows downward."""

    elements: tuple[_Element, ...]
    frame: tuple[float, float, float, float]  # left, top, right, bottom
    first: tuple[float, float]  # where the first node stands
    last: tuple[float, float]


class _Placed(NamedTuple):
    svg: str
    frame: tuple[float, float, float, float]


def _placed(drawing: Drawing) -> Iterator[_Placed]:
    """Yield the pieces, each moved so that its first node stands where the last one of the piece above does."""
    start = 0  # the place of a piece's first node in the whole drawing
    x = y = 0.0
    for part in drawing.pieces():
        piece = _laid_out(part.outline.without_numbers)
        if start:
            x, y = x - piece.first[0], y - piece.first[1]
        left, top, right, bottom = piece.frame
        frame = (left + x, top + y, right + x, bottom + y)
        inside = "\n".join(
            _named(element, part, start) for element in piece.elements if start == 0 or not _is_first(element)
        )
        ends = f'data-top="{frame[1]:.2f}" data-bottom="{frame[3]:.2f}"'
        opening = f'<g class="piece" transform="translate({x:.2f} {y:.2f})" {ends}>'
        yield _Placed(f"{opening}\n{inside}\n</g>\n", frame)
        x, y = x + piece.last[0], y + piece.last[1]
        start += len(part.names) - 1


def _is_first(element: _Element) -> bool:
    return element.kind == "node" and element.places == (0,)


def _named(element: _Element, part: Drawing, start: int) -> str:
    if element.kind == "node":
        (place,) = element.places
        path, tooltip = part.names[place]
        return (
            f'<g id="{escape(path)}" class="node {element.classes}" data-node="n{start + place}">'
            f"<title>{escape(tooltip)}</title>{element.body}</g>"
        )
    if element.kind == "edge":
        ends = " ".join(f"n{start + place}" for place in element.places)
        return f'<g class="{" ".join(("edge", element.classes)).strip()}" data-ends="{ends}">{element.body}</g>'
    (place,) = element.places
    words = escape(part.outline.boxes[place].words)
    body = re.sub(r">[^<]*</text>", lambda _: f">{words}</text>", element.body)
    return f'<g id="{escape(part.box_names[place])}" class="cluster {element.classes}">{body}</g>'


@lru_cache(maxsize=256)
def _laid_out(outline: Outline) -> _Piece:
    svg = render(outline.dot())
    for said in _ON_ALL_TEXT:
        svg = svg.replace(said, "")
    size = _SIZE.search(svg)
    assert size
    width, height, right, down = map(float, size.groups())
    elements = tuple(_elements(svg))
    nodes = {element.places[0]: element.body for element in elements if element.kind == "node"}
    return _Piece(
        elements,
        (-right, -down, width - right, height - down),
        _position(nodes[0]),
        _position(nodes[len(outline.nodes) - 1]),
    )


def _elements(svg: str) -> Iterator[_Element]:
    """The nodes, edges and boxes of Graphviz's SVG; a cluster without words only keeps a distance."""
    for kind, number, classes, title, body in _ELEMENT.findall(svg):
        if kind == "node":
            yield _Element(kind, (int(title[1:]),), classes, body)
        elif kind == "edge":
            ends = title.replace("&#45;&gt;", "->").split("->")
            yield _Element(kind, tuple(int(end.partition(":")[0][1:]) for end in ends), classes, body)
        elif kind == "box":
            yield _Element(kind, (int(number),), classes, body)


def _position(node: str) -> tuple[float, float]:
    """Where a node stands: that of its first line of text, which is the same in every piece."""
    text = _TEXT.search(node)
    assert text
    return float(text[1]), float(text[2])

"""Drawings as SVG: what a page finds in them, and that their pieces fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from explorer.analysis import analyze
from explorer.diagrams import layout, network_diagram, standalone
from explorer.diagrams.drawing import Box, Drawing, Link, Outline

SVG = "{http://www.w3.org/2000/svg}"
NODE = (("label", "a"), ("class", "conv"))


def drawing(*links: Link, boxes: tuple[Box, ...] = ()) -> Drawing:
    """A drawing of as many nodes as its links name."""
    count = 1 + max(link.target for link in links)
    names = tuple((f"path.{place}", f"tooltip {place}") for place in range(count))
    return Drawing(
        "Title", Outline((NODE,) * count, links, boxes), names, tuple(f"block {place}" for place in range(len(boxes)))
    )


def chain(length: int, *boxes: Box) -> Drawing:
    return drawing(*(Link(place, place + 1, "", False) for place in range(length - 1)), boxes=boxes)


def test_nodes_have_class_and_path_and_show_their_tooltip() -> None:
    assert '<g id="path.0" class="node conv" data-node="n0"><title>tooltip 0</title>' in layout(chain(2))


def test_edges_name_their_ends_and_show_no_tooltip() -> None:
    svg = layout(drawing(Link(0, 1, "", True, is_jump=True)))
    assert '<g class="edge skip" data-ends="n0 n1">' in svg
    assert "&#45;&gt;" not in svg


def test_a_file_is_well_formed_and_titled() -> None:
    root = ElementTree.fromstring(standalone(layout(chain(2)), "Layers & blocks"))
    assert root.findtext(f"{SVG}title") == "Layers & blocks"


def test_a_file_has_colours_for_a_dark_page() -> None:
    assert "prefers-color-scheme:dark" in standalone(layout(chain(2)), "title")


def test_dot_has_names_and_tooltips() -> None:
    source = chain(2).source
    assert 'n1 [class=conv id="path.1" label=a tooltip="tooltip 1"]' in source
    assert "n0 -> n1" in source


def test_a_drawing_comes_apart_where_a_box_ends() -> None:
    pieces = list(chain(8, Box("first", (2, 3)), Box("second", (4, 5))).pieces())
    assert [[name for name, _ in piece.names] for piece in pieces] == [
        [f"path.{place}" for place in range(first, last + 1)] for first, last in pairwise((0, 1, 3, 5, 7))
    ]
    assert [piece.box_names for piece in pieces] == [(), ("block 0",), ("block 1",), ()]


def test_a_drawing_stays_in_one_piece_where_a_link_goes_past_the_end_of_a_box() -> None:
    links = [Link(place, place + 1, "", False) for place in range(5)]
    box = Box("one", (1, 2, 3))
    assert len(list(drawing(*links, boxes=(box,)).pieces())) == 2
    assert len(list(drawing(*links, Link(1, 3, "", True), boxes=(box,)).pieces())) == 2
    assert len(list(drawing(*links, Link(2, 4, "", True), boxes=(box,)).pieces())) == 1


def test_blocks_that_differ_in_their_numbers_alone_look_the_same_to_the_layout() -> None:
    first, second = (chain(3, Box(f"block 1.{number}", (1,))).outline for number in (2, 3))
    assert first != second
    assert first.without_numbers == second.without_numbers


def test_each_box_has_its_own_words_and_name() -> None:
    svg = layout(chain(7, Box("block 1", (1, 2)), Box("block 2 & more", (3, 4))))
    assert re.findall(r'<g id="([^"]*)" class="cluster', svg) == ["block 0", "block 1"]
    assert re.findall(r">(block [^<]*)</text>", svg) == ["block 1", "block 2 &amp; more"]


@dataclass(frozen=True)
class Place:
    """A rectangle around a node, in the whole drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def is_near(self, point: tuple[float, float], distance: float) -> bool:
        x, y = point
        return self.left - distance <= x <= self.right + distance and self.top - distance <= y <= self.bottom + distance

    def overlaps(self, other: Place) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.5
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.5
        )


def numbers(text: str | None) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+\.?\d*", text or "")]


def points(element: Element) -> Iterator[tuple[float, float]]:
    for part in element:
        if part.tag == f"{SVG}ellipse":
            cx, cy, rx, ry = (float(part.attrib[name]) for name in ("cx", "cy", "rx", "ry"))
            yield from ((cx - rx, cy - ry), (cx + rx, cy + ry))
        elif part.tag == f"{SVG}text":
            yield float(part.attrib["x"]), float(part.attrib["y"])
        else:
            found = numbers(part.get("d") or part.get("points"))
            yield from zip(found[::2], found[1::2], strict=True)


@pytest.mark.parametrize(
    "name",
    [
        *("lenet5", "vgg16", "googlenet", "inception_v3", "resnet34", "preact_resnet164", "densenet121", "swin_t"),
        *("squeezenet1_0", "shufflenet_v2_x1_0", "efficientnet_b0", "regnet_y_400mf", "vit_b_16", "maxvit_t"),
    ],
)
def test_the_pieces_fit_together(name: str) -> None:
    """Each edge begins and ends at its nodes, all of them are there, and no node lies on another."""
    drawn = network_diagram(analyze(name), "layers").tall
    nodes: dict[str, Place] = {}
    ends: list[tuple[str, str, tuple[float, float], list[tuple[float, float]]]] = []
    for piece in ElementTree.fromstring(layout(drawn)):
        dx, dy = numbers(piece.get("transform"))
        for part in piece:
            moved = [(x + dx, y + dy) for x, y in points(part)]
            if part.attrib["class"].startswith("node"):
                xs, ys = zip(*moved, strict=True)
                assert part.attrib["data-node"] not in nodes
                nodes[part.attrib["data-node"]] = Place(min(xs), min(ys), max(xs), max(ys))
            elif part.attrib["class"].startswith("edge"):
                source, target = part.attrib["data-ends"].split()
                ends.append((source, target, moved[0], moved))
    assert sorted(nodes) == sorted(f"n{place}" for place in range(len(drawn.names)))
    assert sorted(end[:2] for end in ends) == sorted((f"n{a.source}", f"n{a.target}") for a in drawn.outline.links)
    terminals = ("n0", f"n{len(nodes) - 1}")  # of which only the text is known
    for source, target, start, along in ends:
        assert nodes[source].is_near(start, 26 if source in terminals else 4)
        assert any(nodes[target].is_near(point, 26 if target in terminals else 4) for point in along[1:])
    ordered = sorted(nodes.values(), key=lambda one: one.top)
    assert not any(one.overlaps(other) for i, one in enumerate(ordered) for other in ordered[i + 1 : i + 20])

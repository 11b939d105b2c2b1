"""The network as a diagram one can move about in; a click on a block opens the block's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import streamlit as st

from explorer import diagrams
from explorer.analysis.grouping import whole
from explorer.analysis.rows import Analysis
from explorer.ui.address import choose, explain_address, one_of
from explorer.ui.explore.layers import asked_for, card
from explorer.ui.graph import Drawn, graph

HEIGHT = 640  # pixels
DETAILS = {"blocks": "Blocks", "layers": "Every layer"}
COLOURS = {"kind": "Kind", "params": "Parameters", "macs": "MACs", "activation_bytes": "Memory"}


def show(analysis: Analysis) -> None:
    explain_address(
        "diagram",
        {
            "block": partial(_check_block, analysis),
            "detail": one_of("The detail", DETAILS),
            "colour": one_of("The colour", COLOURS),
        },
    )
    path = _opened(analysis)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        detail = choose(
            st.segmented_control,
            "Detail",
            DETAILS,
            key="detail",
            default="blocks",
            required=True,
            help="Blocks are what the paper repeats; a click on one opens it.",
        )
        colour = choose(
            st.segmented_control,
            "Colour",
            COLOURS,
            key="colour",
            default="kind",
            required=True,
            help="By kind of layer, or by the share of the network's total.",
        )
        _ways_back(analysis, path)
    try:
        with st.spinner("Laying out the diagram", show_time=True):
            drawn = _layouts(analysis, cast(diagrams.Detail, detail), cast(diagrams.Colour, colour), path)
    except diagrams.LayoutError as error:
        st.warning(str(error), icon=":material/hourglass_disabled:")
        return
    graph_side, card_side = st.columns([8, 3], gap="medium")
    with graph_side:
        clicked = graph(
            drawn,
            key=f"diagram-{analysis.name}",
            height=HEIGHT,
            selected=st.query_params.get("layer"),
            legend=diagrams.legend(colour),
        )
    if clicked:
        _follow(analysis, clicked)
    with card_side:
        group = asked_for(analysis) or (whole(analysis, path) if path else None)
        if group is not None:
            with st.container(border=True, height=HEIGHT, key="card"):
                card(analysis, group)
        st.caption("A click on a block opens its own diagram; a click on a layer shows its figures here.")


def shown(analysis: Analysis) -> Callable[[], diagrams.Diagram]:
    """Return what makes the diagram that the address asks for: the block opened, or the network in its detail."""
    path, query = _opened(analysis), st.query_params
    detail = cast(diagrams.Detail, query.get("detail") if query.get("detail") in DETAILS else "blocks")
    colour = cast(diagrams.Colour, query.get("colour") if query.get("colour") in COLOURS else "kind")
    if path:
        return partial(diagrams.block_diagram, analysis, path, colour)
    return partial(diagrams.network_diagram, analysis, detail, colour)


def _opened(analysis: Analysis) -> str:
    path = st.query_params.get("block", "")
    return path if _has_block(analysis, path) else ""


def _has_block(analysis: Analysis, path: str) -> bool:
    return any(block.path == path for block in analysis.blocks)


def _check_block(analysis: Analysis, path: str) -> None:
    if not _has_block(analysis, path):
        raise ValueError(f"{analysis.title} has no block called {path!r}.")


def _ways_back(analysis: Analysis, path: str) -> None:
    """Draw the blocks that hold the opened one, each a way back to its diagram."""
    if not path:
        return
    parents = {block.path: block.parent for block in analysis.blocks}
    outer = []
    while (path := parents[path] or "") != "":
        outer.append(path)
    for block in ["", *reversed(outer)]:
        label = block.rpartition(".")[2] or analysis.title
        st.button(label, key=f"back-{block}", icon=":material/arrow_back:", on_click=_open, args=(block,))


def _open(path: str) -> None:
    st.query_params.pop("layer", None)
    if path:
        st.query_params["block"] = path
    else:
        st.query_params.pop("block", None)


def _follow(analysis: Analysis, path: str) -> None:
    """Open the block that was clicked, or select the layer."""
    if _has_block(analysis, path):
        _open(path)
        st.rerun()
    if path in analysis.by_path and st.query_params.get("layer") != path:
        st.query_params["layer"] = path
        st.rerun()


@st.cache_data(
    max_entries=128,
    show_spinner=False,
    hash_funcs={Analysis: lambda one: (one.name, one.input_shape, one.num_classes, one.options)},
)
def _layouts(analysis: Analysis, detail: diagrams.Detail, colour: diagrams.Colour, path: str) -> Drawn:
    if path:
        diagram = diagrams.block_diagram(analysis, path, colour)
    else:
        diagram = diagrams.network_diagram(analysis, detail, colour)
    return Drawn(tuple(diagrams.layout(drawing) for drawing in diagram.drawings), diagram.alt)

"""The block as a diagram that keeps its place while its numbers change, and the card of the layer that was clicked."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import streamlit as st

from explorer import diagrams
from explorer.analysis.rows import Analysis
from explorer.diagrams import Detail
from explorer.ui.address import choose
from explorer.ui.blocks.picker import DETAILS, LAYER
from explorer.ui.explore.layers import layer_card
from explorer.ui.graph import Drawn, graph

HEIGHT = 500  # pixels


def show(analysis: Analysis) -> None:
    """Draw the diagram, and below it the choice of its detail and the way back from a box that was opened."""
    opened = _opened(analysis)
    place = st.container()
    with st.container(horizontal=True):
        detail = cast(Detail, _choose_detail())
        if opened:
            st.button("Whole block", key="b-back", icon=":material/arrow_back:", on_click=_close)
    with place:
        drawn = layout(analysis, detail, opened)
        clicked = graph(
            drawn,
            key="b-diagram",
            height=HEIGHT,
            selected=st.query_params.get(LAYER),
            legend=[(kind, word) for kind, word in diagrams.legend() if f'class="node {kind}' in drawn.svgs[0]],
        )
    if clicked and st.query_params.get(LAYER) != clicked:
        st.query_params[LAYER] = clicked
        st.rerun()


def _opened(analysis: Analysis) -> str:
    """Return the path of the box in the diagram that was opened, "" for none."""
    path = st.query_params.get(LAYER, "")
    return path if any(block.path == path for block in analysis.blocks) else ""


def _close() -> None:
    st.query_params.pop(LAYER, None)


def _choose_detail() -> str:
    return choose(
        st.segmented_control,
        "Detail",
        DETAILS,
        key="b_detail",
        default="blocks",
        required=True,
        label_visibility="collapsed",
    )


def card(analysis: Analysis) -> None:
    """Draw the formulas of the layer that was clicked last."""
    row = analysis.by_path.get(st.query_params.get(LAYER, ""))
    if row is None:
        st.caption("Click a layer of the diagram to see its own formulas.")
        return
    with st.container(border=True):
        st.markdown(f"**{row.path}** · {row.kind}")
        layer_card(analysis, row)


@lru_cache(maxsize=512)
def layout(analysis: Analysis, detail: Detail, opened: str = "") -> Drawn:
    """Return the diagram of a block, or of the box in it that was opened."""
    diagram = diagrams.block_diagram(analysis, opened) if opened else diagrams.network_diagram(analysis, detail)
    return Drawn((diagrams.layout(diagram.tall),), diagram.alt)

"""The block as a diagram that keeps its place while its numbers change, and the card of the layer that was clicked."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import streamlit as st

from explorer import diagrams
from explorer.analysis.rows import Analysis
from explorer.diagrams import Detail
from explorer.ui.address import choose
from explorer.ui.blocks.picker import LAYER
from explorer.ui.explore.layers import layer_card
from explorer.ui.graph import graph

HEIGHT = 450  # pixels
DETAILS = {"blocks": "Steps", "layers": "Every layer"}


def show(analysis: Analysis) -> None:
    """Draw the diagram, and below it the choice of its detail."""
    place = st.container()
    chosen = choose(
        st.segmented_control,
        "Detail",
        DETAILS,
        key="b_detail",
        default="blocks",
        required=True,
        label_visibility="collapsed",
    )
    detail = cast(Detail, chosen)
    with place:
        clicked = graph(
            [layout(analysis, detail)],
            key="b-diagram",
            alt=diagrams.alt_text(analysis, detail),
            height=HEIGHT,
            selected=st.query_params.get(LAYER),
            legend=_legend(analysis),
        )
    if clicked in analysis.by_path and st.query_params.get(LAYER) != clicked:
        st.query_params[LAYER] = clicked
        st.rerun()


def _legend(analysis: Analysis) -> list[tuple[str, str]]:
    present = {row.group for row in analysis.rows}
    return [entry for entry in diagrams.legend() if entry[0] in present]


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
def layout(analysis: Analysis, detail: Detail) -> str:
    """Return the diagram of a block as SVG."""
    return diagrams.layout(diagrams.network_diagram(analysis, detail))

"""Parameters, MACs and memory along the network, as charts: one at a time, so that each is large and there at once."""

from __future__ import annotations

import streamlit as st

from explorer import charts
from explorer.analysis.grouping import blocks
from explorer.analysis.rows import Analysis
from explorer.ui.address import choose, explain_address, on_or_off, one_of
from explorer.ui.chart import show_chart, theme

CHARTS = {"layers": "By layer", "sum": "Running sum", "maps": "Maps", "areas": "Treemap"}
TO_SEE = {
    "layers": "A bar for each block, from the picture to the answer, split by kind of layer.",
    "sum": "How much of the whole is spent up to each layer. Where a curve is steep, the network spends.",
    "maps": "The height of the feature maps and the number of channels behind each block.",
    "areas": "Where the parameters live: an area for each layer, as large as its share. A click opens a block.",
}
QUANTITIES = {"params": "Parameters", "macs": "MACs", "activation_bytes": "Activation memory"}


def show(analysis: Analysis) -> None:
    explain_address(
        "charts",
        {
            "chart": one_of("The chart", CHARTS),
            "quantity": one_of("The quantity", QUANTITIES),
            "log": on_or_off("The logarithmic axis"),
        },
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = choose(st.segmented_control, "Chart", CHARTS, key="chart", default="layers", required=True)
        chart = _draw(chosen, analysis)
    st.caption(TO_SEE[chosen])
    show_chart(chart, key=f"chart-{chosen}")


def _draw(chosen: str, analysis: Analysis) -> charts.Chart:
    """Return the chosen chart; what it has controls for is asked beside the choice."""
    if chosen == "sum":
        return charts.cumulative(analysis, theme=theme())
    groups = blocks(analysis)
    if chosen == "maps":
        return charts.feature_maps(analysis, groups, theme=theme())
    if chosen == "areas":
        return charts.treemap(analysis, groups, theme=theme())
    quantity = choose(st.segmented_control, "Of", QUANTITIES, key="quantity", default="params", required=True)
    logarithmic = st.toggle("Logarithmic axis", key="log", bind="query-params", persist_state="session")
    return charts.by_group(analysis, groups, quantity, logarithmic=logarithmic, theme=theme())

"""Parameters, MACs and memory along the network, as charts."""

from __future__ import annotations

import streamlit as st

from explorer import charts
from explorer.analysis.grouping import blocks
from explorer.analysis.rows import Analysis
from explorer.ui.address import choose, explain_address, on_or_off, one_of
from explorer.ui.chart import show_chart, theme

QUANTITIES = {"params": "Parameters", "macs": "MACs", "activation_bytes": "Activation memory"}


def show(analysis: Analysis) -> None:
    explain_address(
        "charts", {"quantity": one_of("The quantity", QUANTITIES), "log": on_or_off("The logarithmic axis")}
    )
    groups = blocks(analysis)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        quantity = choose(st.segmented_control, "By layer", QUANTITIES, key="quantity", default="params", required=True)
        logarithmic = st.toggle("Logarithmic axis", key="log", bind="query-params")
    show_chart(
        charts.by_group(analysis, groups, quantity, logarithmic=logarithmic, theme=theme()), key="chart-by-layer"
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("#### How they add up")
        show_chart(charts.cumulative(analysis, theme=theme()), key="chart-cumulative")
    with right:
        st.markdown("#### Feature maps along the depth")
        show_chart(charts.feature_maps(analysis, groups, theme=theme()), key="chart-maps")
    st.markdown("#### Where parameters live")
    show_chart(charts.treemap(analysis, groups, theme=theme()), key="chart-treemap")

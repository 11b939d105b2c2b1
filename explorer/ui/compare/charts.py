"""Bars, shares and running shares of the networks that are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from explorer import charts
from explorer.charts import Chart
from explorer.comparison.case import Case
from explorer.ui.chart import show_chart, theme

HOMES = {"params": "Where the parameters live", "macs": "Where the MACs live"}


def show(cases: Sequence[Case], reference: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"#### Each figure as a multiple of {cases[reference].label}'s")
        st.space("stretch")
        logarithmic = st.toggle("Logarithmic axis", key="log_axis", bind="query-params")
    bars = charts.ratio_bars(cases, reference, logarithmic=logarithmic, theme=theme())
    show_chart(bars, key="compare-bars")
    st.markdown("#### Where parameters and MACs live")
    _side_by_side(charts.homes, cases)
    st.markdown("#### How they add up along the depth")
    _side_by_side(charts.running_shares, cases)


def show_homes(cases: Sequence[Case], key: str) -> None:
    """Draw where parameters and MACs live, one above the other."""
    for quantity, words in HOMES.items():
        st.markdown(f"**{words}**")
        show_chart(charts.homes(cases, quantity, theme=theme()), key=f"{key}-homes-{quantity}")


def _side_by_side(draw: Callable[..., Chart], cases: Sequence[Case]) -> None:
    for column, quantity in zip(st.columns(2, gap="medium"), ("params", "macs"), strict=True):
        with column:
            show_chart(draw(cases, quantity, theme=theme()), key=f"compare-{draw.__name__}-{quantity}")

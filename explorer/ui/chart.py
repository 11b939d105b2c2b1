"""A chart on a page: the figure, and its data as a table one click away."""

from __future__ import annotations

import streamlit as st

from explorer.charts import Chart
from explorer.palette import Theme


def theme() -> Theme:
    """Return the theme of the visitor's page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_chart(chart: Chart, key: str) -> None:
    """Draw the chart with its text for those who cannot see it, and its data in a popover."""
    st.plotly_chart(chart.figure, key=key, alt=chart.alt, config={"displaylogo": False})
    with st.popover("Data", icon=":material/table:", help="The numbers of this chart as a table"):
        st.dataframe(chart.table, hide_index=True)

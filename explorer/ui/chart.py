"""A chart on a page: the figure, and its data as a table one click away."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.charts import Chart
from explorer.palette import Theme
from explorer.ui.picture import picture_buttons


def theme() -> Theme:
    """Return the theme of the visitor's page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_chart(chart: Chart, key: str, **more: Any) -> Any:
    """Draw the chart with its text for those who cannot see it, its data in a popover, and itself as a picture.

    `more` is what `st.plotly_chart` is told besides, such as `on_select`; the result is what it returns.
    """
    state = st.plotly_chart(chart.figure, key=key, alt=chart.alt, config={"displaylogo": False}, **more)
    with st.container(horizontal=True, gap="small"):
        with st.popover("Data", icon=":material/table:", help="The numbers of this chart as a table"):
            st.dataframe(chart.table, hide_index=True)
        picture_buttons(key)
    return state

"""Buttons that save a chart of the page as a picture. The browser makes it, so nothing has to be installed for it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_HTML = """
<div class="pictures">
  <button value="png" title="Save the chart as a picture for slides">PNG</button>
  <button value="svg" title="Save the chart as a drawing that stays sharp at any size">SVG</button>
</div>
"""
_component = st.components.v2.component(
    "explorer_picture",
    html=_HTML,
    css=(_HERE / "picture.css").read_text(),
    js=(_HERE / "picture.js").read_text(),
)


def picture_buttons(chart: str) -> None:
    """Draw buttons that save the chart with this key as PNG and as SVG, as it stands on the page."""
    _component(key=f"{chart}-picture", data={"chart": chart, "name": chart}, width=130, height="content")

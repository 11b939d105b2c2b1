"""The views of a page, each in a tab of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def show_views(draw: Mapping[str, Callable[[], None]], key: str) -> None:
    """Draw a tab for each view, bound to the address under `key`; only the open one's content is worked out."""
    tabs = st.tabs(list(draw), key=key, on_change="rerun", bind="query-params")
    for tab, show in zip(tabs, draw.values(), strict=True):
        if tab.open:
            with tab:
                show()

"""The views of the page, each in a tab of its own; only the open one is drawn."""

from __future__ import annotations

import streamlit as st

from explorer.ui.predict import VIEWS, field, filters, hide, many, maps, robustness, steps, where
from explorer.ui.predict.question import Question

_DRAW = dict(
    zip(
        VIEWS,
        (steps.show, where.show, maps.show, filters.show, hide.show, field.show, robustness.show, many.show),
        strict=True,
    )
)


def show(question: Question) -> None:
    tabs = st.tabs(VIEWS, key="show", on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, _DRAW.values(), strict=True):
        if tab.open:
            with tab:
                draw(question)

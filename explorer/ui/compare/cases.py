"""The networks that are compared, analyzed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.comparison.case import Case, case
from explorer.comparison.entry import LEAST
from explorer.ui.compare.selection import SMALLEST, Selected
from explorer.ui.markdown import plain


def find_cases(selected: Selected) -> list[Case]:
    """Return every network with its figures; what one cannot take is said. With fewer than two the page ends here."""
    found = []
    with st.spinner("Analyzing the networks", show_time=True):
        for entry in selected.entries:
            try:
                found.append(case(entry, batch_size=selected.batch_size, optimizer=selected.optimizer))
            except ValueError as error:
                st.error(plain(f"{entry.label}: {error}"), icon=":material/error:")
    if len(found) < LEAST:
        st.info("Choose at least two networks to see them side by side.", icon=":material/compare_arrows:")
        st.stop()
    return found


def reference_of(cases: Sequence[Case], against: str) -> int:
    """Return the place of the network that ratios are against."""
    places = range(len(cases))
    if against == SMALLEST:
        return min(places, key=lambda place: cases[place].analysis.params)
    return next((place for place in places if cases[place].entry.slug == against), 0)

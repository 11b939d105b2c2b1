"""The table of a comparison, its downloads, and where its errors come from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

import streamlit as st

from explorer.comparison.case import Case
from explorer.comparison.table import Line, lines, sources, table_csv
from explorer.ui.compare import charts
from explorer.ui.explore.headline import DEFINITIONS
from explorer.ui.html_table import explained, framed
from explorer.ui.markdown import plain

BEST = "\N{BLACK STAR}"
_FEW = 3  # networks whose table leaves room for charts beside it
_FIRST_GUESS = "Of ImageNet's validation pictures, the share whose class is not the first guess"
_FIVE_GUESSES = "Of ImageNet's validation pictures, the share whose class is not among five guesses"
_AS_PUBLISHED = "Papers test in different ways: see the sources."
_WITH_WEIGHTS = "torchvision tests the weights that it offers alike, on one centre crop."
MEANINGS = DEFINITIONS | {
    "Input": "Channels, height and width of the picture that all figures are for.",
    "Year": "When the network was first published.",
    "Top-1 error, as published": f"{_FIRST_GUESS}. {_AS_PUBLISHED}",
    "Top-5 error, as published": f"{_FIVE_GUESSES}. {_AS_PUBLISHED}",
    "Top-1 error, torchvision's weights": f"{_FIRST_GUESS}. {_WITH_WEIGHTS}",
    "Top-5 error, torchvision's weights": f"{_FIVE_GUESSES}. {_WITH_WEIGHTS}",
}


def show(cases: Sequence[Case], reference: int) -> None:
    """Draw the table, beside it where parameters and MACs live, what its figures mean, and the table as a file."""
    table = lines(cases, reference)
    whole = table_html(cases, table, reference)
    if len(cases) > _FEW:
        st.html(whole)
    else:
        left, right = st.columns([6, 5], gap="large")
        left.html(whole)
        with right:
            charts.show_homes(cases, "table")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{BEST} the best of its row, where less is better. Ratios are to {cases[reference].label}; pt are "
            "percentage points above or below it."
        )
        with st.popover("What the figures mean", icon=":material/help:"):
            st.markdown("\n".join(f"- **{line.measure.title}**: {MEANINGS[line.measure.title]}" for line in table))
        with st.popover("Sources of the errors", icon=":material/menu_book:", width="content"):
            _sources(cases)
        st.download_button(
            "Table (CSV)",
            lambda: table_csv(cases, reference),
            "comparison.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _sources(cases: Sequence[Case]) -> None:
    found = sources(cases)
    if not found:
        st.markdown("No error on ImageNet was published for these networks.")
        return
    for network, errors in groupby(found, key=lambda one: one.network):
        told = (f"- {one.error} **{one.percent:g} %**: {plain(f'{one.how} ({one.source})')}" for one in errors)
        st.markdown("\n".join((f"**{plain(network)}**\n", *told)))


def table_html(cases: Sequence[Case], table: Sequence[Line], reference: int) -> str:
    """Return the table as HTML: each network with its figures, and their ratios to those of the reference."""
    heads = "".join(_head(case, is_reference=place == reference) for place, case in enumerate(cases))
    under = "".join(
        '<th scope="col">reference</th>' if place == reference else '<th></th><th scope="col">ratio</th>'
        for place in range(len(cases))
    )
    rows = "".join(_row(line, reference) for line in table)
    table_head = f'<thead><tr><td></td>{heads}</tr><tr class="under"><td></td>{under}</tr></thead>'
    style = "full" if len(cases) <= _FEW else ""
    return framed(f"<table>{table_head}<tbody>{rows}</tbody></table>", "The networks side by side", style)


def _head(case: Case, *, is_reference: bool) -> str:
    return f'<th scope="colgroup" colspan="{1 if is_reference else 2}">{escape(case.label)}</th>'


def _row(line: Line, reference: int) -> str:
    cells = "".join(_cell(line, place, is_reference=place == reference) for place in range(len(line.values)))
    title = line.measure.title
    return f'<tr><th scope="row">{explained(title, MEANINGS[title])}</th>{cells}</tr>'


def _cell(line: Line, place: int, *, is_reference: bool) -> str:
    text = escape(line.texts[place])
    if place in line.best:
        text = (
            f'<b>{text}</b> <span class="best" role="img" aria-label="best" title="The best of its row">{BEST}</span>'
        )
    value = f'<td class="value" title="{escape(line.exact[place])}">{text}</td>'
    return value if is_reference else f'{value}<td class="ratio">{escape(line.against[place])}</td>'

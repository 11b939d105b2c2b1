"""Tables in HTML, where one has to see all columns at once: they wrap, and scroll in a frame of their own."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from explorer.palette import KINDS
from explorer.ui.chart import theme

STYLE = Path(__file__).with_suffix(".css")


def framed(table: str, label: str, style: str = "") -> str:
    """Return a table in a frame; `style` are further classes of its style sheet, `label` says what the table is."""
    paper = st.get_option(f"theme.{theme()}.backgroundColor")  # hides what scrolls below the first column
    colours = f"--paper:{paper};--bar:{KINDS['conv'].tone(theme()).fill}"
    return (
        f'<div class="sheet {style}" style="{colours}" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"{table}</div>"
    )


def explained(word: str, meaning: str) -> str:
    """Return a heading whose meaning is one hover away."""
    return f'<span title="{escape(meaning)}">{escape(word)}</span>'


def bar_cell(text: str, share: float, meaning: str) -> str:
    """Return a cell with a number on a bar that is as long as its share, from 0 to 1; `meaning` is one hover away."""
    return f'<td class="bar" style="--share:{share:.2%}" title="{escape(meaning)}">{escape(text)}</td>'

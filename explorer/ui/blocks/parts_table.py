"""What each branch or step of a block has of its parameters, MACs and memory."""

from __future__ import annotations

from html import escape

import streamlit as st

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.blocks.parts import Part, PartTotal, totals
from explorer.ui.blocks.headline import seen_in_words
from explorer.ui.explore.headline import DEFINITIONS
from explorer.ui.html_table import bar_cell, explained, framed

_COLUMNS = {
    "Output": "Channels, height and width of what it hands on, for one picture.",
    "Parameters": f"{DEFINITIONS['Parameters']} The bar is the share of the block's.",
    "MACs": f"{DEFINITIONS['MACs']} The bar is the share of the block's.",
    "MiB": "What it writes for one picture, in MiB (2**20 bytes).",
    "Sees": "The part of the block's input that one unit can depend on.",
}


def show(analysis: Analysis, parts: tuple[Part, ...]) -> None:
    """Draw one line for each branch or step."""
    st.html(table_html(analysis, totals(analysis, parts)))


def table_html(analysis: Analysis, found: tuple[PartTotal, ...]) -> str:
    """Return the table as HTML; the shares of parameters and of MACs lie behind their numbers as bars."""
    heads = "".join(f'<th scope="col">{explained(name, meaning)}</th>' for name, meaning in _COLUMNS.items())
    rows = "".join(_row(analysis, one) for one in found)
    table = f"<table><thead><tr><td>Branch</td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return framed(table, f"The {len(found)} branches or steps of the block", "parts")


def _row(analysis: Analysis, one: PartTotal) -> str:
    cells = (
        f'<td class="shape">{units.shape(one.output_shape[1:])}</td>',
        _share(one.params, analysis.params, "parameters"),
        _share(one.macs, analysis.macs, "MACs"),
        f'<td title="{units.exact(one.activation_bytes)} bytes">{one.activation_bytes / 2**20:.3g}</td>',
        f"<td>{seen_in_words(one.receptive_field, analysis.input_shape)}</td>",
    )
    return f'<tr><th scope="row">{escape(one.title)}</th>{"".join(cells)}</tr>'


def _share(part: int, whole: int, what: str) -> str:
    share = part / whole if whole else 0.0
    return bar_cell(units.exact(part), share, f"{units.percent(share)} of the block's {what}")

"""The table of LeNet-5's layer C3 as a matrix of crosses, as in the paper; a click sets or takes one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.blocks.c3_table import MAPS, PUBLISHED, SOURCES, Table, read_table, write_table
from explorer.ui.panel import make_panel
from explorer.units import TIMES

_KEY = "b_maps"  # in the session and in the address
_panel = make_panel("explorer_c3_matrix", Path(__file__).with_suffix(".css").read_text())


def pick() -> str:
    """Draw the matrix and return it as the text that the block takes."""
    text = _text()
    st.markdown("**Which maps of S2 (rows) does each map of C3 (columns) read?** A click sets or takes a cross.")
    picked = _panel(matrix_html(read_table(text)), key="b-matrix")
    if picked:
        st.session_state[_KEY] = toggled(text, *map(int, picked.split(",")))
        st.rerun()
    _write_address(text)
    return text


def _text() -> str:
    text = st.session_state.get(_KEY) or st.query_params.get(_KEY, PUBLISHED)
    try:
        return write_table(read_table(text))
    except ValueError:  # the note above the controls says what is wrong with it
        return PUBLISHED


def _write_address(text: str) -> None:
    st.session_state[_KEY] = text
    if text == PUBLISHED:
        st.query_params.pop(_KEY, None)
    elif st.query_params.get(_KEY) != text:
        st.query_params[_KEY] = text


def toggled(text: str, source: int, reader: int) -> str:
    """Return the table with one link set that was not, or taken that was."""
    table = [set(sources) for sources in read_table(text)]
    table[reader] ^= {source}
    return write_table(tuple(tuple(sorted(sources)) for sources in table))


def matrix_html(table: Table) -> str:
    """Return the matrix with a button for each link, how many maps each map reads, and by how many each is read."""
    heads = "".join(f'<th scope="col">{reader}</th>' for reader in range(MAPS))
    rows = "".join(_row(table, source) for source in range(SOURCES))
    reads = "".join(f"<td>{len(sources)}</td>" for sources in table)
    return (
        f'<div class="matrix"><table><thead><tr><td></td>{heads}<th scope="col">read by</th></tr></thead>'
        f'<tbody>{rows}</tbody><tfoot><tr><th scope="row">reads</th>{reads}'
        f'<td><b title="Links in all">{sum(map(len, table))}</b></td></tr></tfoot></table></div>'
    )


def _row(table: Table, source: int) -> str:
    cells = "".join(_cell(source, reader, is_link=source in sources) for reader, sources in enumerate(table))
    readers = sum(source in sources for sources in table)
    return f'<tr><th scope="row">{source}</th>{cells}<td>{readers}</td></tr>'


def _cell(source: int, reader: int, *, is_link: bool) -> str:
    return (
        f'<td><button type="button" data-pick="{source},{reader}" aria-pressed="{str(is_link).lower()}" '
        f'aria-label="Map {reader} of C3 reads map {source} of S2">{TIMES if is_link else ""}</button></td>'
    )

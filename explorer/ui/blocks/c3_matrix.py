"""The table of LeNet-5's layer C3 as a matrix of check boxes, bound to the address as text."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.blocks.c3_table import MAPS, PUBLISHED, SOURCES, Table, read_table, write_table

_KEY, _START = "b_maps", "b_matrix_start"


def pick(version: int) -> str:
    """Draw the matrix and return it as the text that the block takes. A new version starts from the session's text."""
    editor = f"b_matrix_{version}"
    if editor not in st.session_state:
        st.session_state[_START] = _text()
    st.markdown("**Which maps of S2 (rows) does each map of C3 (columns) read?**")
    edited = st.data_editor(
        _frame(read_table(st.session_state[_START])),
        key=editor,
        width="content",
        column_config={"_index": st.column_config.TextColumn("S2", width=50)}
        | {str(i): st.column_config.CheckboxColumn(width=50) for i in range(MAPS)},
    )
    text = write_table(_table(edited))
    st.session_state[_KEY] = text
    if text == PUBLISHED:
        st.query_params.pop(_KEY, None)
    elif st.query_params.get(_KEY) != text:
        st.query_params[_KEY] = text
    return text


def _text() -> str:
    text = st.session_state.get(_KEY) or st.query_params.get(_KEY, PUBLISHED)
    try:
        return write_table(read_table(text))
    except ValueError:  # the note above the controls says what is wrong with it
        return PUBLISHED


def _frame(table: Table) -> pd.DataFrame:
    cells = {str(i): [source in sources for source in range(SOURCES)] for i, sources in enumerate(table)}
    return pd.DataFrame(cells, index=[str(source) for source in range(SOURCES)])


def _table(frame: pd.DataFrame) -> Table:
    return tuple(tuple(source for source, is_read in enumerate(frame[str(i)]) if is_read) for i in range(MAPS))

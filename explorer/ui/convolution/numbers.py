"""Small tables of numbers that one can edit, kept in the address as "1,0,-1 2,0,-2": rows with spaces between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from explorer.convolution import Numbers
from explorer.ui.address import asked_anew, choose, forget_notes, write

Table = tuple[tuple[float, ...], ...]
LARGEST = 999
COLUMN_WIDTH = 43  # pixels
ROW_HEIGHT = 35


def parse(text: str, most_rows: int, most_columns: int) -> Table:
    """Return the table that a text of the address stands for. What is none raises ValueError with the reason."""
    try:
        table = tuple(tuple(float(number) for number in row.split(",")) for row in text.split())
    except ValueError:
        raise ValueError("Numbers have commas between them, and rows have spaces, as in 1,0 0,1.") from None
    if not table or len({len(row) for row in table}) > 1:
        raise ValueError("All rows need the same number of numbers, and there has to be one.")
    if len(table) > most_rows or len(table[0]) > most_columns:
        raise ValueError(f"The most is {most_rows} rows of {most_columns} numbers.")
    if not all(abs(number) <= LARGEST for row in table for number in row):
        raise ValueError(f"Numbers go from -{LARGEST} to {LARGEST}.")
    return table


def written(table: Table) -> str:
    """Return the table as it stands in the address."""
    return " ".join(",".join(f"{number:g}" for number in row) for row in table)


def check(most_rows: int, most_columns: int) -> Callable[[str], Table]:
    """Return a check of the address for a table."""
    return lambda text: parse(text, most_rows, most_columns)


def as_array(table: Table) -> Numbers:
    return np.array(table, np.float64)


def replace(name: str, table: Table) -> None:
    """Put other numbers into the editor of this name, from a callback."""
    clear(name)
    st.session_state[f"{name}-start"] = table


def clear(name: str) -> None:
    """Let the editor of this name start afresh."""
    st.session_state[f"{name}-version"] = st.session_state.get(f"{name}-version", 0) + 1
    for kept in ("start", "now"):
        st.session_state.pop(f"{name}-{kept}", None)


def pick_preset(
    label: str,
    titles: Mapping[str, str],
    *,
    key: str,
    editor: str,
    on_choice: Callable[[], None] = forget_notes,
    **more: Any,
) -> bool:
    """Draw the choice of numbers to start from, and say whether it is another one than before.

    Then, whether it was chosen here, which calls `on_choice`, or asked for by a link, the editor of this name starts
    afresh.
    """
    name = choose(st.selectbox, label, titles, key=key, default=next(iter(titles)), on_change=on_choice, **more)
    before = st.session_state.get(f"{editor}-of", name)
    st.session_state[f"{editor}-of"] = name
    if before != name:
        clear(editor)
    return bool(before != name)


def current(name: str, default: Table, parse: Callable[[str], Table]) -> Table:
    """Return what the editor of this name is about to hold: what a link asks for, what it held last, or the default."""
    asked = asked_anew(name)
    if asked is not None:
        with suppress(ValueError):  # which has a note of its own
            return parse(asked)
    if f"{name}-now" in st.session_state:
        now: Table = st.session_state[f"{name}-now"]
        return now
    if f"{name}-start" in st.session_state:
        start: Table = st.session_state[f"{name}-start"]
        return start
    return default


def edit(name: str, default: Table, *, most: int, alt: str) -> Table:
    """Draw the editor and return its numbers. They are in the address where they are not the default."""
    key = f"{name}-editor-{st.session_state.get(f'{name}-version', 0)}"
    if key not in st.session_state:  # the first time, or back from where it was not drawn
        st.session_state[f"{name}-start"] = current(name, default, check(most, most))
    start: Table = st.session_state[f"{name}-start"]
    columns = [str(place + 1) for place in range(len(start[0]))]
    edited = st.data_editor(
        pd.DataFrame(start, columns=columns),
        key=key,
        hide_index=True,
        width=COLUMN_WIDTH * len(columns) + 2,
        height=ROW_HEIGHT * (len(start) + 1) + 2,
        row_height=ROW_HEIGHT,
        column_config={
            column: st.column_config.NumberColumn(
                min_value=-LARGEST, max_value=LARGEST, width=COLUMN_WIDTH, format="%g", required=True
            )
            for column in columns
        },
        alt=alt,
    )
    table: Table = tuple(map(tuple, edited.fillna(0).to_numpy(float).tolist()))
    remember(name, table, default)
    return table


def remember(name: str, table: Table, default: Table) -> None:
    """Keep the table for when its editor is not drawn, and in the address where it is not the default."""
    st.session_state[f"{name}-now"] = table
    write(name, None if table == default else written(table))

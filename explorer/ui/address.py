"""The address of a page holds its whole state.

Numbers, switches and text are bound to it by Streamlit (`bind="query-params"`). A choice is bound here, because
Streamlit would put its label there instead of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

_NOTES = "address-notes"  # in the session: page -> notes


class NotAsAskedError(ValueError):
    """What a link asks for cannot be shown, but `instead` can."""

    def __init__(self, reason: str, instead: str) -> None:
        super().__init__(reason)
        self.instead = instead


def choose(
    widget: Callable[..., Any], label: str, choices: Mapping[str, str], *, key: str, default: str, **more: Any
) -> str:
    """Draw a selectbox or segmented control of names with labels, bound to the address; return the chosen name."""
    asked = asked_anew(key)
    if asked in choices:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in choices:
        st.session_state[key] = default
    chosen: str = widget(
        label, list(choices), format_func=choices.__getitem__, key=key, persist_state="session", **more
    )
    write(key, None if chosen == default else chosen)
    return chosen


def asked_anew(key: str) -> str | None:
    """Return what a link that was pasted or followed asks for; None for what the page itself wrote to the address."""
    asked = st.query_params.get(key)
    return None if asked == st.session_state.get(_written(key)) else asked


def write(key: str, value: str | None) -> None:
    """Put a value into the address, or take it out, and remember that it was the page that did."""
    if value is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
    st.session_state[_written(key)] = value


def _written(key: str) -> str:
    return f"{key}-written"


def share() -> None:
    """Draw a button that shows the address of this very view, to copy. Call it when all controls have been drawn."""
    query = urlencode(st.query_params.to_dict())
    with st.popover("Share", icon=":material/link:", help="The link to this view, with all its settings"):
        st.code(f"{st.context.url}?{query}".rstrip("?"), language=None, wrap_lines=True)


def explain_address(page: str, checks: Mapping[str, Callable[[str], Any]]) -> None:
    """Show a note for each parameter of the address that its check refuses with a ValueError, until `forget_notes`.

    The error says what is allowed; a NotAsAskedError also what is shown instead, if that is not the default.
    Call it before the controls are drawn: they take bad values out of the address.
    """
    asked = {key: value for key, value in st.query_params.items() if key not in st.session_state}
    notes = [note for key, check in checks.items() if key in asked and (note := _complaint(key, asked[key], check))]
    if notes:
        st.session_state[_NOTES] = {page: notes}
    for note in st.session_state.get(_NOTES, {}).get(page, ()):
        st.warning(note, icon=":material/link_off:")


def forget_notes() -> None:
    """Take the notes away, once the visitor has chosen something else."""
    st.session_state.pop(_NOTES, None)


def _complaint(key: str, value: str, check: Callable[[str], Any]) -> str:
    try:
        check(value)
    except ValueError as error:
        instead = error.instead if isinstance(error, NotAsAskedError) else "the default"
        return f"The link asks for {key}={value}. {error} Showing {instead} instead."
    return ""


def whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    """Return a check for a whole number in a range."""

    def check(value: str) -> int:
        if not value.strip().removeprefix("-").isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"{what} is a whole number from {least} to {most}.")
        return int(value)

    return check


def one_of(what: str, choices: Collection[str]) -> Callable[[str], str]:
    """Return a check for one of some words."""

    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"{what} can be {', '.join(choices)}.")
        return value

    return check

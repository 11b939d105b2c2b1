"""What a pasted link asks for. Controls fall back to their defaults by themselves; here the visitor is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

_NOTES = "address-notes"  # in the session: page -> notes


def explain_address(page: str, checks: Mapping[str, Callable[[str], Any]]) -> None:
    """Show a note for each parameter of the address that its check refuses with a ValueError, until `forget_notes`.

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
        return f"The link asks for {key}={value}. {error} Showing the default instead."
    return ""


def whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    """Return a check for a whole number in a range."""

    def check(value: str) -> int:
        if not value.strip().lstrip("-").isdecimal() or not least <= int(value) <= most:
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

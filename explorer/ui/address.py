"""The address of a page holds its whole state.

Numbers, switches and text are bound to it by Streamlit (`bind="query-params"`). A choice is bound here, because
Streamlit would put its label there instead of its name.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException

from explorer.ui.markdown import plain

_NOTES = "address-notes"  # in the session: place -> parameter -> note
_PAGE = "address-page"  # in the session: the page that was shown last
_LOST = "address-lost"  # in the session: parameters that went with a bad one
_WRITTEN = "-written"  # in the session, behind a parameter: what the page last wrote to the address
_LONGEST_VALUE, _LONGEST_REASON = 40, 400  # characters of a note
_MORE = "\N{HORIZONTAL ELLIPSIS}"


class NotAsAskedError(ValueError):
    """What a link asks for cannot be shown, but `instead` can: the page takes that from the address itself."""

    def __init__(self, reason: str, instead: str) -> None:
        super().__init__(reason)
        self.instead = instead


def arrive(page: str) -> None:
    """Count all that the address asks for as asked anew, where another page was shown before."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        forget_notes()
        for key in [key for key in st.session_state if str(key).endswith(_WRITTEN)]:
            del st.session_state[key]


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
    return f"{key}{_WRITTEN}"


def share() -> None:
    """Draw a button that shows the address of this very view, to copy. Call it when all controls have been drawn."""
    query = urlencode(st.query_params.to_dict())
    with st.popover("Share", icon=":material/link:", help="The link to this view, with all its settings"):
        st.code(f"{st.context.url}?{query}".rstrip("?"), language=None, wrap_lines=True)


def explain_address(place: str, checks: Mapping[str, Callable[[str], Any]]) -> None:
    """Take each parameter that its check refuses with a ValueError out of the address.

    A note for each stays at this place of the page until `forget_notes`. The error says what is allowed; a
    NotAsAskedError also what is shown instead, if that is not the default. Call it before the controls are drawn:
    Streamlit ends the page at some numbers, and reads others in its own way.
    """
    for key in st.session_state.pop(_LOST, ()):
        st.session_state[key] = st.session_state[key]
    asked = {key: value for key, value in st.query_params.items() if key in checks and not _is_held(key, value)}
    refused = {key: error for key, value in asked.items() if (error := _refusal(checks[key], value))}
    kept: dict[str, str] = st.session_state.setdefault(_NOTES, {}).setdefault(place, {})
    kept |= {key: _note(key, asked[key], error) for key, error in refused.items()}
    impossible = [key for key, error in refused.items() if not isinstance(error, NotAsAskedError)]
    if impossible:
        _take_out(impossible)
        st.rerun()
    for note in kept.values():
        st.warning(note, icon=":material/link_off:")


def forget_notes() -> None:
    """Take the notes away, once the visitor has chosen something else."""
    st.session_state.pop(_NOTES, None)


def _is_held(key: str, value: str) -> bool:
    """Return whether the session has this parameter: no link asks for it, unless the way back led to another number."""
    held = st.session_state.get(key)
    return held is not None and (not isinstance(held, int) or str(held) == value)


def _refusal(check: Callable[[str], Any], value: str) -> ValueError | None:
    try:
        check(value)
    except ValueError as error:
        return error
    return None


def _take_out(keys: Collection[str]) -> None:
    """Take parameters out of the address, all of them where the browser's way back led to one that a control holds.

    Streamlit lets nobody take that out alone. What the controls held goes back into the address in the next run.
    """
    try:
        for key in keys:
            del st.query_params[key]
    except StreamlitAPIException:
        st.session_state[_LOST] = [key for key in st.query_params if key in st.session_state]
        st.query_params.from_dict({})


def _note(key: str, value: str, error: ValueError) -> str:
    instead = error.instead if isinstance(error, NotAsAskedError) else "the default"
    asked = value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + _MORE
    reason = textwrap.shorten(str(error), _LONGEST_REASON, placeholder=_MORE)
    return f"The link asks for {plain(f'{key}={asked}')}. {plain(reason)} Showing {plain(instead)} instead."


def whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    """Return a check for a whole number in a range."""

    def check(value: str) -> int:
        if not re.fullmatch(r"-?\d{1,12}", value) or not least <= int(value) <= most:
            raise ValueError(f"{what} is a whole number from {least} to {most}.")
        return int(value)

    return check


def number(what: str, least: float, most: float) -> Callable[[str], float]:
    """Return a check for a number in a range."""

    def check(value: str) -> float:
        try:
            given = float(value)
        except ValueError:
            given = math.nan
        if not least <= given <= most:
            raise ValueError(f"{what} is a number from {least:g} to {most:g}.")
        return given

    return check


def on_or_off(what: str) -> Callable[[str], bool]:
    """Return a check for a switch."""

    def check(value: str) -> bool:
        if value.lower() not in ("true", "false"):
            raise ValueError(f"{what} can be true or false.")
        return value.lower() == "true"

    return check


def known(get: Callable[[str], Any]) -> Callable[[str], None]:
    """Return a check for a name that `get` does not refuse with a KeyError."""

    def check(name: str) -> None:
        try:
            get(name)
        except KeyError as error:
            raise ValueError(error.args[0]) from None

    return check


def one_of(what: str, choices: Collection[str]) -> Callable[[str], str]:
    """Return a check for one of some words."""

    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"{what} can be {', '.join(choices)}.")
        return value

    return check

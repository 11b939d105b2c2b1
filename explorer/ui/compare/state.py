"""Which networks are compared: in the session as slugs, in the page's address as one word."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

import streamlit as st

from explorer.comparison.entry import LEAST, MOST, Entry, decode, decode_one, encode, split
from explorer.comparison.presets import PRESETS
from explorer.ui.address import NotAsAskedError, forget_notes

EXPLORE = "../../pages/explore.py"
NETS = "nets"  # in the session and in the address
_WRITTEN = "nets-written"  # in the session: what this page last wrote to the address


def read_address() -> None:
    """Take the networks from an address that was pasted or followed, but not from what this page wrote there."""
    asked = st.query_params.get(NETS)
    if asked is not None and asked != st.session_state.get(_WRITTEN):
        st.session_state[NETS] = [entry.slug for entry in _readable(asked)]
    st.session_state.setdefault(NETS, [entry.slug for entry in PRESETS[0].entries])


def check_networks(asked: str) -> None:
    """Raise NotAsAskedError where an address names networks that cannot be compared."""
    try:
        decode(asked)
    except ValueError as error:
        labels = [entry.label for entry in _readable(asked)]
        raise NotAsAskedError(str(error), f"{', '.join(labels[:-1])} and {labels[-1]}") from None


def _readable(asked: str) -> list[Entry]:
    """Return the networks of an address that can be compared; with too few, those of the first preset join them."""
    found: dict[Entry, None] = {}
    for slug in split(asked):
        with suppress(ValueError):
            found[decode_one(slug)] = None
    if len(found) < LEAST:
        found |= dict.fromkeys(PRESETS[0].entries)
        return list(found)[:LEAST]
    return list(found)[:MOST]


def write_address(slugs: Sequence[str]) -> None:
    """Put the networks into the address; too few to compare, and those of the first preset, are left out."""
    word = encode(map(decode_one, slugs))
    if len(slugs) < LEAST or word == encode(PRESETS[0].entries):
        st.query_params.pop(NETS, None)
    elif st.query_params.get(NETS) != word:
        st.query_params[NETS] = word
    st.session_state[_WRITTEN] = word


def show_networks(entries: Sequence[Entry]) -> None:
    """Compare these networks from now on, from a button's callback."""
    st.session_state[NETS] = [entry.slug for entry in entries]
    forget_notes()


def change(place: int, name: str, value: Any) -> None:
    """Give the network at this place another value of an option or its size, from a control's callback."""
    slugs = list(st.session_state[NETS])
    changed = decode_one(slugs[place]).changed_to(name, value)
    try:
        changed.check()
    except ValueError as error:
        st.toast(str(error), icon=":material/error:")
        return
    if changed.slug in slugs:
        st.toast(f"{changed.label} is in this comparison already.", icon=":material/info:")
        return
    slugs[place] = changed.slug
    st.session_state[NETS] = slugs
    forget_notes()


def open_network(entry: Entry) -> NoReturn:
    """Leave for Explore, with this network as it is compared."""
    options = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in entry.changed}
    size = {"size": str(entry.size)} if entry.size else {}
    st.switch_page(EXPLORE, query_params={"arch": entry.name, **options, **size})

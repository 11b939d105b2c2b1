"""What one network of a comparison offers, in a popover of its own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.architecture import Option
from explorer.comparison.entry import SIZE, Entry
from explorer.ui.compare.state import change, open_network
from explorer.ui.markdown import plain
from explorer.ui.network_picker import LARGEST_SIDE


def edit(place: int, entry: Entry) -> None:
    """Draw what one network offers, in a popover of its own."""
    with st.popover(plain(entry.label), icon=":material/tune:", key=f"edit-{place}"):
        for option in entry.arch.options:
            _control(place, entry, option)
        _size_control(place, entry)
        if st.button("Open on Explore", key=f"open-{place}", icon=":material/search:"):
            open_network(entry)


def _control(place: int, entry: Entry, option: Option) -> None:
    label = option.name.replace("_", " ").capitalize()
    common = _common(place, entry, option.name, entry.options[option.name]) | {"help": option.help}
    if option.type is bool:
        st.toggle(label, **common)
    elif option.choices:
        st.selectbox(label, option.choices, **common)
    elif option.type is str:
        st.text_input(label, **common)
    else:
        kind = option.type
        bounds = {
            name: kind(bound) for name in ("least", "most", "step") if (bound := getattr(option, name)) is not None
        }
        st.number_input(label, bounds.get("least"), bounds.get("most"), step=bounds.get("step"), **common)


def _size_control(place: int, entry: Entry) -> None:
    least, most = entry.arch.size_range(entry.options)
    most = most or LARGEST_SIDE
    st.number_input(
        "Input size",
        least,
        most,
        disabled=least == most,
        help=f"Height and width of the picture in pixels, {least} to {most}.",
        **_common(place, entry, SIZE, entry.input_size[1]),
    )


def _common(place: int, entry: Entry, name: str, value: Any) -> dict[str, Any]:
    """The arguments of a control of one entry; what it shows is set here, since networks move when one is taken out."""
    key = f"edit-{place}-{entry.name}-{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": _changed, "args": (place, name, key)}


def _changed(place: int, name: str, key: str) -> None:
    change(place, name, st.session_state[key])

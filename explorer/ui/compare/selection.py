"""Which networks are compared, with which options, and how they are trained. All of it is in the page's address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer import registry
from explorer.architecture import Option
from explorer.comparison.entry import LEAST, MOST, SIZE, Entry, decode, decode_one, encode
from explorer.comparison.presets import PRESETS
from explorer.ui.address import choose, explain_address, forget_notes, one_of, whole_number
from explorer.ui.network_picker import LARGEST_BATCH, LARGEST_SIDE, OPTIMIZERS

VIEWS = ("Table", "Charts", "Accuracy", "Structure", "Choose")
EXPLORE = "../../pages/explore.py"
_NETS = "nets"  # in the session, slugs; in the address, all of them in one word
_WRITTEN = "nets-written"  # in the session: what this page last wrote to the address
_PRESET = "preset"


@dataclass(frozen=True)
class Selected:
    """What is compared, and the training step that is shown for each."""

    entries: tuple[Entry, ...]
    batch_size: int
    optimizer: str


def select() -> Selected:
    """Draw the controls and return what they are set to."""
    explain_address(
        "compare",
        {
            _NETS: decode,
            "step_batch": whole_number("The batch", 1, LARGEST_BATCH),
            "step_optimizer": one_of("The optimizer", OPTIMIZERS),
            "show": one_of("The view", VIEWS),
        },
    )
    _read_address()
    _pick_preset()
    slugs = _pick_networks()
    entries = tuple(map(decode_one, slugs))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="compare-options"):
        for place, entry in enumerate(entries):
            _edit(place, entry)
        st.space("stretch")
        batch = st.number_input(
            "Batch",
            min_value=1,
            max_value=LARGEST_BATCH,
            value=32,
            key="step_batch",
            bind="query-params",
            help="Pictures in one training step: it sets the training peak. All other figures are for one picture.",
            width=95,
        )
        optimizer = choose(
            st.selectbox,
            "Optimizer",
            OPTIMIZERS,
            key="step_optimizer",
            default="adam",
            help="Adam keeps two more numbers for each parameter, momentum one, plain SGD none.",
            width=150,
        )
    return Selected(entries, batch, optimizer)


def compare(entries: Sequence[Entry]) -> None:
    """Compare these networks from now on, from a button's callback."""
    st.session_state[_NETS] = [entry.slug for entry in entries]
    forget_notes()


def _read_address() -> None:
    """Take the networks from an address that was pasted or followed, but not from what this page wrote there."""
    asked = st.query_params.get(_NETS)
    if asked is not None and asked != st.session_state.get(_WRITTEN):
        try:
            compare_quietly = [entry.slug for entry in decode(asked)]
        except ValueError:  # has a note of its own
            compare_quietly = []
        st.session_state[_NETS] = compare_quietly or st.session_state.get(_NETS, _default())
    st.session_state.setdefault(_NETS, _default())

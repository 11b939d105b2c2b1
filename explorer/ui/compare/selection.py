"""Which networks are compared, with which options, and how they are trained. All of it is in the page's address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import registry
from explorer.comparison.entry import LEAST, MOST, Entry, decode_one
from explorer.comparison.presets import PRESETS
from explorer.ui.address import choose, explain_address, forget_notes, one_of, whole_number
from explorer.ui.compare.budget import BUDGETS
from explorer.ui.compare.options import edit
from explorer.ui.compare.state import NETS, check_networks, read_address, show_networks, write_address
from explorer.ui.network_picker import LARGEST_BATCH, OPTIMIZERS

VIEWS = ("Table", "Charts", "Accuracy", "Structure", "Choose")
SMALLEST = "smallest"  # stands for the network with the fewest parameters
_PRESET = "preset"


@dataclass(frozen=True)
class Selected:
    """What is compared, and the training step that is shown for each."""

    entries: tuple[Entry, ...]
    batch_size: int
    optimizer: str
    against: str  # the slug of the network that ratios are against, or SMALLEST


def select(top: DeltaGenerator) -> Selected:
    """Draw the controls, those for whole comparisons in the row `top`; return what they are set to."""
    explain_address(
        "compare",
        {
            NETS: check_networks,
            "step_batch": whole_number("The batch", 1, LARGEST_BATCH),
            "step_optimizer": one_of("The optimizer", OPTIMIZERS),
            "show": one_of("The view", VIEWS),
            **{budget.key: budget.check for budget in BUDGETS},
        },
    )
    read_address()
    with top:
        _pick_preset()
    networks, step = st.columns([4, 3], gap="small", vertical_alignment="bottom")
    with networks:
        entries = tuple(map(decode_one, _pick_networks()))
    with step:
        against, batch, optimizer = _pick_step(entries)
    with st.container(horizontal=True, gap="small", key="compare-options"):
        for place, entry in enumerate(entries):
            edit(place, entry)
    return Selected(entries, batch, optimizer, against)


def _pick_step(entries: Sequence[Entry]) -> tuple[str, int, str]:
    """Draw what ratios are against, and the batch and the optimizer of a training step; return all three."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        against = choose(
            st.selectbox,
            "Ratios against",
            {SMALLEST: "the smallest network"} | {entry.slug: entry.label for entry in entries},
            key="against",
            default=SMALLEST,
            help="What each figure is divided by. The smallest is the one with the fewest parameters.",
        )
        batch: int = st.number_input(
            "Batch",
            min_value=1,
            max_value=LARGEST_BATCH,
            value=32,
            key="step_batch",
            bind="query-params",
            help="Pictures in one training step: it sets the training peak. All other figures are for one picture.",
            width=90,
        )
        optimizer = choose(
            st.selectbox,
            "Optimizer",
            OPTIMIZERS,
            key="step_optimizer",
            default="adam",
            help="Adam keeps two more numbers for each parameter, momentum one, plain SGD none.",
            width=130,
        )
    return against, batch, optimizer


def _pick_networks() -> list[str]:
    choices = dict.fromkeys([*registry.names(), *st.session_state[NETS]])
    slugs: list[str] = st.multiselect(
        f"Networks, {LEAST} to {MOST}",
        list(choices),
        format_func=_label,
        key=NETS,
        max_selections=MOST,
        persist_state="session",
        on_change=forget_notes,
        placeholder="Type a name or a year",
        help="Change an option below and add the network again to see it with and without.",
    )
    write_address(slugs)
    return slugs


def _label(slug: str) -> str:
    entry = decode_one(slug)
    return f"{entry.label} ({entry.arch.year})"


def _pick_preset() -> None:
    """Draw the presets; the one that is shown, if any, is lit."""
    shown = st.session_state[NETS]
    lit = [place for place, one in enumerate(PRESETS) if [entry.slug for entry in one.entries] == shown]
    st.session_state[_PRESET] = lit[0] if lit else None
    st.pills(
        "Comparisons worth a look",
        range(len(PRESETS)),
        format_func=lambda place: PRESETS[place].title,
        key=_PRESET,
        on_change=_preset_chosen,
        label_visibility="collapsed",
        width="stretch",
    )


def _preset_chosen() -> None:
    place = st.session_state[_PRESET]
    if place is not None:
        show_networks(PRESETS[place].entries)

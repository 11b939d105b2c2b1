"""Which networks are compared, with which options, and how they are trained. All of it is in the page's address."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import registry
from explorer.architecture import Option
from explorer.comparison.entry import LEAST, MOST, SIZE, Entry, decode, decode_one, encode
from explorer.comparison.presets import PRESETS
from explorer.ui.address import choose, explain_address, forget_notes, one_of, whole_number
from explorer.ui.compare.budget import BUDGETS
from explorer.ui.network_picker import LARGEST_BATCH, LARGEST_SIDE, OPTIMIZERS, show_network

VIEWS = ("Table", "Charts", "Accuracy", "Structure", "Choose")
EXPLORE = "../../pages/explore.py"
SMALLEST = "smallest"  # stands for the network with the fewest parameters
_NETS = "nets"  # in the session, slugs; in the address, all of them in one word
_WRITTEN = "nets-written"  # in the session: what this page last wrote to the address
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
            _NETS: decode,
            "step_batch": whole_number("The batch", 1, LARGEST_BATCH),
            "step_optimizer": one_of("The optimizer", OPTIMIZERS),
            "show": one_of("The view", VIEWS),
            **{budget.key: budget.check for budget in BUDGETS},
        },
    )
    _read_address()
    with top:
        _pick_preset()
    slugs = _pick_networks()
    entries = tuple(map(decode_one, slugs))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="compare-options"):
        for place, entry in enumerate(entries):
            _edit(place, entry)
        st.space("stretch")
        against = choose(
            st.selectbox,
            "Ratios against",
            {SMALLEST: "the smallest network"} | {entry.slug: entry.label for entry in entries},
            key="against",
            default=SMALLEST,
            help="What each figure is divided by. The smallest is the one with the fewest parameters.",
            width=230,
        )
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
    return Selected(entries, batch, optimizer, against)


def show_networks(entries: Sequence[Entry]) -> None:
    """Compare these networks from now on, from a button's callback."""
    st.session_state[_NETS] = [entry.slug for entry in entries]
    forget_notes()


def open_network(entry: Entry) -> NoReturn:
    """Leave for Explore, with this network as it is compared."""
    show_network(entry.name)
    options = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in entry.changed}
    size = {"size": str(entry.size)} if entry.size else {}
    st.switch_page(EXPLORE, query_params={"arch": entry.name, **options, **size})


def _read_address() -> None:
    """Take the networks from an address that was pasted or followed, but not from what this page wrote there."""
    asked = st.query_params.get(_NETS)
    if asked is not None and asked != st.session_state.get(_WRITTEN):
        with suppress(ValueError):  # which has a note of its own
            st.session_state[_NETS] = [entry.slug for entry in decode(asked)]
    st.session_state.setdefault(_NETS, [entry.slug for entry in PRESETS[0].entries])


def _write_address(slugs: Sequence[str]) -> None:
    word = encode(map(decode_one, slugs))
    if word == encode(PRESETS[0].entries):
        st.query_params.pop(_NETS, None)
    elif st.query_params.get(_NETS) != word:
        st.query_params[_NETS] = word
    st.session_state[_WRITTEN] = word


def _pick_networks() -> list[str]:
    choices = dict.fromkeys([*registry.names(), *st.session_state[_NETS]])
    slugs: list[str] = st.multiselect(
        f"Networks, {LEAST} to {MOST}",
        list(choices),
        format_func=_label,
        key=_NETS,
        max_selections=MOST,
        persist_state="session",
        on_change=forget_notes,
        placeholder="Type a name or a year",
        help="Change an option below and add the network again to see it with and without.",
    )
    _write_address(slugs)
    return slugs


def _label(slug: str) -> str:
    entry = decode_one(slug)
    return f"{entry.label} ({entry.arch.year})"


def _pick_preset() -> None:
    """Draw the presets; the one that is shown, if any, is lit."""
    shown = st.session_state[_NETS]
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


def _edit(place: int, entry: Entry) -> None:
    """Draw what one network offers, in a popover of its own."""
    with st.popover(entry.label, icon=":material/tune:", key=f"edit-{place}"):
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
    slugs = list(st.session_state[_NETS])
    changed = decode_one(slugs[place]).changed_to(name, st.session_state[key])
    if changed.slug in slugs:
        st.toast(f"{changed.label} is in this comparison already.", icon=":material/info:")
    else:
        slugs[place] = changed.slug
        st.session_state[_NETS] = slugs
        forget_notes()

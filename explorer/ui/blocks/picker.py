"""The controls that choose a block and its options. What they are set to is in the page's address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import blocks
from explorer.architecture import Option, OptionValue
from explorer.blocks.record import Block, Preset, Values
from explorer.ui.address import choose, explain_address, forget_notes, known, on_or_off, one_of
from explorer.ui.blocks import c3_matrix
from explorer.units import TIMES

FIRST_BLOCK = "inception"
VIEWS = ("Compared", "Formulas", "Code")
OWN_VIEWS = {"residual": "Gradient", "normalisation": "On numbers"}
DETAILS = {"blocks": "Steps", "layers": "Every layer"}
LAYER = "b_layer"  # the layer whose card is open
_BLOCK, _PRESET = "b_block", "b_preset"
_LAST_FIT = "b_last_fit"  # in the session: a block's name and its values
_TYPED = ("in_channels", "size", "num_classes", "alpha", "beta", "k")  # exact numbers are typed, widths slid

_LABELS = {
    "in_channels": "Input channels",
    "num_classes": "Classes",
    "pool_proj": "Pool projection",
    "conv": "Convolution",
    "cccp1": "First 1x1",
    "cccp2": "Second 1x1",
    "expand1x1": "Expand 1x1",
    "expand3x3": "Expand 3x3",
    "channels_7x7": "Channels of 7x7",
    "wide_reduce": f"n{TIMES}n reduce",
    "wide": f"n{TIMES}n",
}


def key_of(option: str) -> str:
    """Return the name of an option in the address."""
    return f"b_{option}"


def pick_block() -> Block:
    """Draw the choice of a block and return it."""
    name = choose(
        st.selectbox,
        "Block",
        {name: f"{blocks.get(name).title} ({blocks.get(name).paper.published[:4]})" for name in blocks.names()},
        key=_BLOCK,
        default=FIRST_BLOCK,
        on_change=_take_block,
        label_visibility="collapsed",
        width=340,
    )
    return blocks.get(name)


def pick_options(block: Block, wide: DeltaGenerator) -> dict[str, Any]:
    """Draw the options of the block and return their values, which may not fit together.

    What needs more room than a column of controls is drawn in `wide`.
    """
    switches = [option for option in block.options if option.type is bool or option.choices]
    typed = [option for option in block.options if option.name in _TYPED]
    slid = [option for option in block.options if option.type in (int, float) and option.name not in _TYPED]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        values: dict[str, Any] = {option.name: _switch(block, option) for option in switches}
    idle = block.unused(block.defaults | values)
    with st.container(horizontal=True, gap="small"):
        values |= {option.name: _type(option, option.name in idle) for option in typed}
    with st.grid(2, min_column_width=140, gap=("xxsmall", "small")):
        values |= {option.name: _slide(option, option.name in idle) for option in slid}
    if block.name == "c3_table":
        with wide:
            values["maps"] = c3_matrix.pick()
    return values


def pick_preset(block: Block, values: Values) -> None:
    """Draw the presets, the one that these values make up among them as chosen."""
    presets = {preset.title: preset for preset in block.presets}
    matching = (title for title, preset in presets.items() if _all_values(block, preset) == values)
    st.session_state[_PRESET] = next(matching, None)
    st.pills("Presets", list(presets), key=_PRESET, on_change=_take_preset, args=(block,), label_visibility="collapsed")


def remember_fit(block: Block, values: Values) -> None:
    """Keep values that fit together, for `offer_way_back`."""
    st.session_state[_LAST_FIT] = block.name, values


def offer_way_back(block: Block) -> None:
    """Draw a button that leads from values that do not fit back to the last that did."""
    name, values = st.session_state.get(_LAST_FIT, ("", {}))
    back = values if name == block.name else block.defaults
    st.button("Back to what fitted", icon=":material/undo:", key="b-undo", on_click=_take, args=(back,))


def _all_values(block: Block, preset: Preset) -> Values:
    return block.defaults | dict(preset.values)


def _take_preset(block: Block) -> None:
    title = st.session_state[_PRESET]
    _take(next((_all_values(block, preset) for preset in block.presets if preset.title == title), block.defaults))


def _take_block() -> None:
    """Let the options start afresh: they belong to one block."""
    block = blocks.get(st.session_state[_BLOCK])
    mine = {key_of(option.name) for option in block.options}
    for other in blocks.names():
        for option in blocks.get(other).options:
            if key_of(option.name) not in mine:
                st.session_state.pop(key_of(option.name), None)
            if option.type is str:  # not bound by Streamlit
                st.query_params.pop(key_of(option.name), None)
    st.query_params.pop(LAYER, None)
    _take(block.defaults)
    forget_notes()


def _take(values: Values) -> None:
    for name, value in values.items():
        st.session_state[key_of(name)] = value


# One control for each type of option


def _label(option: Option) -> str:
    words = _LABELS.get(option.name, option.name.replace("_", " ").capitalize())
    return re.sub(r"\bC?(\d)x(\d)", rf"\1{TIMES}\2", words)


def _switch(block: Block, option: Option) -> OptionValue:
    if option.type is bool:
        return st.toggle(
            _label(option),
            value=bool(option.default),
            key=key_of(option.name),
            bind="query-params",
            help=option.help,
        )
    return choose(
        st.selectbox,
        _label(option),
        {word: block.words.get(word, word) for word in option.choices},
        key=key_of(option.name),
        default=str(option.default),
        help=option.help,
        width=200,
    )


def _type(option: Option, idle: bool) -> OptionValue:
    kind = option.type
    number: OptionValue = st.number_input(
        _label(option),
        min_value=kind(option.least),
        max_value=kind(option.most),
        value=kind(option.default),
        step=kind(option.step) if option.step else None,
        format="%d" if kind is int else "%g",
        key=key_of(option.name),
        bind="query-params",
        help=option.help,
        disabled=idle,
        width=112,
    )
    return number


def _slide(option: Option, idle: bool) -> OptionValue:
    kind = option.type
    number: OptionValue = st.slider(
        _label(option),
        min_value=kind(option.least),
        max_value=kind(option.most),
        value=kind(option.default),
        step=kind(option.step),
        key=key_of(option.name),
        bind="query-params",
        help=option.help,
        disabled=idle,
    )
    return number


# What a pasted link asks for


def explain_link() -> None:
    """Say what a pasted link asks for that there is not. Call it before the controls are drawn."""
    asked = st.query_params.get(_BLOCK, FIRST_BLOCK)
    block = blocks.get(asked if asked in blocks.names() else FIRST_BLOCK)
    views = (*VIEWS, *filter(None, [OWN_VIEWS.get(block.name)]))
    explain_address(
        "blocks",
        {
            _BLOCK: known(blocks.get),
            **{key_of(option.name): _check(block, option) for option in block.options},
            "b_view": one_of("The view", views),
            "b_detail": one_of("The detail", DETAILS),
        },
    )


def _check(block: Block, option: Option) -> Callable[[str], Any]:
    """Return a check that calls the option what its control is called."""
    if option.type is bool:
        return on_or_off(_label(option))
    is_text = option.type is str and not option.choices

    def check(value: str) -> None:
        try:
            block.check({option.name: value}) if is_text else option.check(value)
        except ValueError as error:
            own, _, rest = str(error).partition(" ")
            raise ValueError(f"{_label(option)} {rest}" if own == option.name else str(error)) from None

    return check

"""A stack of one's own layers, and what the units behind each of them see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from explorer.convolution import Axis
from explorer.ui.address import one_of, whole_number
from explorer.ui.convolution import numbers
from explorer.ui.convolution.numbers import Table
from explorer.ui.convolution.stage import Stage
from explorer.units import shape

MOST_LAYERS = 24
SIDE, LEAST_SIDE, MOST_SIDE = 64, 16, 256  # of the picture
_STARTS = {
    "three": ("Three 3\N{MULTIPLICATION SIGN}3", "3,1,1 3,1,1 3,1,1"),
    "seven": ("One 7\N{MULTIPLICATION SIGN}7", "7,1,3"),
    "dilated": ("Dilated by 1, 2 and 4", "3,1,1,1 3,1,2,2 3,1,4,4"),
    "vgg": ("VGG-16, to its third pooling", "3,1,1 3,1,1 2,2,0 3,1,1 3,1,1 2,2,0 3,1,1 3,1,1 3,1,1 2,2,0"),
    "resnet": ("ResNet, first layers", "7,2,3 3,2,1 3,1,1 3,1,1"),
}
_COLUMNS = {  # of the table: least, most, default, what it is
    "Kernel": (1, 31, 3, "Height and width."),
    "Stride": (1, 8, 1, "How far the kernel moves."),
    "Padding": (0, 31, 0, "Pixels on each side."),
    "Dilation": (1, 16, 1, "Distance between the pixels that neighbouring weights read."),
}
_DEFAULTS = tuple(default for _, _, default, _ in _COLUMNS.values())


def parse(text: str) -> Table:
    """Return the layers of a text of the address: kernel, stride, padding, dilation; what is left out is the default.

    What makes no stack raises ValueError.
    """
    rows = [numbers.parse(row, 1, len(_COLUMNS))[0] for row in text.split()]
    if not 1 <= len(rows) <= MOST_LAYERS:
        raise ValueError(f"A stack has 1 to {MOST_LAYERS} layers.")
    table = tuple((*row, *_DEFAULTS[len(row) :]) for row in rows)
    for row in table:
        for value, (name, (least, most, _, _)) in zip(row, _COLUMNS.items(), strict=True):
            if value != int(value) or not least <= value <= most:
                raise ValueError(f"{name} is a whole number from {least} to {most}.")
    return table


CHECKS: dict[str, Callable[[str], Any]] = {
    "start": one_of("The start", _STARTS),
    "stack": parse,
    "pixels": whole_number("The picture", LEAST_SIDE, MOST_SIDE),
    "behind": whole_number("The layer", 1, MOST_LAYERS),
}


def pick_stages() -> tuple[Sequence[Stage], int]:
    """Draw the layers; return the maps up to the chosen one, none where they do not fit, and the picture's side."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        numbers.pick_preset(
            "Start from", {name: title for name, (title, _) in _STARTS.items()}, key="start", editor="stack", width=270
        )
        side = st.number_input(
            "Picture size",
            LEAST_SIDE,
            MOST_SIDE,
            value=SIDE,
            key="pixels",
            bind="query-params",
            width=130,
            help=f"Height and width in pixels, {LEAST_SIDE} to {MOST_SIDE}.",
        )
    layers = _edit()
    try:
        stages = stages_of(layers, side)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return (), side
    behind = _pick_layer(len(stages))
    st.dataframe(_table(stages), hide_index=True, width="stretch", alt="What each layer of the stack sees")
    return stages[:behind], side


def _pick_layer(count: int) -> int:
    if count == 1:
        return 1
    return st.slider("Seen behind layer", 1, count, value=count, key="behind", bind="query-params")


def _default() -> Table:
    return parse(_STARTS[st.session_state["start"]][1])


def _edit() -> Table:
    key = f"stack-editor-{st.session_state.get('stack-version', 0)}"
    if key not in st.session_state:
        st.session_state["stack-start"] = numbers.current("stack", _default(), parse)
    edited = st.data_editor(
        pd.DataFrame(st.session_state["stack-start"], columns=list(_COLUMNS), dtype=int),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={
            name: st.column_config.NumberColumn(
                min_value=least,
                max_value=most,
                step=1,
                default=default,
                required=True,
                help=f"{help} {least} to {most}.",
            )
            for name, (least, most, default, help) in _COLUMNS.items()
        },
        alt="The layers of the stack: kernel, stride, padding and dilation of each",
    )
    table: Table = tuple(map(tuple, edited.dropna().to_numpy(float).tolist()))[:MOST_LAYERS]
    numbers.remember("stack", table, _default())
    return table


def stages_of(layers: Table, side: int) -> tuple[Stage, ...]:
    """Return the maps behind layers of (kernel, stride, padding, dilation) over a square picture.

    A stack that is empty, or that does not fit into the picture, raises ValueError.
    """
    from explorer.analysis.field import Field

    if not layers:
        raise ValueError("The stack is empty: add a layer in the last line of the table.")
    field: Field | None = Field.of_picture((1, 1, side, side))
    stages = []
    for place, (kernel, stride, padding, dilation) in enumerate(tuple(map(int, layer)) for layer in layers):
        side = Axis(side, kernel, stride, dilation, (padding, padding)).output
        field = field.window(kernel, stride, padding, dilation, (1, 1, side, side)) if field else None
        if not side or field is None:
            raise ValueError(f"Layer {place + 1} does not fit: its kernel reaches over more than what is left.")
        stages.append(Stage(f"layer {place + 1}", (side, side), field.seen()))
    return tuple(stages)


def _table(stages: Sequence[Stage]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Behind": [stage.name for stage in stages],
            "Output": [shape(stage.size) for stage in stages],
            "One unit sees (pixels)": [shape(stage.field.size) for stage in stages],
            "From unit to unit (pixels)": [stage.field.stride[0] for stage in stages],
        }
    )

"""Receptive fields on a picture: of a stack of one's own layers, or of any layer of any network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from explorer import registry
from explorer.analysis.rows import Pair, ReceptiveField
from explorer.formulas import receptive_field_sentence
from explorer.ui import warm_up
from explorer.ui.address import choose, one_of, whole_number
from explorer.ui.convolution import numbers
from explorer.ui.convolution.picture_source import Picture, pick_picture
from explorer.ui.convolution.scene import Box, View, scene, show_scene
from explorer.units import TIMES, shape

OWN = "own"
SIDE, LEAST_SIDE, MOST_SIDE = 64, 16, 256  # of the picture for a stack of one's own
MOST_LAYERS = 24
MOST_DOTS = 32 * 32
_NETWORKS = {OWN: "Layers of your own"} | {
    name: f"{registry.get(name).title} ({registry.get(name).year})" for name in registry.names()
}
_STACKS = {
    "three": ("Three 3\N{MULTIPLICATION SIGN}3", "3,1,1,1 3,1,1,1 3,1,1,1"),
    "seven": ("One 7\N{MULTIPLICATION SIGN}7", "7,1,3,1"),
    "dilated": ("Dilated 1, 2, 4", "3,1,1,1 3,1,2,2 3,1,4,4"),
    "vgg": (
        "VGG-16, to the third pooling",
        "3,1,1,1 3,1,1,1 2,2,0,1 3,1,1,1 3,1,1,1 2,2,0,1 3,1,1,1 3,1,1,1 3,1,1,1 2,2,0,1",
    ),
    "resnet": ("Stem of ResNet", "7,2,3,1 3,2,1,1 3,1,1,1 3,1,1,1"),
}


@dataclass(frozen=True)
class Stage:
    """One feature map: its layer's name, its size, and what its units see."""

    name: str
    size: Pair  # height and width
    field: ReceptiveField


def check_stack(text: str) -> numbers.Table:
    """Return the layers that a text of the address stands for: kernel, stride, padding and dilation, all but the first
    optional. What is none raises ValueError."""
    rows = [numbers.parse(row, 1, 4)[0] for row in text.split()]
    if not 1 <= len(rows) <= MOST_LAYERS:
        raise ValueError(f"A stack has 1 to {MOST_LAYERS} layers.")
    filled = tuple((*row, *(1, 0, 1)[len(row) - 1 :]) for row in rows)
    for row in filled:
        _check_layer(row)
    return filled


def _check_layer(layer: tuple[float, ...]) -> None:
    limits = (("kernel", 1, 31), ("stride", 1, 8), ("padding", 0, 31), ("dilation", 1, 16))
    for value, (what, least, most) in zip(layer, limits, strict=True):
        if value != int(value) or not least <= value <= most:
            raise ValueError(f"A {what} is a whole number from {least} to {most}.")


CHECKS: dict[str, Callable[[str], Any]] = {
    "network": one_of("The network", _NETWORKS),
    "stack": check_stack,
    "pixels": whole_number("The picture", LEAST_SIDE, MOST_SIDE),
    "behind": whole_number("The layer", 1, MOST_LAYERS),
    "unit_row": whole_number("The row", 1, 1024),
    "unit_column": whole_number("The column", 1, 1024),
}


def show() -> None:
    """Draw the choice of network and picture, the layers, and the picture with what one unit sees."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = choose(
            st.selectbox, "Network", _NETWORKS, key="network", default=OWN, width=280, help="Type to search by name."
        )
        picture = pick_picture()
    if not warm_up.is_ready():
        with st.spinner("Starting PyTorch: a few seconds, once after the server starts"):
            warm_up.wait()
    if picture is None:
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        stage, side = _own_stage() if name == OWN else _network_stage(name)
    with right:
        if stage is not None:
            _draw(picture.square(side), stage, side, f"{name}-{stage.name}")


# Which map


def _own_stage() -> tuple[Stage | None, int]:
    choose(
        st.selectbox,
        "Start from",
        {name: title for name, (title, _) in _STACKS.items()},
        key="start",
        default=next(iter(_STACKS)),
        on_change=_start_chosen,
        width=280,
    )
    layers = _edit_stack()
    try:
        stages = stack_stages(layers, PICTURE_SIDE)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return None, PICTURE_SIDE
    upto = len(stages)
    if len(stages) > 1:
        upto = st.slider("Show what is seen behind layer", 1, len(stages), value=len(stages), key=f"upto-{len(stages)}")
    st.dataframe(_table(stages), hide_index=True, width="stretch", alt="What each layer of the stack sees")
    return stages[upto - 1], PICTURE_SIDE


def _default_stack() -> numbers.Table:
    return check_stack(_STACKS[st.session_state["start"]][1])


def _start_chosen() -> None:
    numbers.replace("stack", _default_stack())
    st.query_params.pop("stack", None)


def _edit_stack() -> numbers.Table:
    key = f"stack-editor-{st.session_state.get('stack-version', 0)}"
    if key not in st.session_state:
        st.session_state["stack-begin"] = _asked_stack()
    names = ("Kernel", "Stride", "Padding", "Dilation")
    whole = st.column_config.NumberColumn
    edited = st.data_editor(
        pd.DataFrame(st.session_state["stack-begin"], columns=list(names), dtype=int),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={
            "Kernel": whole(min_value=1, max_value=31, step=1, default=3, required=True, help="Height and width"),
            "Stride": whole(min_value=1, max_value=8, step=1, default=1, required=True),
            "Padding": whole(min_value=0, max_value=31, step=1, default=0, required=True, help="On each side"),
            "Dilation": whole(min_value=1, max_value=16, step=1, default=1, required=True),
        },
        alt="The layers of the stack: kernel, stride, padding and dilation of each",
    )
    table: numbers.Table = tuple(map(tuple, edited.dropna().to_numpy(float).tolist()))[:MOST_LAYERS]
    numbers.remember("stack", table, _default_stack())
    return table


def _asked_stack() -> numbers.Table:
    if "stack-now" in st.session_state:
        now: numbers.Table = st.session_state["stack-now"]
        return now
    try:
        return check_stack(st.query_params["stack"])
    except (KeyError, ValueError):
        return _default_stack()


def stack_stages(layers: numbers.Table, side: int) -> tuple[Stage, ...]:
    """Return the maps behind layers of (kernel, stride, padding, dilation) over a square picture.

    A stack that is empty, or that does not fit into the picture, raises ValueError.
    """
    from explorer.analysis.receptive_field import Field
    from explorer.convolution import Axis

    if not layers:
        raise ValueError("The stack is empty: add a layer in the last line of the table.")
    field: Field | None = Field.of_picture((1, 1, side, side))
    stages = []
    for place, (kernel, stride, padding, dilation) in enumerate(tuple(map(int, layer)) for layer in layers):
        side = Axis(side, kernel, stride, dilation, (padding, padding)).output
        if not side or field is None:
            raise ValueError(
                f"Layer {place + 1} does not fit any more: its kernel reaches over more than what is left."
            )
        field = field.window(kernel, stride, padding, dilation, (1, 1, side, side))
        if field is not None:
            stages.append(Stage(f"Layer {place + 1}", (side, side), field.seen()))
    return tuple(stages)


def _table(stages: tuple[Stage, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Layer": [stage.name for stage in stages],
            "Output": [shape(stage.size) for stage in stages],
            "Sees (pixels)": [shape(stage.field.size) for stage in stages],
            "Step (pixels)": [stage.field.stride[0] for stage in stages],
        }
    )


def _network_stage(name: str) -> tuple[Stage | None, int]:
    from explorer.analysis import analyze

    analysis = analyze(name)
    stages = {
        row.path: Stage(row.path, (row.output_shape[2], row.output_shape[3]), row.receptive_field)
        for row in analysis.rows
        if row.receptive_field is not None and len(row.output_shape) == 4 and row.group in ("conv", "pool", "join")
    }
    if not stages:
        st.info(f"{analysis.title} mixes positions from its first layer on, so that no unit has a field of its own.")
        return None, analysis.input_shape[-1]
    last = [path for path, stage in stages.items() if max(stage.size) > 1] or list(stages)
    path = choose(
        st.selectbox,
        "Layer",
        {path: f"{path}: {shape(analysis.by_path[path].output_shape[1:])}" for path in stages},
        key="layer",
        default=last[-1],
        help="Convolutions, poolings and joins, in the order in which they run.",
    )
    stage = stages[path]
    st.markdown(receptive_field_sentence(stage.field, (analysis.input_shape[2], analysis.input_shape[3])))
    st.dataframe(_facts(stage), hide_index=True, width="stretch")
    st.page_link(
        "../../pages/explore.py",
        label=f"{analysis.title} in Explore",
        icon=":material/search:",
        query_params={"arch": name, "level": "layers", "layer": path},
    )
    return stage, analysis.input_shape[-1]


def _facts(stage: Stage) -> pd.DataFrame:
    field = stage.field
    facts = {
        "Map": f"{shape(stage.size)} units",
        "One unit sees, over all paths": f"{shape(field.size)} pixels",
        "by the narrowest path": f"{shape(field.least)} pixels",
        "From one unit to the next": f"{shape(field.stride)} pixels",
        "Centre of the first unit's field": f"row {field.offset[0] + 1:g}, column {field.offset[1] + 1:g}",
    }
    return pd.DataFrame({"Receptive field": list(facts), "": list(facts.values())})


# The drawing


def _draw(picture: Picture, stage: Stage, side: int, key: str) -> None:
    row, column = _unit(stage)
    view = View(side, side, _margin(stage, side))
    field = stage.field
    box = box_of(field.size, field, row, column, "size", f"{shape(field.size)} pixels")
    boxes = (
        [box]
        if field.least == field.size
        else [
            box,
            box_of(field.least, field, row, column, "least", f"{shape(field.least)} pixels by the narrowest path"),
        ]
    )
    unit = box_of(field.stride, field, row, column, "unit")
    picked = show_scene(
        scene(picture.image, view, boxes, _centres(stage), unit, _alt(stage, row, column, picture)), key="field-scene"
    )
    st.caption(_caption(stage, box, side, row, column))
    if picked:
        _pick(stage, *view.pixel(*map(float, picked.split(","))))


def _unit(stage: Stage) -> Pair:
    """The unit to draw, of the address; in the middle of the map if it names none."""
    found = []
    for name, count in zip(("unit_row", "unit_column"), stage.size, strict=True):
        asked = st.query_params.get(name, "")
        found.append(min(int(asked), count) - 1 if asked.isdecimal() and int(asked) else count // 2)
    return found[0], found[1]


def _pick(stage: Stage, x: float, y: float) -> None:
    """Choose the unit whose centre is nearest to a point of the picture."""
    field = stage.field
    for name, pixel, offset, stride, count in zip(
        ("unit_row", "unit_column"), (y, x), field.offset, field.stride, stage.size, strict=True
    ):
        unit = round((pixel - 0.5 - offset) / stride)
        st.query_params[name] = str(min(max(unit, 0), count - 1) + 1)
    st.rerun()


def box_of(size: Pair, field: ReceptiveField, row: int, column: int, look: str, label: str = "") -> Box:
    """Return a rectangle of this height and width around the centre of a unit's field."""
    centre = [field.offset[axis] + place * field.stride[axis] + 0.5 for axis, place in enumerate((row, column))]
    return Box(centre[1] - size[1] / 2, centre[0] - size[0] / 2, size[1], size[0], look, label)


def _margin(stage: Stage, side: int) -> float:
    """Room around the picture for fields that reach beyond it, at most half of its side."""
    corners = (
        box_of(stage.field.size, stage.field, *place, "size")
        for place in ((0, 0), (stage.size[0] - 1, stage.size[1] - 1))
    )
    beyond = max(max(-box.left, -box.top, box.left + box.width - side, box.top + box.height - side) for box in corners)
    return min(max(beyond, 0), side / 2)


def _centres(stage: Stage) -> list[tuple[float, float]]:
    height, width = stage.size
    if height * width > MOST_DOTS:
        return []
    (down, right), (top, left) = stage.field.stride, stage.field.offset
    return [(left + j * right + 0.5, top + i * down + 0.5) for i in range(height) for j in range(width)]


def _caption(stage: Stage, box: Box, side: int, row: int, column: int) -> str:
    inside = max(0, min(box.left + box.width, side) - max(box.left, 0)) * max(
        0, min(box.top + box.height, side) - max(box.top, 0)
    )
    share = inside / (box.width * box.height)
    beyond = f" {100 * (1 - share):.0f} % of it lie beyond the picture, on padding." if share < 0.995 else ""
    least = " The inner frame is what it sees by its narrowest path." if stage.field.least != stage.field.size else ""
    dots = " White dots are the centres of all units." if stage.size[0] * stage.size[1] <= MOST_DOTS else ""
    return (
        f"The unit in row {row + 1}, column {column + 1} of {shape(stage.size)} sees {shape(stage.field.size)} pixels "
        f"of {side}{TIMES}{side}.{beyond}{least}{dots} Click the picture for another unit."
    )


def _alt(stage: Stage, row: int, column: int, picture: Picture) -> str:
    return (
        f"What the unit in row {row + 1}, column {column + 1} behind {stage.name} sees, {shape(stage.field.size)} "
        f"pixels, drawn on a picture: {picture.alt}"
    )

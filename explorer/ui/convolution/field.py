"""Receptive fields on a picture: of a stack of one's own layers, or of any layer of any network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from explorer import registry
from explorer.analysis.rows import Pair
from explorer.formulas import receptive_field_sentence
from explorer.ui import warm_up
from explorer.ui.address import choose, forget_notes, one_of, whole_number
from explorer.ui.convolution import stack
from explorer.ui.convolution.picture_source import Picture, pick_picture
from explorer.ui.convolution.scene import Box, View, scene, show_scene
from explorer.ui.convolution.stage import Stage
from explorer.units import shape

OWN = "own"
LARGEST_MAP = 1024
_NETWORKS = {OWN: "Layers of your own"} | {
    name: f"{registry.get(name).title} ({registry.get(name).year})" for name in registry.names()
}
CHECKS: dict[str, Callable[[str], Any]] = {
    "network": one_of("The network", _NETWORKS),
    "unit_row": whole_number("The row", 1, LARGEST_MAP),
    "unit_column": whole_number("The column", 1, LARGEST_MAP),
    **stack.CHECKS,
}


def show() -> None:
    """Draw the choice of network and picture, the layers, and the picture with what one unit sees."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        picture, name = _pick_picture_and_network()
        if not warm_up.is_ready():
            with st.spinner("Starting PyTorch: a few seconds, once after the server starts"):
                warm_up.wait()
        if picture is None:
            return
        stages, side = stack.pick_stages() if name == OWN else _pick_network_stage(name)
    with right:
        if stages:
            _draw(picture.square(side), stages, side)


def _pick_picture_and_network() -> tuple[Picture | None, str]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = choose(
            st.selectbox,
            "Network",
            _NETWORKS,
            key="network",
            default=OWN,
            on_change=forget_notes,
            width=280,
            help="Type to search by name.",
        )
        return pick_picture(), name


def _pick_network_stage(name: str) -> tuple[Sequence[Stage], int]:
    from explorer.analysis import analyze

    analysis = analyze(name)
    side = analysis.input_shape[-1]
    stages = {
        row.path: Stage(row.path, (row.output_shape[2], row.output_shape[3]), row.receptive_field)
        for row in analysis.rows
        if row.receptive_field is not None and len(row.output_shape) == 4 and row.group in ("conv", "pool", "join")
    }
    if not stages:
        st.info(f"{analysis.title} mixes positions from its first layer on, so that no unit has a field of its own.")
        return (), side
    maps = [path for path, stage in stages.items() if max(stage.size) > 1] or list(stages)
    path = choose(
        st.selectbox,
        "Layer",
        {path: f"{path}: {shape(analysis.by_path[path].output_shape[1:])}" for path in stages},
        key="layer",
        default=maps[-1],
        help="Convolutions, poolings and joins, in the order in which they run.",
    )
    st.markdown(receptive_field_sentence(analysis.by_path[path], (side, side)))
    st.dataframe(_facts(stages[path]), hide_index=True, width="stretch", alt="The receptive field of this layer")
    st.page_link(
        "../../pages/explore.py",
        label=f"{analysis.title} in Explore",
        icon=":material/search:",
        query_params={"arch": name, "level": "layers", "layer": path},
    )
    return (stages[path],), side


def _facts(stage: Stage) -> pd.DataFrame:
    field = stage.field
    size, place = f"{shape(field.size)} pixels", f"row {field.offset[0] + 1:g}, column {field.offset[1] + 1:g}"
    facts = {
        "Map": f"{shape(stage.size)} units",
        "One unit sees, over all paths": "the whole picture" if field.is_gated else size,
        **({"Without global pooling: its window": size} if field.is_gated else {}),
        "By the narrowest path": f"{shape(field.least)} pixels",
        "From one unit to the next": f"{shape(field.stride)} pixels",
        f"Centre of the first unit's {'window' if field.is_gated else 'field'}": place,
    }
    return pd.DataFrame({"Receptive field": list(facts), "": list(facts.values())})


def _draw(picture: Picture, stages: Sequence[Stage], side: int) -> None:
    stage = stages[-1]
    unit = _unit(stage)
    view = View(side, side, stage.margin(side))
    drawing = scene(
        picture.image,
        view,
        _boxes(stages, unit),
        stage.centres(),
        stage.box(stage.field.stride, unit, "unit"),
        _alt(stage, unit, picture),
    )
    picked = show_scene(drawing, key="field-scene")
    st.caption(caption(stages, unit, side))
    if picked:
        row, column = stage.nearest(*view.pixel(*map(float, picked.split(","))))
        st.query_params["unit_row"], st.query_params["unit_column"] = str(row + 1), str(column + 1)
        st.rerun()


def _unit(stage: Stage) -> Pair:
    """The unit of the address; the one in the middle of the map if it names none."""
    row, column = (
        min(int(asked), count) - 1 if asked.isdecimal() and int(asked) else count // 2
        for asked, count in zip(
            (st.query_params.get("unit_row", ""), st.query_params.get("unit_column", "")), stage.size, strict=True
        )
    )
    return row, column


def _boxes(stages: Sequence[Stage], unit: Pair) -> list[Box]:
    """The field of the unit; inside it those of the layers before around the same centre, or its narrowest path.

    Behind a gate, which opens the whole picture to every unit, it is the unit's own window that is framed.
    """
    stage = stages[-1]
    field = stage.field
    label = f"{'window of ' if field.is_gated else ''}{shape(field.size)} pixels"
    boxes = [stage.box(field.size, unit, "size", f"{stage.name}: {label}")]
    for one in reversed(stages[:-1]):
        boxes.append(stage.box(one.field.size, unit, "inner", f"{one.name}: {shape(one.field.size)} pixels"))
    if field.least != field.size:
        boxes.append(stage.box(field.least, unit, "least", f"{shape(field.least)} pixels by the narrowest path"))
    return boxes


def caption(stages: Sequence[Stage], unit: Pair, side: int) -> str:
    """Return what the drawing shows, in sentences."""
    stage = stages[-1]
    field = stage.field
    who = f"The unit in row {unit[0] + 1}, column {unit[1] + 1} of {shape(stage.size)} behind {stage.name}"
    if field.is_gated:
        parts = [
            f"{who} sees the whole picture of {shape((side, side))} through global pooling.",
            f"Its own window has {shape(field.size)} pixels.",
        ]
    else:
        parts = [f"{who} sees {shape(field.size)} pixels of {shape((side, side))}."]
    beyond = 1 - stage.share_inside(unit, side)
    if beyond > 0.005:
        share = "More than 99 %" if beyond > 0.99 else f"{100 * beyond:.0f} %"
        parts.append(f"{share} of them lie beyond the picture, on padding.")
    if len(stages) > 1:
        parts.append("The frames inside are what the layers before see around the same centre.")
    if field.least != field.size:
        parts.append("The inner frame is what it sees by its narrowest path.")
    parts.append("The small square is the step from one unit to the next.")
    if stage.centres():
        parts.append("White dots are the centres of all units.")
    return " ".join((*parts, "Click the picture for another unit."))


def _alt(stage: Stage, unit: Pair, picture: Picture) -> str:
    who = f"the unit in row {unit[0] + 1}, column {unit[1] + 1} behind {stage.name}"
    what = f"The window of {who}" if stage.field.is_gated else f"What {who} sees"
    return f"{what}, {shape(stage.field.size)} pixels, drawn on a picture: {picture.alt}"

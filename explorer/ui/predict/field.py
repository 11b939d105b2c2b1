"""The part of the picture that one unit sees."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.formulas import receptive_field_sentence
from explorer.palette import KINDS
from explorer.prediction.features import centre_unit
from explorer.prediction.field import field_box, influence
from explorer.prediction.heat import Heat
from explorer.prediction.layers import MapLayer
from explorer.ui.address import choose, explain_address, whole_number
from explorer.ui.predict.album import remember
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question, first_layer, layers_of, row_of

FRAME = KINDS["linear"].dark.mark
TILE = 320  # pixels
_CLICKED = "unit-clicked"


def show(question: Question) -> None:
    found = {layer.path: layer for layer in layers_of(question.model)}
    notes = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = choose(
            st.selectbox,
            "Layer",
            {path: layer.title for path, layer in found.items()},
            key="layer",
            default=first_layer(question.model).path,
            width=420,
        )
        unit = _pick_unit(found[path], notes)
    row = row_of(question.model, path)
    field = row.receptive_field
    side = question.model.preprocessing.crop
    st.markdown(receptive_field_sentence(row, (side, side)) + " Click the picture to move the unit.")
    picture = question.cropped
    heat = remember(
        ("influence", *question.key, path, unit), lambda: influence(question.model, question.image, path, unit)
    )
    counts = Heat(np.sqrt(heat.values), heat.meaning).over(picture)
    tiles = [Tile(counts, "What counts", "Pixels that change the unit, as heat", can_be_pointed_at=True)]
    if field is not None and field.has_even_steps:
        box = field_box(field, unit, side)
        framed = box.drawn_on(picture, FRAME)
        note = _place(box.top, box.bottom, box.left, box.right)
        tiles.insert(
            0, Tile(framed, "What it can see", f"The field of the unit: {note}", note=note, can_be_pointed_at=True)
        )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picked = gallery(tiles, key="field", width=TILE)
    if picked:
        _move(found[path], picked)
    with right:
        st.markdown(
            "**What it can see** follows from kernels, strides and paddings of all layers before; global pooling in a "
            "gate (squeeze-and-excitation) opens the whole picture to every unit. **What counts** is measured: the "
            "gradient of the unit's values with respect to every pixel (its root, so that weak ones show too). It "
            "never leaves the field, and is mostly far smaller: pixels in the middle reach the unit on more paths than "
            "those at the edge (Luo et al. 2016)."
        )


def _pick_unit(layer: MapLayer, notes: DeltaGenerator) -> tuple[int, int]:
    clicked = st.session_state.pop(_CLICKED, None)
    if clicked:
        st.session_state["row"], st.session_state["column"] = clicked
    chosen = []
    counts = dict(zip(("row", "column"), layer.shape[1:], strict=True))
    with notes:
        explain_address("field", {name: whole_number(f"The {name}", 0, count - 1) for name, count in counts.items()})
    for (name, count), middle in zip(counts.items(), centre_unit(layer), strict=True):
        if not 0 <= st.session_state.get(name, 0) < count:
            st.session_state.pop(name)
        chosen.append(
            st.number_input(
                name.capitalize(),
                min_value=0,
                max_value=count - 1,
                value=middle,
                key=name,
                bind="query-params",
                width=110,
                help=f"Of the unit, from 0 to {count - 1}.",
            )
        )
    return chosen[0], chosen[1]


def _move(layer: MapLayer, point: str) -> None:
    """Follow a click: "x,y" from 0 to 1."""
    across, down = (float(part) for part in point.split(","))
    row = min(int(down * layer.height), layer.height - 1)
    column = min(int(across * layer.width), layer.width - 1)
    st.session_state[_CLICKED] = (max(row, 0), max(column, 0))
    st.rerun()


def _place(top: int, bottom: int, left: int, right: int) -> str:
    return f"rows {top} to {bottom}, columns {left} to {right}"

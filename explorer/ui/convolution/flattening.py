"""Why flattening loses the shape, and what a linear layer would cost in place of the convolution."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from explorer.ui.address import whole_number
from explorer.ui.convolution.grids import CSS
from explorer.ui.convolution.layer_controls import Layer, pick_layer
from explorer.ui.convolution.picture_source import Picture, pick_picture
from explorer.ui.panel import make_panel
from explorer.units import TIMES, exact, ratio, shape, short, short_bytes, short_macs

SIDE = 8  # of the grid that is flattened
SHUFFLED_SIDE = 64  # of the picture that is shuffled
BYTES = 4  # of a number in float32
CHECKS = {
    "row": whole_number("The row", 1, SIDE),
    "column": whole_number("The column", 1, SIDE),
}
_panel = make_panel("explorer_flattening", CSS + Path(__file__).with_name("flattening.css").read_text())


def show() -> None:
    """Draw the grid as a list, the shuffled picture, and the cost of a linear layer."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### Neighbours in the picture, strangers in the list")
        _neighbours()
    with right:
        st.markdown("#### The same to a linear layer")
        _shuffled()
    st.markdown("#### What a linear layer would cost in place of a convolution")
    try:
        layer = pick_layer(in_groups=False)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.markdown(cost_sentence(layer))
    st.dataframe(costs(layer), hide_index=True, width="stretch", alt="Costs of a convolution and of linear layers")
    st.caption(
        "A convolution reads only what is near, and uses the same weights everywhere: that is what it saves. A linear "
        "layer has a weight of its own for every pair of an input and an output."
    )


def _neighbours() -> None:
    row, column = (_place(name) for name in ("row", "column"))
    at = row * SIDE + column
    near = [
        (row + i) * SIDE + column + j
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if (i or j) and 0 <= row + i < SIDE and 0 <= column + j < SIDE
    ]
    picked = _panel(_cells(at, near), key="flattening-cells")
    distances = sorted({abs(other - at) for other in near})
    st.markdown(
        f"The pixel in row {row + 1}, column {column + 1} is number {at + 1} of the list. Its {len(near)} neighbours "
        f"are {', '.join(map(str, distances[:-1]))} and {distances[-1]} places away. Click another one."
    )
    if picked:
        st.query_params["row"], st.query_params["column"] = (str(int(part) + 1) for part in divmod(int(picked), SIDE))
        st.rerun()


def _place(name: str) -> int:
    asked = st.query_params.get(name, "4")
    return int(asked) - 1 if asked.isdecimal() and 1 <= int(asked) <= SIDE else 3


def _cells(at: int, near: list[int]) -> str:
    def cell(place: int) -> str:
        kind = "me" if place == at else "near" if place in near else ""
        label = f"pixel {place + 1}: row {place // SIDE + 1}, column {place % SIDE + 1}"
        return f'<button class="cell {kind}" data-pick="{place}" aria-label="{label}">{place + 1}</button>'

    cells = "".join(map(cell, range(SIDE * SIDE)))
    parts = (("As a picture", "square"), ("As a list, flattened", "flat"))
    return "".join(
        f'<figure class="board"><figcaption>{escape(title)}</figcaption><div class="{name}">{cells}</div></figure><br>'
        for title, name in parts
    )


def _shuffled() -> None:
    picture = pick_picture()
    if picture is None:
        return
    image, mixed = shuffled(picture)
    for column, (one, caption, alt) in zip(
        st.columns(2),
        (
            (image, f"{shape((SHUFFLED_SIDE, SHUFFLED_SIDE))} pixels", picture.alt),
            (mixed, "The same pixels in another order, the same for every picture", "The picture, its pixels shuffled"),
        ),
        strict=True,
    ):
        column.image(one, caption=caption, alt=alt, width="stretch")
    st.markdown(
        "Shuffle the pixels of all pictures in the same way: a linear layer learns exactly as well as before, with its "
        "weights in that other order. It never knew which pixels are neighbours. A convolution sees noise."
    )


def shuffled(picture: Picture) -> tuple[Image.Image, Image.Image]:
    """Return the picture, small, and the same with its pixels in a fixed other order; both with visible pixels."""
    small = picture.square(SHUFFLED_SIDE).image
    pixels = np.asarray(small).reshape(-1, 3)
    order = np.random.default_rng(0).permutation(len(pixels))
    mixed = Image.fromarray(pixels[order].reshape(SHUFFLED_SIDE, SHUFFLED_SIDE, 3))
    size = (4 * SHUFFLED_SIDE, 4 * SHUFFLED_SIDE)
    return small.resize(size, Image.Resampling.NEAREST), mixed.resize(size, Image.Resampling.NEAREST)


def linear_cost(inputs: int, outputs: int, *, bias: bool) -> tuple[int, int]:
    """Return the parameters and the MACs of a linear layer."""
    return inputs * outputs + outputs * bias, inputs * outputs


def costs(layer: Layer) -> pd.DataFrame:
    """Return what the convolution costs, a linear layer with the same output, and one with few outputs."""
    row = layer.row
    inputs, outputs = math.prod(row.input_shape[1:]), math.prod(row.output_shape[1:])
    lines = [("Convolution", outputs, row.params, row.macs)]
    for name, count in (("Linear, with as many outputs", outputs), ("Linear, with 1,000 outputs", 1000)):
        lines.append((name, count, *linear_cost(inputs, count, bias=layer.has_bias)))
    return pd.DataFrame(
        {
            "Layer": [name for name, *_ in lines],
            "Inputs": [exact(inputs)] * len(lines),
            "Outputs": [exact(count) for _, count, *_ in lines],
            "Parameters": [exact(params) for *_, params, _ in lines],
            "Weights in float32": [short_bytes(BYTES * params) for *_, params, _ in lines],
            "MACs for one picture": [short_macs(macs) for *_, macs in lines],
            "Parameters, times the convolution's": [ratio(params / row.params) for *_, params, _ in lines],
        }
    )


def cost_sentence(layer: Layer) -> str:
    """Return what a linear layer in place of the convolution would cost, as a sentence."""
    row = layer.row
    inputs, outputs = math.prod(row.input_shape[1:]), math.prod(row.output_shape[1:])
    params, _ = linear_cost(inputs, outputs, bias=layer.has_bias)
    return (
        f"{shape(row.output_shape[1:])} outputs of {shape(row.input_shape[1:])} inputs take {exact(row.params)} "
        f"parameters as a convolution. A linear layer needs {exact(inputs)}{TIMES}{exact(outputs)} weights: "
        f"**{short(params)} parameters, {short_bytes(BYTES * params)}, {ratio(params / row.params)} as many**."
    )

"""Several channels, several filters: the shapes of a convolution layer, and one of its outputs worked out."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from explorer.convolution import Axis, Numbers, Window, slide, slide_channels
from explorer.formulas import formulas
from explorer.ui.address import choose, one_of
from explorer.ui.convolution.grids import CSS, boards, grid, number
from explorer.ui.convolution.layer_controls import Layer, pick_layer
from explorer.ui.convolution.picture import explain_uneven_padding, unread_sentence
from explorer.ui.panel import make_panel
from explorer.units import TIMES, exact, shape

_panel = make_panel(
    "explorer_channels",
    CSS
    + """
    .sums { border-collapse: collapse; }
    .sums :is(th, td) { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--st-border-color); }
    .sums tr > :first-child { text-align: left; padding-left: 0; }
    """,
)
_COLOURS = ("red", "green", "blue")
# Two filters over a picture of three colours: one finds red that the others lack, the other vertical edges in all.
_PICTURE: Numbers = np.array(
    [
        [[9, 9, 0, 0], [9, 9, 0, 0], [9, 9, 0, 0], [9, 9, 0, 0]],
        [[1, 1, 1, 1], [1, 1, 1, 1], [5, 5, 5, 5], [5, 5, 5, 5]],
        [[0, 0, 0, 8], [0, 0, 8, 8], [0, 8, 8, 8], [8, 8, 8, 8]],
    ],
    np.float64,
)
_FILTERS: Numbers = np.array(
    [
        [[[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, -1, 0], [0, 0, 0]], [[0, 0, 0], [0, -1, 0], [0, 0, 0]]],
        [[[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]] * 3,
    ],
    np.float64,
)
_BIAS: Numbers = np.array([0, 1], np.float64)
_WINDOW = Window(Axis(4, 3), Axis(4, 3))
_POSITIONS = {f"{row},{column}": f"Row {row}, column {column}" for row in (1, 2) for column in (1, 2)}
CHECKS = {"position": one_of("The position", _POSITIONS)}


def show() -> None:
    """Draw the sizes, the shapes that follow from them, and the worked example."""
    try:
        layer = pick_layer(in_groups=True)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.markdown("#### The shapes of all that is involved")
    st.dataframe(shapes(layer), hide_index=True, width="stretch", alt="The shapes of one convolution layer")
    st.caption(
        "N pictures, C channels, H high, W wide; H' and W' behind the layer. PyTorch keeps channels before height and "
        "width (NCHW), TensorFlow and Keras keep them last (NHWC): the same numbers in another order."
    )
    _formulas(layer)
    _example()


def shapes(layer: Layer) -> pd.DataFrame:
    """Return the shapes of input, kernel, bias and output in both orders."""
    row, window = layer.row, layer.window
    count, filters, height, width = row.output_shape
    read = layer.channels // layer.groups
    side = (window.rows.kernel, window.columns.kernel)
    entries = [
        ("Input", (count, layer.channels, window.rows.size, window.columns.size), None),
        ("Kernel", (filters, read, *side), (*side, read, filters)),
        ("Bias", (filters,), (filters,)),
        ("Output", (count, filters, height, width), None),
    ]
    if not layer.has_bias:
        entries.pop(2)
    names = {
        "Input": ("N, C, H, W", "N, H, W, C"),
        "Kernel": ("filters, channels read, height, width", "height, width, channels read, filters"),
        "Bias": ("filters", "filters"),
        "Output": ("N, filters, H', W'", "N, H', W', filters"),
    }
    return pd.DataFrame(
        {
            "": [name for name, _, _ in entries],
            "PyTorch (NCHW)": [shape(first) for _, first, _ in entries],
            "Axes": [names[name][0] for name, _, _ in entries],
            "TensorFlow (NHWC)": [shape(last or _channels_last(first)) for _, first, last in entries],
            "Its axes": [names[name][1] for name, _, _ in entries],
            "Numbers": [exact(int(np.prod(first))) for _, first, _ in entries],
        }
    )


def _channels_last(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return (sizes[0], *sizes[2:], sizes[1])


def _formulas(layer: Layer) -> None:
    with st.grid(columns="auto", min_column_width=300, gap="small"):
        explain_uneven_padding(layer.window)
        for formula in formulas(layer.row):
            st.markdown(f"**{formula.quantity}**  \n`{formula.filled or formula.result}`", help=formula.rule)
    if sentence := unread_sentence(layer.window):
        st.caption(f":material/visibility_off: {sentence}")


def _example() -> None:
    st.markdown(
        "#### One output, worked out\n"
        "Each filter has a kernel for every channel. Their sums are added up over the channels, and the filter's bias "
        "comes on top: so three maps become one for each filter."
    )
    position = choose(st.segmented_control, "Position", _POSITIONS, key="position", default="1,1", required=True)
    row, column = map(int, position.split(","))
    _panel(example_html(row - 1, column - 1), key="channels-example")


def example_html(row: int, column: int) -> str:
    """Return the picture, the filters and the sums of the outputs at one position."""
    output = slide_channels(_PICTURE, _FILTERS, _BIAS, _WINDOW)

    def in_window(i: int, j: int) -> str:
        return "in" if row <= i < row + 3 and column <= j < column + 3 else ""

    def at_place(i: int, j: int) -> str:
        return "now" if (i, j) == (row, column) else ""

    inputs = [
        grid(plane, f"Input, {name}", small=True, mark=in_window)
        for plane, name in zip(_PICTURE, _COLOURS, strict=True)
    ]
    lines = []
    for place, filters in enumerate(_FILTERS):
        kernels = [
            grid(one, f"Filter {place + 1}, {name}", small=True) for one, name in zip(filters, _COLOURS, strict=True)
        ]
        result = grid(output[place], f"Output {place + 1}", f"bias {number(_BIAS[place])}", small=True, mark=at_place)
        lines.append(boards(*kernels, result))
    return boards(f"<div>{boards(*inputs)}{''.join(lines)}</div>", _sums(row, column, output))


def _sums(row: int, column: int, output: Numbers) -> str:
    heads = (*_COLOURS, "bias", "output")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    lines = []
    for place, filters in enumerate(_FILTERS):
        parts = [slide(plane, one, _WINDOW)[row, column] for plane, one in zip(_PICTURE, filters, strict=True)]
        cells = "".join(f"<td>{number(value)}</td>" for value in (*parts, _BIAS[place]))
        total = f"<td><b>{number(output[place, row, column])}</b></td>"
        lines.append(f'<tr><th scope="row">Filter {place + 1}</th>{cells}{total}</tr>')
    title = f"Sums of 3{TIMES}3 products, row {row + 1}, column {column + 1}"
    table = f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<figure class="board"><figcaption>{title}</figcaption><table class="sums">{table}</table></figure>'

"""A kernel over a small grid of numbers, one step at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from explorer.convolution import Numbers, Window, flipped, pad, slide, steps
from explorer.kernels import GRIDS
from explorer.ui.address import asked_anew, one_of, whole_number, write
from explorer.ui.convolution import numbers
from explorer.ui.convolution.controls import Motion, Weights, edit_weights, pick_motion
from explorer.ui.convolution.grids import CSS, boards, grid, legend, show_boards
from explorer.ui.convolution.numbers import Table
from explorer.ui.convolution.picture import explain_size
from explorer.ui.panel import make_component
from explorer.units import shape

LARGEST_GRID = 12
MOST_STEPS = 400
_HERE = Path(__file__).parent
_START = "step-start"  # in the session: where the stepper begins
CHECKS = {
    "grid": one_of("The grid", GRIDS),
    "cells": numbers.check(LARGEST_GRID, LARGEST_GRID),
    "at": whole_number("The step", 1, MOST_STEPS),
}
_stepper = make_component(
    "explorer_stepper", CSS + (_HERE / "stepper.css").read_text(), (_HERE / "stepper.js").read_text()
)


def show() -> None:
    """Draw the controls, the stepper, and what flipping the kernel changes."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        pick_grid()
        motion = pick_motion()
    left, right = st.columns([2.7, 8], gap="medium")
    with left:
        weights = edit_weights()
        cells = edit_cells()
    with right:
        try:
            _walk(numbers.as_array(cells), weights, motion)
        except ValueError as error:
            st.error(str(error), icon=":material/error:")


def pick_grid() -> None:
    """Draw the choice of numbers to start from."""
    numbers.pick_preset(
        "Numbers",
        {name: grid.title for name, grid in GRIDS.items()},
        key="grid",
        editor="cells",
        width=150,
        help="A small picture to start from; each number can be edited.",
    )


def edit_cells() -> Table:
    """Draw the editor of the picture of numbers."""
    default = _preset()
    with st.popover("Edit the input", icon=":material/edit:"):
        return numbers.edit("cells", default, most=LARGEST_GRID, alt="The numbers of the input")


def _preset() -> Table:
    return tuple(tuple(map(float, row)) for row in GRIDS[st.session_state["grid"]].numbers)


def _walk(picture: Numbers, weights: Weights, motion: Motion) -> None:
    kernel = weights.kernel(motion.flip)
    window = motion.window((picture.shape[0], picture.shape[1]), (kernel.shape[0], kernel.shape[1]))
    output = slide(picture, kernel, window, motion.edge) / weights.divisor + motion.bias
    result = _stepper(
        key="stepper",
        data=_board(picture, kernel, output, window, weights, motion),
        on_step_change=_nothing,
    )
    if result.step is not None:
        write("at", str(result.step + 1))
    formula, table = st.columns([3, 2], gap="medium")
    with formula:
        explain_size(window)
    with table, st.popover("Data", icon=":material/table:", help="Every step as a table"):
        st.dataframe(_table(picture, kernel, output, window, motion), hide_index=True)
    _show_flip(picture, weights, motion)


def _board(
    picture: Numbers, kernel: Numbers, output: Numbers, window: Window, weights: Weights, motion: Motion
) -> dict[str, Any]:
    """What the stepper draws; where it starts is fixed, so that it stays where the visitor moved it."""
    padded = pad(picture, window, motion.edge)
    around = f"<small>{shape(padded.shape)} with its padding</small>" if padded.shape != picture.shape else ""
    turned = "<small>turned by half a circle</small>" if motion.flip else ""
    return {
        "start": _first_step(),
        "input": padded.tolist(),
        "size": picture.shape,
        "pads": [window.rows.pads[0], window.columns.pads[0]],
        "visits": window.visits().tolist(),
        "kernel": kernel.tolist(),
        "output": output.tolist(),
        "stride": motion.stride,
        "dilation": motion.dilation,
        "divisor": weights.divisor,
        "bias": motion.bias,
        "captions": {
            "input": f"Input {shape(picture.shape)}{around}",
            "kernel": f"Kernel {shape(kernel.shape)}{turned}",
            "products": "Products",
            "output": f"Output {shape(output.shape)}",
        },
        "legend": _legend(padded.size > picture.size, window.unread() > 0),
    }


def _legend(is_padded: bool, has_unread: bool) -> str:
    entries = [("plus", "positive"), ("minus", "negative")]
    entries += [("pad", "padding")] * is_padded + [("never", "never read by the kernel")] * has_unread
    return legend(*entries)


def _first_step() -> int:
    asked = asked_anew("at") or ""
    if asked.isdecimal() and int(asked):
        st.session_state[_START] = int(asked) - 1
    start: int = st.session_state.setdefault(_START, 0)
    return start


def _nothing() -> None:
    """Stand for a callback: with one, the result always has its attribute."""


def _table(picture: Numbers, kernel: Numbers, output: Numbers, window: Window, motion: Motion) -> pd.DataFrame:
    walked = list(steps(picture, kernel, window, motion.edge))
    return pd.DataFrame(
        {
            "Row": [step.place[0] + 1 for step in walked],
            "Column": [step.place[1] + 1 for step in walked],
            "Products": [", ".join(f"{product:g}" for product in step.products.ravel()) for step in walked],
            "Sum": [step.sum for step in walked],
            "Output": [output[step.place] for step in walked],
        }
    )


def _show_flip(picture: Numbers, weights: Weights, motion: Motion) -> None:
    """Draw what comes out with the kernel as it stands and with the kernel turned."""
    with st.expander("Convolution or cross-correlation?", icon=":material/flip:"):
        kernel = weights.kernel(flip=False)
        turned = flipped(kernel)
        window = motion.window((picture.shape[0], picture.shape[1]), (kernel.shape[0], kernel.shape[1]))
        as_it_stands, convolved = (
            slide(picture, one, window, motion.edge) / weights.divisor + motion.bias for one in (kernel, turned)
        )
        st.markdown(
            "What networks call a convolution slides the kernel as it stands: a cross-correlation. Mathematics turns "
            "the kernel by half a circle first. For a network it makes no difference: it would learn the turned "
            "weights. " + _difference(as_it_stands, convolved, kernel, turned)
        )
        show_boards(
            boards(
                grid(kernel, "Kernel as it stands", small=True),
                grid(as_it_stands, "Cross-correlation", "what torch and Keras compute", small=True),
                grid(turned, "Kernel turned", small=True),
                grid(convolved, "Convolution", "as mathematics defines it", small=True),
            ),
            key="flip-boards",
        )


def _difference(as_it_stands: Numbers, convolved: Numbers, kernel: Numbers, turned: Numbers) -> str:
    if np.array_equal(kernel, turned):
        return "This kernel is its own mirror image, so both give the same."
    different = int((~np.isclose(as_it_stands, convolved)).sum())
    return f"Here {different} of {as_it_stands.size} numbers differ."

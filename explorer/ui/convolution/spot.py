"""One number of a picture's output, worked out: what the kernel lies on there, the products, and their sum."""

from __future__ import annotations

import re

import numpy as np
import streamlit as st

from explorer.analysis.rows import Pair
from explorer.convolution import Axis, Numbers, Step, Window, pad, step_at
from explorer.ui.convolution.controls import Motion, Weights
from explorer.ui.convolution.grids import boards, grid, number, show_boards
from explorer.ui.convolution.scene import Box
from explorer.units import shape

RING = 10  # pixels between a spot and the frame that makes it visible
_COLOURS = ("red", "green", "blue")


def check(text: str) -> Pair:
    """Return the row and the column, counted from 1, of a text of the address. What is none raises ValueError."""
    row, _, column = text.partition(",")
    if not re.fullmatch(r"0*[1-9]\d{0,8},0*[1-9]\d{0,8}", text):
        raise ValueError("A spot is a row and a column, counted from 1, as in 120,80.")
    return int(row), int(column)


CHECKS = {"spot": check}


def chosen(window: Window) -> Pair:
    """Return the place in the output that the address asks for; the middle if it names none."""
    height, width = window.output
    try:
        row, column = check(st.query_params.get("spot", ""))
    except ValueError:
        return height // 2, width // 2
    return min(row, height) - 1, min(column, width) - 1


def choose(place: Pair) -> None:
    """Put another place into the address, and draw the page anew."""
    st.query_params["spot"] = f"{place[0] + 1},{place[1] + 1}"
    st.rerun()


def above(window: Window, x: float, y: float) -> Pair:
    """Return the place in the output whose window has its middle nearest to a point of the picture."""
    return _nearest(window.rows, y), _nearest(window.columns, x)


def _nearest(axis: Axis, pixel: float) -> int:
    return min(max(round((pixel + axis.pads[0] - axis.reach / 2) / axis.stride), 0), axis.output - 1)


def window_box(window: Window, place: Pair) -> Box:
    """Return the pixels of the picture that the kernel reaches over at one place of the output."""
    top, left = (at * axis.stride - axis.pads[0] for at, axis in zip(place, (window.rows, window.columns), strict=True))
    return Box(left, top, window.columns.reach, window.rows.reach, "size")


def ring(box: Box, times: float = 1) -> Box:
    """Return a frame around a box, by which it is found; `times` as far off where pixels are that much smaller."""
    far = RING * times
    return Box(box.left - far, box.top - far, box.width + 2 * far, box.height + 2 * far, "inner")


def show(planes: Numbers, weights: Weights, window: Window, motion: Motion, place: Pair) -> None:
    """Draw the numbers under the kernel, the kernel, the products and the sum; of a colour picture, those of red."""
    kernel = weights.kernel(motion.flip)
    step = step_at(pad(planes[0], window, motion.edge), kernel, window, place)
    result = step.sum / weights.divisor + motion.bias
    colour = f", {_COLOURS[0]}" if len(planes) > 1 else ""
    st.markdown(f"**One number of the output, worked out.** {sentence(step, weights.divisor, motion.bias, result)}")
    gaps = f"every {motion.dilation} pixels" if motion.dilation > 1 else ""
    show_boards(
        boards(
            grid(step.values, f"Pixels{colour}", gaps, small=True),
            grid(kernel, "Kernel", "turned" if motion.flip else "", small=True),
            grid(step.products, "Products", small=True),
            grid(np.array([[result]]), "Output", small=True, mark=lambda row, column: "now"),
        ),
        key="spot-boards",
    )
    more = " Green and blue go the same way, each on its own." if colour else ""
    st.caption(f"Click either picture for another place.{more}")


def sentence(step: Step, divisor: int, bias: int, result: float) -> str:
    """Return how one number of the output comes about."""
    row, column = step.place
    divided = f", divided by {divisor}" if divisor != 1 else ""
    shifted = f", with the bias of {number(bias)}" if bias else ""
    end = f"{divided}{shifted}: **{number(result)}**" if divided or shifted else ""
    total = number(step.sum) if end else f"**{number(step.sum)}**"
    return f"In row {row + 1}, column {column + 1} the {shape(step.products.shape)} products add up to {total}{end}."

"""What the first two views share: the kernel, and how it moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import streamlit as st

from explorer.convolution import Axis, Edge, Numbers, Pads, Window, flipped, same_pads
from explorer.kernels import KERNELS
from explorer.ui.address import choose, forget_notes, on_or_off, one_of, whole_number
from explorer.ui.convolution import numbers
from explorer.ui.convolution.numbers import Table

LARGEST_KERNEL = 7
LARGEST_STRIDE = 4
LARGEST_DILATION = 4
LARGEST_PADDING = 6
LARGEST_DIVISOR = 1000
PADDINGS = {"none": "None", "same": "Same", "by": "By hand"}
EDGES = {"zero": "Zeros", "reflect": "Mirror", "replicate": "Repeat"}
CHECKS: dict[str, Callable[[str], Any]] = {
    "kernel": one_of("The kernel", KERNELS),
    "weights": numbers.check(LARGEST_KERNEL, LARGEST_KERNEL),
    "divisor": whole_number("The divisor", 1, LARGEST_DIVISOR),
    "bias": whole_number("The bias", -numbers.LARGEST, numbers.LARGEST),
    "stride": whole_number("The stride", 1, LARGEST_STRIDE),
    "dilation": whole_number("The dilation", 1, LARGEST_DILATION),
    "padding": one_of("The padding", PADDINGS),
    "pad_by": whole_number("The padding", 0, LARGEST_PADDING),
    "edge": one_of("What the padding holds", EDGES),
    "flip": on_or_off("Flipping the kernel"),
}


@dataclass(frozen=True)
class Motion:
    """How a kernel moves over a picture of any size."""

    stride: int
    dilation: int
    padding: str  # one of PADDINGS
    pad_by: int
    edge: Edge
    flip: bool
    bias: int

    def window(self, picture: tuple[int, int], kernel: tuple[int, int]) -> Window:
        """Return the window for a picture and a kernel, each (height, width)."""
        rows, columns = (
            Axis(size, side, self.stride, self.dilation, self._pads(size, side))
            for size, side in zip(picture, kernel, strict=True)
        )
        return Window(rows, columns)

    def _pads(self, size: int, kernel: int) -> Pads:
        if self.padding == "same":
            return same_pads(size, kernel, self.stride, self.dilation)
        return (self.pad_by, self.pad_by) if self.padding == "by" else (0, 0)


@dataclass(frozen=True)
class Weights:
    """The kernel as it is edited: weights, and what they are all divided by."""

    table: Table
    divisor: int

    def kernel(self, flip: bool) -> Numbers:
        """Return the kernel that slides, before the division."""
        kernel = numbers.as_array(self.table)
        return flipped(kernel) if flip else kernel


def pick_motion() -> Motion:
    """Draw the preset of the kernel and how it moves, in the row of controls that is open."""
    is_another = numbers.pick_preset(
        "Kernel",
        {name: kernel.title for name, kernel in KERNELS.items()},
        key="kernel",
        editor="weights",
        on_choice=_choose_kernel,
        width=210,
        help="Weights to start from; each can be edited below.",
    )
    if is_another and "divisor" not in st.query_params:
        _take_divisor()
    stride = _number("Stride", "stride", 1, LARGEST_STRIDE, 1, "How far the kernel moves from one output to the next.")
    padding = choose(
        st.selectbox,
        "Padding",
        PADDINGS,
        key="padding",
        default="none",
        width=110,
        help="What is put around the picture. Same: as much as keeps its size with stride 1.",
    )
    pad_by, edge = 1, "zero"
    if padding == "by":
        pad_by = _number("Pixels", "pad_by", 0, LARGEST_PADDING, 1, "Added on each of the four sides.")
    if padding != "none":
        edge = choose(
            st.selectbox,
            "Filled with",
            EDGES,
            key="edge",
            default="zero",
            width=110,
            help="Zeros, the picture mirrored at its edge, or its edge repeated.",
        )
    dilation = _number(
        "Dilation", "dilation", 1, LARGEST_DILATION, 1, "Distance between the pixels that neighbouring weights read."
    )
    bias = _number("Bias", "bias", -numbers.LARGEST, numbers.LARGEST, 0, "Added to every sum.")
    flip = st.toggle(
        "Flip the kernel",
        key="flip",
        bind="query-params",
        width="content",
        help="Networks slide the kernel as it stands (cross-correlation). Convolution in mathematics turns it first.",
    )
    return Motion(stride, dilation, padding, pad_by, cast(Edge, edge), flip, bias)


def edit_weights() -> Weights:
    """Draw the editor of the kernel, its size and its divisor."""
    preset = KERNELS[st.session_state["kernel"]]
    default: Table = tuple(tuple(map(float, row)) for row in preset.weights)
    table = numbers.edit("weights", default, most=LARGEST_KERNEL, alt="The weights of the kernel")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            "Kernel size",
            1,
            LARGEST_KERNEL,
            value=len(table),
            key=f"kernel-side-{len(table)}",
            on_change=_resize,
            args=(table,),
            width=105,
            help="Height and width of the kernel; weights that come in are 0.",
        )
        if "divisor" not in st.session_state and "divisor" not in st.query_params:
            _take_divisor()
        divisor = st.number_input(
            "Divided by",
            1,
            LARGEST_DIVISOR,
            key="divisor",
            bind="query-params",
            width=105,
            help="Every sum is divided by this, so that a mean can have whole weights.",
        )
        if table != default:
            st.button("Reset", icon=":material/undo:", on_click=_reset)
    st.caption(preset.what if table == default else f"Edited. {preset.title} was: {preset.what}")
    return Weights(table, divisor)


def _number(label: str, key: str, least: int, most: int, default: int, help: str) -> int:
    return st.number_input(
        label, least, most, value=default, key=key, bind="query-params", width=92, help=f"{help} {least} to {most}."
    )


def _reset() -> None:
    numbers.clear("weights")
    _take_divisor()


def _choose_kernel() -> None:
    forget_notes()
    _take_divisor()


def _take_divisor() -> None:
    st.session_state["divisor"] = KERNELS[st.session_state["kernel"]].divisor


def _resize(table: Table) -> None:
    """Cut the kernel to its middle, or put zeros around it."""
    side = st.session_state[f"kernel-side-{len(table)}"]
    old, new = numbers.as_array(table), np.zeros((side, side))
    height, width = min(side, old.shape[0]), min(side, old.shape[1])
    new[_middle(side, height), _middle(side, width)] = old[_middle(old.shape[0], height), _middle(old.shape[1], width)]
    numbers.replace("weights", tuple(map(tuple, new.tolist())))


def _middle(size: int, length: int) -> slice:
    start = (size - length) // 2
    return slice(start, start + length)

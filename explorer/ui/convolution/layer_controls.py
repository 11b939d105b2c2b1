"""What the views on channels and on flattening share: the sizes of one convolution layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer.analysis.rows import LayerRow
from explorer.convolution import Axis, Window, as_layer, same_pads
from explorer.ui.address import asked_anew, on_or_off, whole_number, write

# name in the address: label, least, most, default, help
_SIZES: dict[str, tuple[str, int, int, int, str]] = {
    "channels": ("Channels", 1, 2048, 3, "Maps that the layer reads; 3 for a colour picture."),
    "side": ("Height, width", 1, 1024, 32, "Pixels of the input, high and wide."),
    "filters": ("Filters", 1, 4096, 8, "Kernels, and so maps that the layer puts out."),
    "k": ("Kernel", 1, 15, 3, "Height and width of each kernel."),
    "s": ("Stride", 1, 8, 1, "How far the kernel moves from one output to the next."),
    "p": ("Padding", 0, 7, 0, "Zeros on each of the four sides."),
    "d": ("Dilation", 1, 8, 1, "Distance between the pixels that neighbouring weights read."),
    "images": ("Batch", 1, 1024, 1, "Pictures that are worked on together."),
}
CHECKS: dict[str, Callable[[str], Any]] = {
    name: whole_number(label, least, most) for name, (label, least, most, _, _) in _SIZES.items()
} | {
    "groups": whole_number("The number of groups", 1, 2048),
    "same": on_or_off("Padding as same"),
    "with_bias": on_or_off("The bias"),
}


@dataclass(frozen=True)
class Layer:
    """The sizes of a convolution layer, and what follows from them."""

    channels: int
    filters: int
    groups: int
    images: int
    has_bias: bool
    window: Window

    @property
    def row(self) -> LayerRow:
        return as_layer(
            self.channels, self.window, self.filters, groups=self.groups, bias=self.has_bias, images=self.images
        )


def pick_layer(*, in_groups: bool) -> Layer:
    """Draw the sizes. A kernel that does not fit raises ValueError."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        is_same = bool(st.session_state.get("same", st.query_params.get("same") == "true")) and in_groups
        sizes = {
            name: _pick(name, disabled=is_same and name == "p") for name in _SIZES if in_groups or name != "images"
        }
        groups = _pick_groups(sizes["channels"], sizes["filters"]) if in_groups else 1
        if in_groups:
            st.toggle(
                "Same",
                key="same",
                bind="query-params",
                width="content",
                help="Padding as TensorFlow's SAME: as much as makes the output the input over the stride, rounded up.",
            )
        has_bias = st.toggle(
            "Bias",
            value=True,
            key="with_bias",
            bind="query-params",
            width="content",
            help="A number added to each map.",
        )
    motion = (sizes["side"], sizes["k"], sizes["s"], sizes["d"])
    axis = Axis(*motion, same_pads(*motion) if is_same else (sizes["p"], sizes["p"]))
    window = Window(axis, axis)
    window.check()
    return Layer(sizes["channels"], sizes["filters"], groups, sizes.get("images", 1), has_bias, window)


def _pick(name: str, *, disabled: bool) -> int:
    label, least, most, default, help = _SIZES[name]
    return st.number_input(
        label,
        least,
        most,
        value=default,
        key=name,
        bind="query-params",
        disabled=disabled,
        width=100,
        help=f"{help} {least} to {most:,}.",
    )


def _pick_groups(channels: int, filters: int) -> int:
    """Draw the numbers that divide both channels and filters."""
    fitting = [count for count in range(1, min(channels, filters) + 1) if channels % count == filters % count == 0]
    asked = asked_anew("groups") or ""
    if asked.isdecimal() and int(asked) in fitting:
        st.session_state["groups"] = int(asked)
    elif st.session_state.get("groups") not in fitting:
        st.session_state["groups"] = 1
    chosen: int = st.selectbox(
        "Groups",
        fitting,
        key="groups",
        persist_state="session",
        width=100,
        help="Channels and filters in this many parts that do not see each other; as many as channels is depthwise.",
    )
    write("groups", None if chosen == 1 else str(chosen))
    return chosen

"""Pooling, max against average, and how much of a shift is still seen behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from explorer.convolution import Axis, Numbers, Window, moved, pool
from explorer.ui.address import whole_number
from explorer.ui.convolution import numbers
from explorer.ui.convolution.grids import Mark, boards, grid, legend, show_boards
from explorer.ui.convolution.picture import WHITE, as_image, unread_sentence
from explorer.ui.convolution.picture_source import LONGEST_SIDE, Picture, pick_picture
from explorer.ui.convolution.stepping import edit_cells, pick_grid
from explorer.units import percent, shape

LARGEST_POOL = 4
LARGEST_SHIFT = 3
SHOWN_SIDE = 4  # of the pooling whose change is drawn
_SIDES = (2, 4, 8, 16)
How = Literal["max", "average"]
HOWS: dict[How, str] = {"max": "Max pooling", "average": "Average pooling"}
CHECKS: dict[str, Callable[[str], Any]] = {
    "pool": whole_number("The pooling window", 2, LARGEST_POOL),
    "pool_step": whole_number("The stride of the pooling", 1, LARGEST_POOL),
    "move_right": whole_number("The shift", -LARGEST_SHIFT, LARGEST_SHIFT),
    "move_down": whole_number("The shift", -LARGEST_SHIFT, LARGEST_SHIFT),
}


def show() -> None:
    """Draw pooling on a grid, before and after a shift, then what it does to a shift of a picture."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        pick_grid()
        side = _number("Window", "pool", 2, LARGEST_POOL, 2, "Height and width of what becomes one number.")
        stride = _number("Stride", "pool_step", 1, LARGEST_POOL, 2, "How far the window moves.")
        right = _number(
            "Move right by", "move_right", -LARGEST_SHIFT, LARGEST_SHIFT, 1, "Pixels; to the left if negative."
        )
        down = _number("Move down by", "move_down", -LARGEST_SHIFT, LARGEST_SHIFT, 0, "Pixels; up if negative.")
        cells = edit_cells()
    picture = numbers.as_array(cells)
    window = window_of(picture, side, stride)
    try:
        window.check()
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return
    _grids(picture, moved(picture, down, right), window)
    if sentence := unread_sentence(window):
        st.caption(f":material/visibility_off: {sentence}")
    st.divider()
    _on_picture(down, right)


def window_of(picture: Numbers, side: int, stride: int) -> Window:
    rows, columns = (Axis(size, side, stride) for size in picture.shape)
    return Window(rows, columns)


def _number(label: str, key: str, least: int, most: int, default: int, help: str) -> int:
    return st.number_input(
        label, least, most, value=default, key=key, bind="query-params", width=130, help=f"{help} {least} to {most}."
    )


def _grids(picture: Numbers, shifted: Numbers, window: Window) -> None:
    pooled = {how: (pool(picture, window, how), pool(shifted, window, how)) for how in HOWS}
    st.markdown(sentence(_changes(picture, shifted), {how: _changes(*pooled[how]) for how in HOWS}))
    size = shape(window.output)
    before = [grid(pooled[how][0], title, size, small=True) for how, title in HOWS.items()]
    after = [grid(pooled[how][1], title, size, small=True, mark=_changed(*pooled[how])) for how, title in HOWS.items()]
    note = shape(picture.shape)
    first = boards(grid(picture, "Input", note, small=True), *before)
    second = boards(grid(shifted, "Moved", note, small=True, mark=_changed(picture, shifted)), *after)
    key = legend(("plus", "positive"), ("changed", "changed by the move"))
    show_boards(boards(f"<div>{first}</div>", f"<div>{second}</div>") + key, key="pooling-boards")


def _changed(before: Numbers, after: Numbers) -> Mark:
    differ = ~np.isclose(before, after)
    return lambda row, column: "changed" if differ[row, column] else ""


def _changes(before: Numbers, after: Numbers) -> str:
    return f"**{int((~np.isclose(before, after)).sum())} of {before.size}**"


def sentence(of_input: str, pooled: Mapping[How, str]) -> str:
    """Return how many numbers a move changed."""
    return (
        f"The move changes {of_input} numbers of the input, {pooled['max']} behind max pooling and {pooled['average']} "
        "behind average pooling."
    )


def _on_picture(down: int, right: int) -> None:
    st.markdown("#### The same move on a picture")
    left, beside = st.columns([3, 3], gap="large")
    with left:
        picture = pick_picture()
        if picture is None:
            return
        _draw_changes(picture, down, right)
    with beside:
        st.markdown(
            "How much of the picture's change by this move is left behind pooling: the mean difference between before "
            "and after, over that of the picture itself. The larger the window, the less it matters where exactly a "
            "thing is; that is what is meant by invariance to small shifts. It is never complete."
        )
        st.dataframe(left_over(picture, down, right), hide_index=True, width="stretch", alt="What is left of a move")
        st.caption(
            "A convolution with stride 1 is not invariant but equivariant: move the picture, and its output moves "
            "along."
        )


def _draw_changes(picture: Picture, down: int, right: int) -> None:
    """Draw the picture and its change by the move, as it is and behind pooling, all in the same brightness."""
    before, after = both(picture, down, right)
    whole = np.abs(after - before)
    brightness = WHITE / max(float(np.percentile(whole, 99)), 1.0)
    size = f"{SHOWN_SIDE}\N{MULTIPLICATION SIGN}{SHOWN_SIDE}"
    shown = [(as_image(before[None]), picture.credit, picture.alt)]
    for planes, caption in (
        (whole, "Change by the move: black where there is none"),
        *(
            (change(before, after, SHOWN_SIDE, how), f"Change behind {title.lower()} {size}")
            for how, title in HOWS.items()
        ),
    ):
        shown.append((as_image(brightness * planes[None], LONGEST_SIDE), caption, caption))
    for (image, caption, alt), column in zip(shown, (*st.columns(2), *st.columns(2)), strict=True):
        column.image(image, caption=caption, alt=alt, width="stretch", output_format="PNG")


def both(picture: Picture, down: int, right: int) -> tuple[Numbers, Numbers]:
    """Return the brightness of a picture before and after a move."""
    grey = picture.grey()
    return grey, moved(grey, down, right)


def change(before: Numbers, after: Numbers, side: int, how: How) -> Numbers:
    """Return how much each number behind a pooling differs."""
    window = window_of(before, side, side)
    return np.abs(pool(after, window, how) - pool(before, window, how))


def left_over(picture: Picture, down: int, right: int) -> pd.DataFrame:
    """Return the share of a picture's mean change by a move that is left behind poolings of several sizes."""
    before, after = both(picture, down, right)
    whole = float(np.abs(after - before).mean())
    lines = []
    for side in _SIDES:
        shares = [float(change(before, after, side, how).mean()) for how in HOWS]
        texts = [percent(share / whole) if whole else "no change" for share in shares]
        size = shape(window_of(before, side, side).output)
        lines.append((f"{side}\N{MULTIPLICATION SIGN}{side}", size, *texts))
    return pd.DataFrame(lines, columns=["Window and stride", "Numbers left", *HOWS.values()])

"""A kernel over a whole picture."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from explorer.analysis.rows import Pair
from explorer.convolution import Numbers, Window, as_layer, slide
from explorer.formulas import formulas
from explorer.ui.address import choose, on_or_off, one_of
from explorer.ui.convolution import spot
from explorer.ui.convolution.controls import Motion, edit_weights, pick_motion
from explorer.ui.convolution.picture_source import LONGEST_SIDE, Picture, pick_picture
from explorer.ui.convolution.scene import CSS, Box, View, scene
from explorer.ui.panel import make_panel
from explorer.units import MINUS, exact, shape

WHITE = 255
SHOWN = {"auto": "Automatic", "clip": "Cut to 0\N{EN DASH}255", "grey": "Zero is grey", "relu": "ReLU"}
CHECKS = {"shown": one_of("How numbers are shown", SHOWN), "rgb": on_or_off("Colour"), **spot.CHECKS}
_panel = make_panel(
    "explorer_pictures",
    f"{CSS}\n.scene {{ width: 100%; border-radius: 4px; }} .scene image {{ image-rendering: auto; }}",
)
_HOW = {
    "clip": "what is below 0 is black, what is above 255 white",
    "grey": "0 is grey, positive numbers are brighter, negative ones darker, and the strongest 1 % is cut off",
    "relu": "negative numbers become 0, the largest is white",
}


def show() -> None:
    """Draw the controls, the picture, the kernel, what comes out, and one number of it worked out."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picture = pick_picture()
        motion = pick_motion()
        in_colour = st.toggle(
            "Colour",
            key="rgb",
            bind="query-params",
            width="content",
            help="The kernel over red, green and blue, each on its own. Off: over the brightness.",
        )
    if picture is None:
        return
    before, middle, after = st.columns([4, 2.7, 4], gap="medium")
    below, beside = st.columns([6.7, 4], gap="medium")
    with middle:
        weights = edit_weights()
    with beside:
        shown = _pick_shown()
    planes = picture.channels() if in_colour else picture.grey()[None]
    kernel = weights.kernel(motion.flip)
    window = motion.window((planes.shape[1], planes.shape[2]), (kernel.shape[0], kernel.shape[1]))
    try:
        output = _slide(planes, kernel / weights.divisor, window, motion)
    except ValueError as error:
        before.image(as_image(planes), caption=picture.credit, width="stretch", alt=picture.alt, output_format="PNG")
        after.error(str(error), icon=":material/error:")
        return
    place = spot.chosen(window)
    with before:
        _draw_input(planes, picture, window, place)
    with after:
        _draw_output(output, picture, automatic(kernel) if shown == "auto" else shown, place)
    with below:
        spot.show(planes, weights, window, motion, place)
    with beside:
        explain_size(window)


def _pick_shown() -> str:
    return choose(
        st.selectbox,
        "Show numbers as",
        SHOWN,
        key="shown",
        default="auto",
        width=250,
        help="Sums can be negative or above 255, which no screen can show as they are.",
    )


def _slide(planes: Numbers, kernel: Numbers, window: Window, motion: Motion) -> Numbers:
    return np.stack([slide(plane, kernel, window, motion.edge) + motion.bias for plane in planes])


def _draw_input(planes: Numbers, picture: Picture, window: Window, place: Pair) -> None:
    height, width = planes.shape[1:]
    box = spot.window_box(window, place)
    view = View(width, height, max(*window.rows.pads, *window.columns.pads))
    dot = Box(box.left + box.width // 2, box.top + box.height // 2, 1, 1, "")
    drawing = scene(as_image(planes), view, (box, spot.ring(box)), (), dot, picture.alt)
    picked = _panel(drawing, key="picture-before")
    st.caption(f"Input: {shape((height, width))} pixels. {picture.credit}")
    if picked:
        spot.choose(spot.above(window, *view.pixel(*map(float, picked.split(",")))))


def _draw_output(output: Numbers, picture: Picture, shown: str, place: Pair) -> None:
    height, width = output.shape[1:]
    visible, how = visible_values(output, shown)
    least, most = (f"{value:,.0f}".replace("-", MINUS) for value in (output.min(), output.max()))
    dot = Box(place[1], place[0], 1, 1, "")
    image, view = as_image(visible, LONGEST_SIDE), View(width, height, 0)
    alt = f"The output of the kernel over the picture: {picture.alt}"
    drawing = scene(image, view, (spot.ring(dot, width / LONGEST_SIDE),), (), dot, alt)
    picked = _panel(drawing, key="picture-after")
    st.caption(f"Output: {shape((height, width))} numbers from {least} to {most}; {how}.")
    if picked:
        x, y = view.pixel(*map(float, picked.split(",")))
        spot.choose((min(int(y), height - 1), min(int(x), width - 1)))


def automatic(kernel: Numbers) -> str:
    """Return how to show what a kernel puts out: weights that add up to nothing leave no brightness, only contrast."""
    return "clip" if kernel.sum() > 0 else "grey"


def visible_values(output: Numbers, shown: str) -> tuple[Numbers, str]:
    """Return the numbers as brightness from 0 to 255, and how they were made so."""
    if shown == "grey":
        strong = float(np.percentile(np.abs(output), 99)) or float(np.abs(output).max())
        return output * (127.5 / max(strong, 1e-9)) + 127.5, _HOW[shown]
    if shown == "relu":
        return np.maximum(output, 0) * (WHITE / max(output.max(), 1e-9)), _HOW[shown]
    return output, _HOW["clip"]


def as_image(planes: Numbers, width: int = 0) -> Image.Image:
    """Return planes [1 or 3, H, W] as a picture; one that is far smaller than `width` with its pixels made larger."""
    pixels = planes.clip(0, WHITE).round().astype(np.uint8)
    image = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    times = max(1, width // image.width)
    return image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST) if times > 1 else image


def explain_size(window: Window) -> None:
    """Draw the formula of the output's size with its numbers, and what the kernel never reads."""
    explain_uneven_padding(window)
    for formula in formulas(as_layer(1, window)):
        if {2, 3} & set(formula.axes):
            st.markdown(f"**{formula.quantity}**  \n`{formula.filled}`", help=formula.rule)
    if sentence := unread_sentence(window):
        st.caption(f":material/visibility_off: {sentence}")


def explain_uneven_padding(window: Window) -> None:
    """Draw the sides with a padding that is not the same before and after: the formula has one number for it."""
    for axis, name in ((window.rows, "Height"), (window.columns, "Width")):
        if axis.pads[0] != axis.pads[1]:
            st.markdown(f"**{name} with padding**  \n`{axis.size} + {axis.pads[0]} + {axis.pads[1]} = {axis.padded}`")


def unread_sentence(window: Window) -> str:
    """Return which pixels no position of the kernel reads, and why; "" where all are read."""
    unread = window.unread()
    if not unread:
        return ""
    reasons = []
    for axis, side in ((window.rows, "at the bottom"), (window.columns, "on the right")):
        if lost := max(0, axis.remainder - axis.pads[1]):
            division = f"({axis.padded} {MINUS} {axis.reach})/{axis.stride}"
            line = "row" if axis is window.rows else "column"
            reasons.append(
                f"{division} is no whole number, so {lost} {line}{'s' * (lost > 1)} {side} {_are(lost)} left over"
            )
    if _has_gaps(window):
        reasons.append("the kernel leaves gaps between the pixels that it reads")
    size = shape((window.rows.size, window.columns.size))
    return f"{exact(unread)} of {size} pixels {_are(unread)} never read: {'; '.join(reasons)}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _has_gaps(window: Window) -> bool:
    """Say whether pixels before the last one that is read are left out."""
    return any(
        (axis.visits()[axis.pads[0] : axis.padded - max(axis.remainder, axis.pads[1])] == 0).any()
        for axis in (window.rows, window.columns)
    )

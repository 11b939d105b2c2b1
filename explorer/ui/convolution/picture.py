"""A kernel over a whole picture."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from explorer.convolution import Numbers, Window, as_layer, slide
from explorer.formulas import formulas
from explorer.ui.address import choose, one_of
from explorer.ui.convolution.controls import Motion, Weights, edit_weights, pick_motion
from explorer.ui.convolution.picture_source import Picture, pick_picture
from explorer.units import MINUS, exact, shape

WHITE = 255
SHOWN = {"auto": "Automatic", "clip": "Cut to 0\N{EN DASH}255", "grey": "Zero is grey", "relu": "ReLU"}
CHECKS = {"shown": one_of("How numbers are shown", SHOWN)}
_HOW = {
    "clip": "what is below 0 is black, what is above 255 white",
    "grey": "0 is grey, positive numbers are brighter, negative ones darker, and the strongest 1 % is cut off",
    "relu": "negative numbers become 0, the largest is white",
}


def show() -> None:
    """Draw the controls, the picture, the kernel and what comes out."""
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
    with middle:
        weights = edit_weights()
        shown = choose(
            st.selectbox,
            "Show numbers as",
            SHOWN,
            key="shown",
            default="auto",
            help="Sums can be negative or above 255, which no screen can show as they are.",
        )
    planes = picture.channels() if in_colour else picture.grey()[None]
    with before:
        _draw(planes, picture.alt, f"Input: {shape(planes.shape[1:])} pixels. {picture.credit}")
    with after:
        try:
            _output(planes, picture, weights, motion, shown)
        except ValueError as error:
            st.error(str(error), icon=":material/error:")


def _output(planes: Numbers, picture: Picture, weights: Weights, motion: Motion, shown: str) -> None:
    kernel = weights.kernel(motion.flip)
    window = motion.window((planes.shape[1], planes.shape[2]), (kernel.shape[0], kernel.shape[1]))
    output = np.stack([slide(plane, kernel / weights.divisor, window, motion.edge) + motion.bias for plane in planes])
    visible, how = visible_values(output, shown)
    least, most = (f"{value:,.0f}".replace("-", MINUS) for value in (output.min(), output.max()))
    _draw(
        visible,
        f"The output of the kernel over the picture: {picture.alt}",
        f"Output: {shape(output.shape[1:])} numbers from {least} to {most}; {how}.",
        planes.shape[2],
    )
    explain_size(window)


def visible_values(output: Numbers, shown: str) -> tuple[Numbers, str]:
    """Return the numbers as brightness from 0 to 255, and how they were made so."""
    if shown == "auto":
        shown = "grey" if output.min() < 0 and output.min() < -0.1 * output.max() else "clip"
    if shown == "grey":
        strong = float(np.percentile(np.abs(output), 99)) or float(np.abs(output).max())
        return output * (127.5 / max(strong, 1e-9)) + 127.5, _HOW[shown]
    if shown == "relu":
        return np.maximum(output, 0) * (WHITE / max(output.max(), 1e-9)), _HOW[shown]
    return output, _HOW["clip"]


def _draw(planes: Numbers, alt: str, caption: str, width: int | None = None) -> None:
    """Draw planes [1 or 3, H, W] as a picture; one that is smaller than `width` with its pixels made larger."""
    pixels = planes.clip(0, WHITE).round().astype(np.uint8)
    image = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    if width and image.width <= width / 2:
        times = width // image.width
        image = image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)
    st.image(image, caption=caption, width="stretch", alt=alt, output_format="PNG")


def explain_size(window: Window) -> None:
    """Draw the formula of the output's size with its numbers, and what the kernel never reads."""
    for axis, name in ((window.rows, "Height"), (window.columns, "Width")):
        if axis.pads[0] != axis.pads[1]:
            st.markdown(f"**{name} with padding**  \n`{axis.size} + {axis.pads[0]} + {axis.pads[1]} = {axis.padded}`")
    for formula in formulas(as_layer(1, window)):
        if {2, 3} & set(formula.axes):
            st.markdown(f"**{formula.quantity}**  \n`{formula.filled}`", help=formula.rule)
    if sentence := unread_sentence(window):
        st.caption(f":material/visibility_off: {sentence}")


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

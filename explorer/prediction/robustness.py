"""Pictures made worse in ways that happen: each by an amount, where 0 changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

SEED = 0  # of the noise: the same amount is always the same noise
GREY = (128, 128, 128)


@dataclass(frozen=True)
class Change:
    """One way to change a picture; `amount` goes from 0 to `most` in `unit`."""

    name: str
    title: str
    unit: str
    most: float
    step: float
    help: str
    apply: Callable[[Image.Image, float], Image.Image]


def blur(image: Image.Image, radius: float) -> Image.Image:
    """Return the picture blurred by a Gaussian with this standard deviation in pixels."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def noise(image: Image.Image, spread: float) -> Image.Image:
    """Return the picture with Gaussian noise of this standard deviation in grey levels on every value."""
    pixels = np.asarray(image)
    added = np.random.default_rng(SEED).normal(0, spread, pixels.shape) if spread else 0
    return Image.fromarray((pixels + added).round().clip(0, 255).astype(np.uint8))


def rotate(image: Image.Image, degrees: float) -> Image.Image:
    """Return the picture turned to the left by so many degrees, with grey corners."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=_grey(image))


def shift(image: Image.Image, percent: float) -> Image.Image:
    """Return the picture moved to the right by so much of its width, with grey where it was."""
    moved = Image.new(image.mode, image.size, _grey(image))
    moved.paste(image, (round(image.width * percent / 100), 0))
    return moved


def darken(image: Image.Image, percent: float) -> Image.Image:
    """Return the picture with so much of its light taken away."""
    return image.point([round(value * (1 - percent / 100)) for value in range(256)] * len(image.getbands()))


def _grey(image: Image.Image) -> int | tuple[int, ...]:
    return GREY if image.mode == "RGB" else GREY[0]


CHANGES: dict[str, Change] = {
    change.name: change
    for change in (
        Change("blur", "Blur", "pixels", 10, 0.5, "Standard deviation of the Gaussian.", blur),
        Change(
            "noise", "Noise", "grey levels", 100, 5, "Standard deviation of the noise on values of 0 to 255.", noise
        ),
        Change("rotate", "Rotate", "degrees", 180, 5, "To the left; the corners become grey.", rotate),
        Change("shift", "Shift", "% of the width", 60, 5, "To the right; what is left behind becomes grey.", shift),
        Change("darken", "Darken", "%", 95, 5, "Share of the light that is taken away.", darken),
    )
}

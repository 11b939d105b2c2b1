"""The part of a picture that one unit sees: as the layers' windows say, and as its gradient shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from explorer.analysis.rows import Pair, ReceptiveField
from explorer.prediction.heat import Heat
from explorer.prediction.layers import as_maps, tap
from explorer.prediction.model import Model, computing


@dataclass(frozen=True)
class Box:
    """Rows `top` to `bottom` and columns `left` to `right` of a picture, all included; they may lie outside it."""

    top: int
    left: int
    bottom: int
    right: int

    def inside(self, side: int) -> Box:
        """Return the part that lies on a square picture."""
        return Box(max(self.top, 0), max(self.left, 0), min(self.bottom, side - 1), min(self.right, side - 1))

    def cut_from(self, picture: Image.Image) -> Image.Image:
        part = self.inside(picture.width)
        return picture.crop((part.left, part.top, part.right + 1, part.bottom + 1))

    def drawn_on(self, picture: Image.Image, colour: str) -> Image.Image:
        """Return the picture with the box framed and all around it darkened."""
        part = self.inside(picture.width)
        frame = (part.left, part.top, part.right, part.bottom)
        dark = picture.convert("RGB").point([value * 2 // 5 for value in range(256)] * 3)
        dark.paste(self.cut_from(picture.convert("RGB")), frame[:2])
        ImageDraw.Draw(dark).rectangle(frame, outline=colour, width=max(1, picture.width // 112))
        return dark


def field_box(field: ReceptiveField, unit: Pair, side: int) -> Box:
    """Return what a unit can see of a square picture, from the receptive field of its layer, which has even steps."""
    if field.is_gated:
        return Box(0, 0, side - 1, side - 1)
    sides = []
    for pixels, step, middle, place in zip(field.size, field.stride, field.offset, unit, strict=True):
        first = round(middle + place * step - (pixels - 1) / 2)
        sides.append((first, first + pixels - 1))
    (top, bottom), (left, right) = sides
    return Box(top, left, bottom, right)


def influence(model: Model, image: Image.Image, path: str, unit: Pair, channel: int | None = None) -> Heat:
    """Return how much each pixel matters to a unit: the absolute gradient of its value, of all channels or of one.

    This is the effective receptive field (Luo et al. 2016): most of it lies near the middle.
    """
    network = model.private()
    seen: list[Tensor] = []
    tap(network, path, seen.append)
    pixels = model.tensor(image).requires_grad_(True)
    with torch.enable_grad(), computing:
        network(pixels)
        maps = as_maps(network, seen[0])
        if maps is None:
            raise ValueError(f"{path} has no feature maps.")
        values = maps[:, unit[0], unit[1]]
        (slopes,) = torch.autograd.grad(values.sum() if channel is None else values[channel], pixels)
    return Heat(slopes[0].abs().sum(0).cpu().numpy(), "How much this pixel changes the unit's value.")

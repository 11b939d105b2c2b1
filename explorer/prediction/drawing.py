"""A drawn digit, framed as those that networks learn from."""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE = 280  # pixels of the framed drawing
MNIST_SHARE = 20 / 28  # of the side: MNIST's digits fit 20x20 pixels in a field of 28x28 (LeCun et al. 1998)


def framed(drawing: Image.Image, share: float = MNIST_SHARE) -> Image.Image:
    """Return a drawing, white on black, its longer side this share of the field and its centre of mass in the middle.

    A field without a stroke stays black.
    """
    grey = drawing.convert("L")
    box = grey.getbbox()
    if box is None:
        return Image.new("RGB", (SIDE, SIDE))
    digit = grey.crop(box)
    scale = share * SIDE / max(digit.size)
    digit = digit.resize([max(1, round(side * scale)) for side in digit.size], Image.Resampling.LANCZOS)
    weights = np.asarray(digit, float)
    rows, columns = np.indices(weights.shape)
    middle = [float((places * weights).sum() / weights.sum()) for places in (columns, rows)]
    spare = [SIDE - side for side in digit.size]
    corner = [min(max(round((SIDE - 1) / 2 - one), 0), room) for one, room in zip(middle, spare, strict=True)]
    field = Image.new("L", (SIDE, SIDE))
    field.paste(digit, (corner[0], corner[1]))
    return field.convert("RGB")

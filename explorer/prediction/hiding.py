"""Parts of a picture hidden, to see whether the network needed them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

Fill = Literal["grey", "black", "blur"]
BLUR_SHARE = 0.08  # of the picture's side: too coarse to recognise anything


def hide(picture: Image.Image, mask: np.ndarray, fill: Fill = "grey") -> Image.Image:
    """Return the picture with the pixels of a mask, bool [H, W], replaced."""
    cover = {
        "grey": lambda: Image.new(picture.mode, picture.size, tuple([128] * len(picture.getbands()))),
        "black": lambda: Image.new(picture.mode, picture.size),
        "blur": lambda: picture.filter(ImageFilter.GaussianBlur(BLUR_SHARE * picture.width)),
    }[fill]()
    return Image.composite(cover, picture, Image.fromarray(mask.astype(np.uint8) * 255))

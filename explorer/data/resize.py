"""Pictures in another size."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor


def resize(images: Tensor, size: int) -> Tensor:
    """Return the pictures `size` pixels high and wide, interpolated (bilinear; averaged where they shrink).

    That is done in floating point, so give it a few of them at a time.

    Shape: uint8 [N, C, H, W] -> uint8 [N, C, size, size]
    """
    if images.shape[-2:] == (size, size):
        return images
    sized = F.interpolate(images.float(), (size, size), mode="bilinear", antialias=True)
    return sized.round_().clamp_(0, 255).byte()


def frame_or_resize(images: Tensor, size: int) -> Tensor:
    """Return pictures that stand on a black ground in another size.

    Where they grow by up to a quarter they get a black frame and every pixel stays as it is, as MNIST's 28x28 became
    LeNet-5's 32x32 (LeCun et al. 1998, section II-B); else they are interpolated.
    """
    height, width = images.shape[-2:]
    missing = size - height
    if height != width or not 0 < missing <= height // 4:
        return resize(images, size)
    before, after = missing // 2, missing - missing // 2
    return F.pad(images, (before, after, before, after))


def square(picture: Image.Image, size: int) -> Tensor:
    """Return the largest square in the middle of an RGB picture, `size` pixels high and wide: uint8 [3, size, size]."""
    fitted = ImageOps.fit(picture, (size, size), Image.Resampling.BILINEAR)
    return torch.from_numpy(np.array(fitted)).permute(2, 0, 1)

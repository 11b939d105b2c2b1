"""Pictures in another size."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

PICTURES_AT_A_TIME = 4096  # in floating point


def resize(images: Tensor, size: int) -> Tensor:
    """Return the pictures `size` pixels high and wide, interpolated (bilinear; averaged where they shrink).

    Shape: uint8 [N, C, H, W] -> uint8 [N, C, size, size]
    """
    if images.shape[-2:] == (size, size):
        return images
    parts = (
        F.interpolate(part.float(), (size, size), mode="bilinear", antialias=True).round_().clamp_(0, 255).byte()
        for part in torch.split(images, PICTURES_AT_A_TIME)
    )
    return torch.cat(list(parts))


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

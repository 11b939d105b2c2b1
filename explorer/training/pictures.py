"""The pictures of a run: they live on the device as bytes, and batches are cut, augmented and normalised there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.training.seeds import make_generator
from explorer.training.spec import RunSpec

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601: red, green and blue in grey
CROP_SHARE = 8  # a crop moves by up to an eighth of the picture: 4 pixels of 32 (He et al. 2015, section 4.2)


class Part(NamedTuple):
    """Some of a data set's pictures: uint8 [N, C, H, W], int64 [N], and their places in the data set."""

    images: Tensor
    labels: Tensor
    places: Tensor


class Draws(NamedTuple):
    """What chance decides for an epoch: the order of the pictures; the place of each crop; who is mirrored."""

    order: Tensor
    top: Tensor
    left: Tensor
    mirrored: Tensor


class Pictures:
    """Training and validation pictures on a device.

    `train` and `validation` hold them as they are, in the data set's colours. A batch is float32 [N, C, H, W] with the
    network's channels, each channel of the training pictures with mean 0 and variance 1.
    """

    def __init__(self, spec: RunSpec, device: torch.device) -> None:
        self.spec = spec
        self.device = device
        self.train, self.validation = split(spec)
        self.channels = spec.input_shape[0]
        self.mean, self.deviation = measure_colours(self.train.images)
        self.batch_size = min(spec.batch_size, len(self.train.labels))
        self.steps_per_epoch = len(self.train.labels) // self.batch_size
        self._format = torch.channels_last if device.type == "cuda" else torch.contiguous_format
        self._draws = lru_cache(maxsize=1)(self._draw)

    @property
    def dataset_bytes(self) -> int:
        """What the pictures take on the device."""
        held = [self._framed_bytes(), self.validation.images.nbytes]
        return sum(held) + self.train.labels.nbytes + self.validation.labels.nbytes

    def _framed_bytes(self) -> int:
        count, channels, height, width = self.train.images.shape
        frame = 2 * self._margin
        return count * channels * (height + frame) * (width + frame)

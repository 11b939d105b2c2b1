"""Batches: the pictures live on the device as bytes, and are cut, augmented and normalised there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from explorer import data
from explorer.training.device import layout
from explorer.training.events import StoppedError
from explorer.training.seeds import make_generator
from explorer.training.selection import Part, Selection
from explorer.training.spec import RunSpec

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601: red, green and blue in grey
PIECE_VALUES = 2**22  # brought to another size at a time: 16 MiB in floating point, some hundredths of a second
CROP_SHARE = 8  # a crop moves by up to an eighth of the picture: 4 pixels of 32 (He et al. 2015, section 4.2)


class Draws(NamedTuple):
    """What chance decides in an epoch for each of its pictures: which one it is, where it is cut, if it is mirrored."""

    order: Tensor
    top: Tensor
    left: Tensor
    mirrored: Tensor


class Batches:
    """The batches of a run: float32 [N, C, H, W], where the training pictures have mean 0 and variance 1 a channel.

    `mean` and `deviation` are those of the bytes of the training pictures, a channel of the network each. A training
    batch is a pure function of the seed and the step. Validation pictures are never augmented.

    Making it moves the pictures to the device, some at a time, so that nothing else holds all of them. A `stop` is
    asked for between two times, and raises StoppedError.
    """

    def __init__(
        self, spec: RunSpec, selection: Selection, device: torch.device, stop: Callable[[], bool] = lambda: False
    ) -> None:
        train, validation = selection.train, selection.validation
        self.train_pictures, self.validation_pictures = len(train), len(validation)
        self.batch_size = min(spec.batch_size, self.train_pictures)
        self.steps_per_epoch = self.train_pictures // self.batch_size
        self._seed, self._device, self._channels = spec.seed, device, spec.input_shape[0]
        self._margin = margin(spec)
        self._mirrors = "flip" in spec.augmentation
        self._images, values = _move(train, self._channels, self._margin, device, stop)
        self._validation_images, _ = _move(validation, self._channels, 0, device, stop)
        self._labels, self._validation_labels = (part.labels.to(device) for part in (train, validation))
        self.mean, self.deviation = measure_colours(values)
        self._format = layout(device)
        self._shift = torch.tensor(self.mean, device=device).view(-1, 1, 1)
        self._scale = 1 / torch.tensor(self.deviation, device=device).view(-1, 1, 1)
        self._epoch, self._draws = -1, self._draw(0)

    @property
    def held_bytes(self) -> int:
        """What the pictures and labels take on the device."""
        held = (self._images, self._labels, self._validation_images, self._validation_labels)
        return sum(tensor.nbytes for tensor in held)

    def train(self, step: int) -> tuple[Tensor, Tensor]:
        """Return the pictures and labels of a training step, counted from 1."""
        epoch, place = divmod(step - 1, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._draws = epoch, self._draw(epoch)
        now = slice(place * self.batch_size, (place + 1) * self.batch_size)
        chosen = self._draws.order[now]
        images = self._images.index_select(0, chosen) if self._margin == 0 else self._crop(chosen, now)
        if self._mirrors:
            images = torch.where(self._draws.mirrored[now, None, None, None], images.flip(3), images)
        return self._normalise(images), self._labels[chosen]

    def validation(self, count: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the first `count` validation pictures and their labels, a batch at a time."""
        images, labels = self._validation_images, self._validation_labels
        for start in range(0, count, self.batch_size):
            now = slice(start, min(start + self.batch_size, count))
            yield self._normalise(images[now]), labels[now]

    def _crop(self, chosen: Tensor, now: slice) -> Tensor:
        """Return these pictures, each cut out of its frame where the epoch's draws say."""
        size = self._images.shape[-1] - 2 * self._margin
        windows = self._images.unfold(2, size, 1).unfold(3, size, 1)  # a view: [N, C, top, left, size, size]
        return windows[chosen, :, self._draws.top[now], self._draws.left[now]]

    def _draw(self, epoch: int) -> Draws:
        generator = make_generator(self._seed, "epoch", epoch)
        order = torch.randperm(self.train_pictures, generator=generator)
        top, left = torch.randint(2 * self._margin + 1, (2, self.train_pictures), generator=generator)
        mirrored = torch.rand(self.train_pictures, generator=generator) < 0.5
        return Draws(*(drawn.to(self._device) for drawn in (order, top, left, mirrored)))

    def _normalise(self, images: Tensor) -> Tensor:
        wide = images.expand(-1, self._channels, -1, -1)  # grey pictures for a network of three channels
        return wide.to(torch.float32, memory_format=self._format).sub_(self._shift).mul_(self._scale)


def margin(spec: RunSpec) -> int:
    """Return how many pixels a crop can move to each side."""
    return max(1, spec.input_shape[1] // CROP_SHARE) if "crop" in spec.augmentation else 0


def device_bytes(spec: RunSpec, train: int, validation: int) -> int:
    """Return what so many pictures and labels of a run take on the device."""
    channels = min(spec.input_shape[0], data.get(spec.dataset).channels)
    framed = spec.input_shape[1] + 2 * margin(spec)
    pixels = train * framed**2 + validation * spec.input_shape[1] ** 2
    return channels * pixels + torch.long.itemsize * (train + validation)


def count_values(images: Tensor) -> Tensor:
    """Return how often each channel has each value: int64 [C, 256]."""
    return torch.stack([torch.bincount(channel.flatten(), minlength=256) for channel in images.unbind(1)])


def measure_colours(counts: Tensor) -> tuple[list[float], list[float]]:
    """Return the mean and the standard deviation of the bytes of each channel; a deviation is at least 1."""
    values = torch.arange(256, dtype=torch.float64)
    means, deviations = [], []
    for count in counts:
        shares = count.double() / count.sum()
        mean = float(shares @ values)
        means.append(mean)
        deviations.append(max(1.0, float(shares @ (values - mean) ** 2) ** 0.5))
    return means, deviations


def _move(
    part: Part, channels: int, frame: int, device: torch.device, stop: Callable[[], bool]
) -> tuple[Tensor, Tensor]:
    """Return pictures on the device, with so many black pixels around them, and how often they have each value."""
    channels = min(channels, part.source.shape[1])
    side = part.size + 2 * frame
    moved = torch.zeros(len(part), channels, side, side, dtype=torch.uint8, device=device)
    inner = moved[:, :, frame : side - frame, frame : side - frame]
    values = torch.zeros(channels, 256, dtype=torch.int64)
    few = max(1, PIECE_VALUES // max(math.prod(part.source.shape[1:]), part.source.shape[1] * part.size**2))
    for start in range(0, len(part), few):
        if stop():
            raise StoppedError
        now = slice(start, start + few)
        images = _in_channels(part.images(now), channels)
        values += count_values(images)
        inner[now].copy_(images)
    return moved, values


def _in_channels(images: Tensor, channels: int) -> Tensor:
    """Return colour pictures in grey where the network has one channel, else the pictures as they are."""
    if images.shape[1] == 3 and channels == 1:
        weights = torch.tensor(LUMA).view(3, 1, 1)
        return (images * weights).sum(1, keepdim=True).round().byte()
    return images

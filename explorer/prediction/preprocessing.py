"""From a picture to the tensor that a network gets, step by step, and back again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from explorer import units
from explorer.prediction.drawing import MNIST_SHARE

Interpolation = Literal["bilinear", "bicubic", "nearest"]
_RESAMPLING = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
}
LONGEST_STRIP = 40  # times as long as wide; of longer pictures only the middle is resized, which is all that is cropped


@dataclass(frozen=True)
class Step:
    """What one step makes of the picture: a title, the picture to show, its shape and its range of values."""

    title: str
    picture: Image.Image
    shape: tuple[int, ...]
    least: float
    most: float
    how: str


@dataclass(frozen=True)
class Preprocessing:
    """The short side becomes `resize` pixels, the middle `crop` pixels are cut out, then (x / 255 - mean) / std.

    One mean and deviation a channel: three for RGB, one for grey.
    """

    resize: int
    crop: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: Interpolation = "bilinear"
    digit_share: float = MNIST_SHARE  # how much of the field a drawn digit takes
    native: int = 0  # pixels of the pictures that the network learned from, where they were enlarged for it

    @property
    def channels(self) -> int:
        return len(self.mean)

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape (C, H, W) of the tensor, without the batch."""
        return self.channels, self.crop, self.crop

    def sized(self, resize: int, crop: int) -> Preprocessing:
        """Return the same with another size."""
        return replace(self, resize=resize, crop=crop)

    def resized(self, image: Image.Image) -> Image.Image:
        """Return the picture with its short side in the size asked for, in grey for one channel."""
        image = _without_far_ends(image).convert("RGB" if self.channels == 3 else "L")
        if 0 < self.native < self.resize:
            image = _scaled(image, self.native, self.interpolation)
        return _scaled(image, self.resize, self.interpolation)

    def cropped(self, image: Image.Image) -> Image.Image:
        """Return the part of the picture that the network sees, with black around it where it is too small."""
        resized = self.resized(image)
        left, top = (round((side - self.crop) / 2) for side in resized.size)
        return resized.crop((left, top, left + self.crop, top + self.crop))

    def tensor(self, image: Image.Image) -> Tensor:
        """Return what the network gets of a picture: [1, C, H, W]."""
        return self.normalised(self.cropped(image))

    def normalised(self, cropped: Image.Image) -> Tensor:
        """Return what the network gets of a picture that is cropped already: [1, C, H, W]."""
        values = torch.from_numpy(np.array(cropped)).view(self.crop, self.crop, self.channels)
        mean, std = (torch.tensor(one).view(-1, 1, 1) for one in (self.mean, self.std))
        return ((values.permute(2, 0, 1).float().div(255) - mean) / std).unsqueeze(0)

    def true_colours(self, tensor: Tensor) -> Image.Image:
        """Return the picture in a tensor, with the normalisation undone."""
        mean, std = (torch.tensor(one).view(-1, 1, 1) for one in (self.mean, self.std))
        return _picture(tensor[0] * std + mean)

    def distorted(self, tensor: Tensor) -> Image.Image:
        """Return a tensor as it looks when it is shown as if it were a picture: all below 0 and above 1 is cut off."""
        return _picture(tensor[0])

    def steps(self, image: Image.Image) -> tuple[Step, ...]:
        """Return what becomes of the picture, from the file to the tensor."""
        resized, cropped = self.resized(image), self.cropped(image)
        scaled, tensor = np.asarray(cropped) / 255, self.normalised(cropped)
        shape = (1, *self.shape)
        numbers = ", ".join(f"{value:g}" for value in map(_rounded, self.mean))
        spreads = ", ".join(f"{value:g}" for value in map(_rounded, self.std))
        return (
            _of_picture("Given", image, "The picture as it was given, upright and in RGB."),
            _of_picture("Resized", resized, self._how_resized()),
            _of_picture("Cropped", cropped, f"The {units.shape((self.crop, self.crop))} pixels in the middle."),
            Step("Scaled", cropped, shape, float(scaled.min()), float(scaled.max()), "Divided by 255, channels first."),
            Step(
                "Normalised",
                self.distorted(tensor),
                shape,
                tensor.min().item(),
                tensor.max().item(),
                f"Less the mean ({numbers}), divided by the standard deviation ({spreads}), channel by channel.",
            ),
        )

    def _how_resized(self) -> str:
        if not 0 < self.native < self.resize:
            return f"The short side becomes {self.resize} pixels ({self.interpolation})."
        return (
            f"The short side becomes {self.native} pixels, as fine as those that the network learned from, then "
            f"{self.resize} ({self.interpolation})."
        )


def of_torchvision(transforms: object) -> Preprocessing:
    """Return the preprocessing that torchvision publishes with its weights (`weights.transforms()`)."""
    published = vars(transforms)
    interpolation = published["interpolation"].value
    return Preprocessing(
        resize=published["resize_size"][0],
        crop=published["crop_size"][0],
        mean=tuple(published["mean"]),
        std=tuple(published["std"]),
        interpolation=interpolation,
    )


def _scaled(image: Image.Image, side: int, interpolation: Interpolation) -> Image.Image:
    """Return the picture with its short side this long."""
    short, long = sorted(image.size)
    other = int(side * long / short)
    size = (side, other) if image.width <= image.height else (other, side)
    return image if image.size == size else image.resize(size, _RESAMPLING[interpolation])


def _without_far_ends(image: Image.Image) -> Image.Image:
    """Cut a long strip to its middle: the whole of it, resized, could take any amount of memory."""
    excess = max(image.size) - LONGEST_STRIP * min(image.size)
    if excess <= 0:
        return image
    cut = (excess + 1) // 2
    across, down = (cut, 0) if image.width > image.height else (0, cut)
    return image.crop((across, down, image.width - across, image.height - down))


def _of_picture(title: str, image: Image.Image, how: str) -> Step:
    values = np.asarray(image)
    return Step(title, image, values.shape, int(values.min()), int(values.max()), how)


def _picture(values: Tensor) -> Image.Image:
    pixels = (values * 255).round().clamp(0, 255).byte().permute(1, 2, 0).numpy()
    return Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)


def _rounded(value: float) -> float:
    return round(value, 3)

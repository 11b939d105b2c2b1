"""What layers answer to a picture: the filters of the first convolution, and the feature maps of any layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from explorer.prediction.heat import colours
from explorer.prediction.layers import MapLayer, as_maps, tap
from explorer.prediction.model import Model, computing


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """The maps of one layer for one picture: float32 [C, H, W]."""

    path: str
    values: np.ndarray

    @cached_property
    def strengths(self) -> np.ndarray:
        """The mean of the absolute values of each map."""
        return np.asarray(np.abs(self.values).mean((1, 2)))

    @cached_property
    def strongest(self) -> tuple[int, ...]:
        """The channels, the strongest first."""
        return tuple(np.argsort(-self.strengths, kind="stable").tolist())

    def peak(self, channel: int) -> tuple[int, int]:
        """Return where a map is highest: row and column."""
        row, column = np.unravel_index(self.values[channel].argmax(), self.values.shape[1:])
        return int(row), int(column)

    def picture(self, channel: int) -> Image.Image:
        """Return a map from its least value (dark) to its highest (light), one pixel a place."""
        values = self.values[channel]
        least, most = float(values.min()), float(values.max())
        shares = (values - least) / (most - least) if most > least else np.zeros_like(values)
        return Image.fromarray(colours(shares).round().astype(np.uint8))


def feature_maps(model: Model, image: Image.Image, path: str) -> FeatureMaps:
    """Return the maps that a layer (a path of `layers`) makes of a picture."""
    network = model.private()
    seen: list[Tensor] = []
    tap(network, path, seen.append)
    with torch.inference_mode(), computing:
        network(model.tensor(image))
    maps = as_maps(network, seen[0])
    if maps is None:
        raise ValueError(f"{path} has no feature maps.")
    return FeatureMaps(path, maps.float().cpu().numpy())


def first_convolution(model: Model) -> tuple[str, nn.Conv2d]:
    """Return the convolution that reads the picture itself, with its path."""
    for path, module in model.network.named_modules():
        if isinstance(module, nn.Conv2d):
            return path, module
    raise ValueError(f"{model.title} has no convolution.")


def filters(model: Model) -> tuple[Image.Image, ...]:
    """Return the filters of the first convolution as pictures, one pixel a weight.

    Mid-grey is a weight of 0; the largest weight of a filter, of either sign, is full colour.
    """
    weights = first_convolution(model)[1].weight.detach().float().cpu()  # [filters, C, H, W]
    largest = weights.abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12)
    pixels = ((weights / largest + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    return tuple(Image.fromarray(one[..., 0] if one.shape[2] == 1 else one) for one in pixels)


def centre_unit(layer: MapLayer) -> tuple[int, int]:
    """Return row and column of the unit in the middle of a layer's maps."""
    return layer.height // 2, layer.width // 2

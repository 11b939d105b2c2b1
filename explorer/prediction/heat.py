"""Heat maps over a picture: where something was strong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from explorer.palette import VIRIDIS

_OPACITY = 0.65  # of the hottest place; the coldest shows the picture alone
_SCALE = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in VIRIDIS], np.float32)


@dataclass(frozen=True, eq=False)
class Heat:
    """One value for each place of a picture, on a grid of its own. Only what is above 0 counts as heat."""

    values: np.ndarray  # float32 [rows, columns]
    meaning: str  # of a value, in one sentence

    @property
    def is_cold(self) -> bool:
        """Whether there is no heat at all."""
        return not (self.values > 0).any()

    def spread(self, side: int) -> np.ndarray:
        """Return heat from 0 to 1 for each pixel of a square picture, interpolated: float32 [side, side]."""
        positive = torch.from_numpy(self.values).clamp(min=0)[None, None]
        smooth = F.interpolate(positive, (side, side), mode="bilinear", align_corners=False)[0, 0].numpy()
        return np.asarray(smooth / max(float(smooth.max()), 1e-30), np.float32)

    def over(self, picture: Image.Image) -> Image.Image:
        """Return a square picture with the heat laid over it; the hotter, the more of it shows."""
        heat = self.spread(picture.width)[..., None]
        pixels = np.asarray(picture.convert("RGB"), np.float32)
        mixed = pixels * (1 - _OPACITY * heat) + colours(heat[..., 0]) * _OPACITY * heat
        return Image.fromarray(mixed.round().astype(np.uint8))

    def hottest(self, side: int, share: float) -> np.ndarray:
        """Return which pixels are the hottest, so large a share of all: bool [side, side]."""
        return _top(self.spread(side), share)

    def coldest(self, side: int, share: float) -> np.ndarray:
        """Return which pixels are the coldest, so large a share of all: bool [side, side]."""
        return _top(-self.spread(side), share)


def colours(heat: np.ndarray) -> np.ndarray:
    """Return the colours of values from 0 to 1 on the scale from dark to light: float32 [..., 3] from 0 to 255."""
    place = np.clip(heat, 0, 1) * (len(_SCALE) - 1)
    below = np.minimum(place.astype(int), len(_SCALE) - 2)
    part = (place - below)[..., None]
    return np.asarray(_SCALE[below] * (1 - part) + _SCALE[below + 1] * part, np.float32)


def _top(values: np.ndarray, share: float) -> np.ndarray:
    """Pick exactly so many; of equal ones the first."""
    chosen = np.zeros(values.size, bool)
    order = np.argsort(-values, axis=None, kind="stable")
    chosen[order[: round(share * values.size)]] = True
    return chosen.reshape(values.shape)

"""The record that describes one data set, and the pictures it gives."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class MissingDataError(Exception):
    """The data set is not on this machine; the message is one sentence that says what to do."""


class Tensors(NamedTuple):
    """Pictures and their labels on the CPU; the last two are None for a data set without test pictures of its own."""

    train_images: Tensor  # uint8 [N, C, H, W]
    train_labels: Tensor  # int64 [N], an index into the data set's classes
    test_images: Tensor | None = None
    test_labels: Tensor | None = None


@dataclass(frozen=True)
class Dataset:
    """One data set: what it shows, where it comes from, how it is loaded."""

    name: str
    title: str
    classes: tuple[str, ...]
    channels: int  # 1 for grey, 3 for colour
    native_size: int  # height and width of its pictures in pixels, or what a run uses where they vary
    train_pictures: int
    test_pictures: int  # 0: it has no test pictures of its own
    source: str  # an address
    licence: str
    survives_mirroring: bool  # a mirrored picture still shows what its label says
    is_available: Callable[[], bool]
    missing: str  # one sentence: what to do where it is not available
    loader: str  # "module:function" under explorer.data; given the size, it returns Tensors

    def load(self, size: int | None = None) -> Tensors:
        """Return the pictures, `size` pixels high and wide, in their own size for None."""
        if not self.is_available():
            raise MissingDataError(self.missing)
        module, function = self.loader.split(":")
        tensors: Tensors = getattr(importlib.import_module(f"explorer.data.{module}"), function)(
            size or self.native_size
        )
        return tensors

"""The record that describes one data set, and the pictures it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.download import Progress


class MissingDataError(Exception):
    """The data set is not on this machine; the message is one or two sentences that say what to do."""


class BadArchiveError(ValueError):
    """Pictures that someone gave cannot be used; the message is one or two sentences that say why."""


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
    native_size: int  # height and width of its pictures in pixels, or what they are kept at where they vary
    train_pictures: int
    test_pictures: int  # 0: it has no test pictures of its own
    source: str  # an address; "" for pictures that someone gave
    licence: str
    survives_mirroring: bool  # a mirrored picture still shows what its label says
    is_available: Callable[[], bool]
    missing: Callable[[], str]  # what to do where it is not available, in one sentence
    loader: Callable[[], Tensors]  # torch is imported when it is called
    is_on_black: bool = False  # its pictures can be framed in black
    download_bytes: int = 0  # about what `download` moves
    downloader: Callable[[Progress | None], None] | None = None  # None: there is nothing to download
    file: Callable[[], Path] | None = None  # where its pictures are kept, unless the app comes with them

    def download(self, progress: Progress | None = None) -> None:
        """Have the pictures on this machine from now on; what cannot be had raises MissingDataError."""
        if not self.is_available():
            if self.downloader is None:
                raise MissingDataError(self.missing())
            self.downloader(progress)

    def load(self) -> Tensors:
        """Return the pictures in their own size."""
        if not self.is_available():
            raise MissingDataError(self.missing())
        return self.loader()

    def resize(self, images: Tensor, size: int) -> Tensor:
        """Return some of its pictures `size` pixels high and wide.

        Shape: uint8 [N, C, H, W] -> uint8 [N, C, size, size]
        """
        from explorer.data.resize import frame_or_resize, resize

        return (frame_or_resize if self.is_on_black else resize)(images, size)

"""What a data set looks like: its classes, some pictures of each, and the sizes of its pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from explorer import data
from explorer.data import stored
from explorer.data.datasets import MissingDataError

SAMPLES = 8  # of each class
TILE = 72  # pixels; what a sample is shown at, about
GAP = 4  # pixels between samples


@dataclass(frozen=True, eq=False)
class Gallery:
    """The looks of a data set. `train`, `test` and `samples` have an entry for each class."""

    classes: tuple[str, ...]
    train: tuple[int, ...]  # pictures
    test: tuple[int, ...]
    samples: tuple[np.ndarray, ...]  # its first training pictures: uint8 [N, C, H, W]
    sizes: tuple[tuple[int, int, int], ...]  # width, height and how many pictures came in that size


def gallery(name: str) -> Gallery:
    """Return the looks of a data set. Of one that is kept in a file, no more is read than is needed."""
    dataset = data.get(name)
    if not dataset.is_available():
        raise MissingDataError(dataset.missing())
    read: Callable[[Tensor], Tensor]
    if dataset.file is not None and dataset.file().is_file():
        path = dataset.file()
        (labels, test_labels), sizes = stored.read_labels(path), stored.read_sizes(path)
        read = partial(stored.read_images, path)
    else:
        images, labels, _, test_labels = data.load(name)
        sizes = None
        read = images.__getitem__
    count = len(dataset.classes)
    train, test = (_count(some, count) for some in (labels, test_labels))
    return Gallery(
        classes=dataset.classes,
        train=train,
        test=test,
        samples=tuple(read(torch.nonzero(labels == label).flatten()[:SAMPLES]).numpy() for label in range(count)),
        sizes=_count_sizes(sizes) if sizes else ((dataset.native_size, dataset.native_size, sum(train) + sum(test)),),
    )


def strip(samples: np.ndarray) -> np.ndarray:
    """Return pictures side by side: uint8 [N, C, H, W] -> uint8 [height, width, 4], transparent between them.

    Small ones are enlarged by a whole number, so that every pixel is a square.
    """
    tiles = [_tile(sample) for sample in samples]
    height = tiles[0].shape[0]
    gap = np.zeros((height, GAP, 4), np.uint8)
    return np.concatenate([part for tile in tiles for part in (tile, gap)][:-1], axis=1)


def _tile(sample: np.ndarray) -> np.ndarray:
    size = sample.shape[-1]
    picture = Image.fromarray(np.broadcast_to(sample, (3, size, size)).transpose(1, 2, 0).copy()).convert("RGBA")
    if size > TILE:
        return np.asarray(picture.resize((TILE, TILE), Image.Resampling.BOX))
    side = TILE // size * size
    return np.asarray(picture.resize((side, side), Image.Resampling.NEAREST))


def _count(labels: Tensor | None, classes: int) -> tuple[int, ...]:
    return (0,) * classes if labels is None else tuple(torch.bincount(labels, minlength=classes).tolist())


def _count_sizes(sizes: stored.Sizes) -> tuple[tuple[int, int, int], ...]:
    pairs = [tuple(pair) for part in sizes if part is not None for pair in part.tolist()]
    return tuple((width, height, count) for (width, height), count in Counter(pairs).most_common())

"""How torchvision reads the data sets that are downloaded, and its addresses and checksums of their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torchvision import datasets

from explorer.data.datasets import Tensors
from explorer.data.resize import square
from explorer.data.stored import Sizes

PHOTOGRAPH_SIZE = 160  # what photographs of all sizes are kept at: the shorter side of Imagenette's small version
UNLABELLED = "unlabeled_X.bin"  # 100,000 pictures of STL-10 without labels, 2.6 GiB
TRIMAPS = "trimaps"  # of the pets, which say where in the picture they are


class Remote(NamedTuple):
    """One file in the network."""

    urls: tuple[str, ...]  # of the same file, to be tried in this order
    md5: str

    @property
    def name(self) -> str:
        return self.urls[0].rpartition("/")[2]


@dataclass(frozen=True)
class Reader:
    """One data set: its files, where under the root torchvision wants them unpacked, and how it then reads them."""

    remotes: Callable[[], tuple[Remote, ...]]
    read: Callable[[Path], tuple[Tensors, Sizes | None]]
    subfolder: str = ""
    leave_out: str = ""


def _mnist_like(dataset: type[datasets.MNIST]) -> Reader:
    def remotes() -> tuple[Remote, ...]:
        return tuple(
            Remote(tuple(f"{mirror}{name}" for mirror in dataset.mirrors), md5) for name, md5 in dataset.resources
        )

    def read(root: Path) -> tuple[Tensors, None]:
        train, test = (dataset(root, train=is_train) for is_train in (True, False))
        return Tensors(train.data[:, None], train.targets, test.data[:, None], test.targets), None

    return Reader(remotes, read, subfolder=f"{dataset.__name__}/raw")


def _cifar(dataset: type[datasets.CIFAR10]) -> Reader:
    def read(root: Path) -> tuple[Tensors, None]:
        train, test = (dataset(root, train=is_train) for is_train in (True, False))
        images = [torch.from_numpy(part.data).permute(0, 3, 1, 2) for part in (train, test)]
        return Tensors(images[0], torch.tensor(train.targets), images[1], torch.tensor(test.targets)), None

    return Reader(lambda: (Remote((dataset.url,), dataset.tgz_md5),), read)


def _read_svhn(root: Path) -> tuple[Tensors, None]:
    return _arrays(*(datasets.SVHN(root, split=split) for split in ("train", "test"))), None


def _read_stl10(root: Path) -> tuple[Tensors, None]:
    class Labelled(datasets.STL10):  # type: ignore[misc]
        train_list: ClassVar = [entry for entry in datasets.STL10.train_list if entry[0] != UNLABELLED]

    return _arrays(*(Labelled(root, split=split) for split in ("train", "test"))), None


def _arrays(train: Any, test: Any) -> Tensors:
    """Return what torchvision keeps as arrays in `data` and `labels`."""
    images = [torch.from_numpy(np.ascontiguousarray(part.data)) for part in (train, test)]
    labels = [torch.from_numpy(part.labels.astype(np.int64)) for part in (train, test)]
    return Tensors(images[0], labels[0], images[1], labels[1])


def _read_imagenette(root: Path) -> tuple[Tensors, Sizes]:
    return _photographs(*(datasets.Imagenette(root, split=split, size="160px") for split in ("train", "val")))


def _read_cats_dogs(root: Path) -> tuple[Tensors, Sizes]:
    return _photographs(
        *(datasets.OxfordIIITPet(root, split=split, target_types="binary-category") for split in ("trainval", "test"))
    )


def _photographs(train: Any, test: Any) -> tuple[Tensors, Sizes]:
    (train_images, train_labels, train_sizes), (test_images, test_labels, test_sizes) = map(_squares, (train, test))
    return Tensors(train_images, train_labels, test_images, test_labels), Sizes(train_sizes, test_sizes)


def _squares(photographs: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Return the squares in the middle of photographs, their labels, and the sizes that the photographs had."""
    count = len(photographs)
    images = torch.empty(count, 3, PHOTOGRAPH_SIZE, PHOTOGRAPH_SIZE, dtype=torch.uint8)
    labels = torch.empty(count, dtype=torch.int64)
    sizes = torch.empty(count, 2, dtype=torch.int32)
    for place in range(count):
        photograph, label = photographs[place]
        images[place] = square(photograph, PHOTOGRAPH_SIZE)
        labels[place] = label
        sizes[place] = torch.tensor(photograph.size)
    return images, labels, sizes


READERS = {
    "mnist": _mnist_like(datasets.MNIST),
    "fashion_mnist": _mnist_like(datasets.FashionMNIST),
    "kmnist": _mnist_like(datasets.KMNIST),
    "cifar10": _cifar(datasets.CIFAR10),
    "cifar100": _cifar(datasets.CIFAR100),
    "svhn": Reader(
        lambda: tuple(Remote((url,), md5) for url, _, md5 in map(datasets.SVHN.split_list.get, ("train", "test"))),
        _read_svhn,
    ),
    "stl10": Reader(
        lambda: (Remote((datasets.STL10.url,), datasets.STL10.tgz_md5),), _read_stl10, leave_out=UNLABELLED
    ),
    "imagenette": Reader(
        lambda: (Remote((datasets.Imagenette._ARCHIVES["160px"][0],), datasets.Imagenette._ARCHIVES["160px"][1]),),
        _read_imagenette,
    ),
    "cats_dogs": Reader(
        lambda: tuple(Remote((url,), md5) for url, md5 in datasets.OxfordIIITPet._RESOURCES),
        _read_cats_dogs,
        subfolder="oxford-iiit-pet",
        leave_out=TRIMAPS,
    ),
}

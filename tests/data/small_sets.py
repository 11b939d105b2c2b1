"""Every data set that torchvision reads, made small: files of the real form, and torchvision told of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PIL import Image
from torchvision import datasets

Patch = pytest.MonkeyPatch


@dataclass
class SmallSet:
    """Its files by name, and what is in them: [N, C, H, W] and [N] for training and test."""

    files: dict[str, bytes]
    train: tuple[np.ndarray, list[int]]
    test: tuple[np.ndarray, list[int]]


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def tar(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def noise(count: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, *shape), np.uint8)


def mnist(dataset: type[datasets.MNIST], address: str, patch: Patch) -> SmallSet:
    def idx(values: np.ndarray) -> bytes:
        header = bytes([0, 0, 8, values.ndim]) + b"".join(size.to_bytes(4, "big") for size in values.shape)
        return gzip.compress(header + values.tobytes())

    train, test = (noise(4, 28, 28), [3, 1, 4, 9]), (noise(2, 28, 28), [0, 7])
    files = {
        "train-images-idx3-ubyte.gz": idx(train[0]),
        "train-labels-idx1-ubyte.gz": idx(np.array(train[1], np.uint8)),
        "t10k-images-idx3-ubyte.gz": idx(test[0]),
        "t10k-labels-idx1-ubyte.gz": idx(np.array(test[1], np.uint8)),
    }
    patch.setattr(dataset, "mirrors", [f"{address}/"])
    patch.setattr(dataset, "resources", [(name, md5(content)) for name, content in files.items()])
    return SmallSet(files, (train[0][:, None], train[1]), (test[0][:, None], test[1]))


def cifar(dataset: type[datasets.CIFAR10], address: str, patch: Patch) -> SmallSet:
    key = "fine_labels" if dataset is datasets.CIFAR100 else "labels"
    parts, patched, inside = {}, {}, {}
    for which, count in (("train_list", 3), ("test_list", 2)):
        images, labels, entries = [], [], []
        for name, _ in getattr(dataset, which):
            images.append(noise(count, 3, 32, 32))
            labels += list(range(count))
            content = pickle.dumps({"data": images[-1].reshape(count, -1), key: list(range(count))})
            inside[f"{dataset.base_folder}/{name}"] = content
            entries.append([name, md5(content)])
        parts[which], patched[which] = (np.concatenate(images), labels), entries
    meta = pickle.dumps({dataset.meta["key"]: ["a", "b", "c"]})
    inside[f"{dataset.base_folder}/{dataset.meta['filename']}"] = meta
    content = tar(inside)
    for which, entries in patched.items():
        patch.setattr(dataset, which, entries)
    patch.setattr(dataset, "meta", dataset.meta | {"md5": md5(meta)})
    patch.setattr(dataset, "url", f"{address}/{dataset.filename}")
    patch.setattr(dataset, "tgz_md5", md5(content))
    return SmallSet({dataset.filename: content}, parts["train_list"], parts["test_list"])


def svhn(address: str, patch: Patch) -> SmallSet:
    from scipy.io import savemat

    parts, files, splits = {}, {}, {}
    for split, labels in (("train", [1, 10, 5]), ("test", [10, 2])):
        images = noise(len(labels), 3, 32, 32)
        file = io.BytesIO()
        savemat(file, {"X": images.transpose(2, 3, 1, 0), "y": np.array(labels, np.uint8)[:, None]})
        name = f"{split}_32x32.mat"
        files[name] = file.getvalue()
        splits[split] = [f"{address}/{name}", name, md5(files[name])]
        parts[split] = images, [label % 10 for label in labels]  # its files call the nought 10
    patch.setattr(datasets.SVHN, "split_list", splits)
    return SmallSet(files, parts["train"], parts["test"])


def stl10(address: str, patch: Patch) -> SmallSet:
    train, test = (noise(3, 3, 96, 96), [2, 0, 9]), (noise(2, 3, 96, 96), [1, 1])
    inside = {}
    for part, (images, labels) in (("train", train), ("test", test)):
        inside[f"{part}_X.bin"] = images.transpose(0, 1, 3, 2).tobytes()  # its files go down the columns
        inside[f"{part}_y.bin"] = bytes(label + 1 for label in labels)  # and count from 1
    entries = {part: [[f"{part}_{x}.bin", md5(inside[f"{part}_{x}.bin"])] for x in "Xy"] for part in ("train", "test")}
    content = tar(
        {f"stl10_binary/{name}": body for name, body in inside.items()} | {"stl10_binary/unlabeled_X.bin": b"0"}
    )
    patch.setattr(datasets.STL10, "train_list", [*entries["train"], ["unlabeled_X.bin", "never read"]])
    patch.setattr(datasets.STL10, "test_list", entries["test"])
    patch.setattr(datasets.STL10, "url", f"{address}/stl10_binary.tar.gz")
    patch.setattr(datasets.STL10, "tgz_md5", md5(content))
    return SmallSet({"stl10_binary.tar.gz": content}, train, test)


def photograph(grey: int, size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (grey,) * 3).save(file, "JPEG")
    return file.getvalue()


def plain(greys: list[int]) -> np.ndarray:
    return np.stack([np.full((3, 160, 160), grey, np.uint8) for grey in greys])


def imagenette(address: str, patch: Patch) -> SmallSet:
    inside = {}
    for place, kind in enumerate(datasets.Imagenette._WNID_TO_CLASS):
        inside[f"imagenette2-160/train/{kind}/a.jpeg"] = photograph(10 * place)
        inside[f"imagenette2-160/val/{kind}/b.jpeg"] = photograph(10 * place + 100)
    content = tar(inside)
    archives = {"160px": (f"{address}/imagenette2-160.tgz", md5(content))}
    patch.setattr(datasets.Imagenette, "_ARCHIVES", archives)
    labels = list(range(10))
    return SmallSet(
        {"imagenette2-160.tgz": content},
        (plain([10 * label for label in labels]), labels),
        (plain([10 * label + 100 for label in labels]), labels),
    )


def cats_dogs(address: str, patch: Patch) -> SmallSet:
    images = tar(
        {
            "images/Abyssinian_1.jpg": photograph(10),
            "images/beagle_2.jpg": photograph(20),
            "images/beagle_3.jpg": photograph(30, (30, 50)),
        }
    )
    annotations = tar(
        {
            "annotations/trainval.txt": b"Abyssinian_1 1 1 1\nbeagle_2 5 2 2\n",  # name, breed, kind, breed of its kind
            "annotations/test.txt": b"beagle_3 5 2 2\n",
            "annotations/trimaps/beagle_3.png": b"not read",
        }
    )
    files = {"images.tar.gz": images, "annotations.tar.gz": annotations}
    resources = tuple((f"{address}/{name}", md5(content)) for name, content in files.items())
    patch.setattr(datasets.OxfordIIITPet, "_RESOURCES", resources)
    return SmallSet(files, (plain([10, 20]), [0, 1]), (plain([30]), [1]))


MAKERS: dict[str, Callable[[str, Patch], SmallSet]] = {
    "mnist": lambda address, patch: mnist(datasets.MNIST, address, patch),
    "fashion_mnist": lambda address, patch: mnist(datasets.FashionMNIST, address, patch),
    "kmnist": lambda address, patch: mnist(datasets.KMNIST, address, patch),
    "cifar10": lambda address, patch: cifar(datasets.CIFAR10, address, patch),
    "cifar100": lambda address, patch: cifar(datasets.CIFAR100, address, patch),
    "svhn": svhn,
    "stl10": stl10,
    "imagenette": imagenette,
    "cats_dogs": cats_dogs,
}


def make(name: str, server: Any, patch: Patch) -> SmallSet:
    """Make the small set of this name, put its files on the server and tell torchvision."""
    small = MAKERS[name](server.address, patch)
    server.files |= {f"/{file}": content for file, content in small.files.items()}
    return small

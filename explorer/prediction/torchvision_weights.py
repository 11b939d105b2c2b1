"""Every registered network for which torchvision publishes ImageNet weights, downloaded when first asked for."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from torch import Tensor

from explorer import registry, settings
from explorer.architecture import Architecture
from explorer.download import Progress, fetch
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import of_torchvision
from explorer.prediction.source import Entry, read_weights, with_weights

_OLD_NAME = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)")
OFFLINE = "Networks that are here already work without it."
_AUXILIARY = ("aux1.", "aux2.", "AuxLogits.")


class TorchvisionWeights:
    """torchvision as a source. Weights that are not the best of their network have their version in their name."""

    def entries(self) -> Sequence[Entry]:
        folder = weights_folder()
        return tuple(
            replace(entry, download_bytes=0) if (folder / file_name(weights)).exists() else entry
            for entry, weights in published().values()
        )

    def load(self, name: str, progress: Progress | None = None) -> Model:
        entry, weights = published()[name]
        path = fetch(weights.url, settings.data_folder() / "weights", progress, otherwise=OFFLINE)
        network = with_weights(registry.get(entry.arch), rename(read_weights(path)))
        if hasattr(network, "transform_input"):  # the weights of GoogLeNet and Inception-v3 want another normalisation
            network.transform_input = True  # type: ignore[assignment]
        return Model(
            name=name,
            title=entry.title,
            arch=entry.arch,
            network=network,
            preprocessing=of_torchvision(weights.transforms()),
            labels=tuple(weights.meta["categories"]),
            num_classes=len(weights.meta["categories"]),
            origin=f"torchvision, {weights}.",
        )


def weights_folder() -> Path:
    """Return where downloaded weights are kept."""
    return settings.data_folder() / "weights"


def file_name(weights: Any) -> str:
    return str(weights.url.rpartition("/")[2])


@cache
def published() -> dict[str, tuple[Entry, Any]]:
    """Return every set of weights that fits a registered network, the best one under the network's own name."""
    from torchvision.models import get_model_weights

    found = {}
    for arch in map(registry.get, registry.names()):
        if arch.torchvision:
            versions = get_model_weights(arch.torchvision)
            fitting = [weights for weights in versions if _fits(arch, weights)]
            best = versions.DEFAULT if versions.DEFAULT in fitting else fitting[-1]
            for weights in (best, *(one for one in fitting if one is not best)):
                entry = _entry(arch, weights, weights is best)
                found[entry.name] = entry, weights
    return found


def rename(weights: OrderedDict[str, Tensor]) -> OrderedDict[str, Tensor]:
    """Return the weights of a torchvision file under today's names, without auxiliary heads; it is changed in place.

    The files of DenseNet have norm.1 and conv.2 where its modules are called norm1 and conv2. The versions of layers
    that the file knows stay with it.
    """
    for name in list(weights):
        tensor = weights.pop(name)
        if not name.startswith(_AUXILIARY):
            weights[_OLD_NAME.sub(r"\1\2", name)] = tensor
    return weights


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
        about=f"Learned ImageNet's 1,000 classes; {accuracy:.1f} % of its validation pictures right at first guess "
        f"(torchvision, {version}).",
        download_bytes=round(weights.meta["_file_size"] * 2**20),
    )

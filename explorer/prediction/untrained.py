"""Every registered network with random weights: what it says means nothing, and a page has to say so."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from explorer import registry
from explorer.architecture import Architecture
from explorer.download import Progress
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import Preprocessing
from explorer.prediction.source import Entry

PREFIX = "untrained-"
SETTLING_SIDE = 64  # pixels
PHOTOGRAPH_SIDE = 128  # networks for larger pictures get the middle of a photograph, as those of ImageNet do
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Untrained:
    """Chance as a source."""

    def entries(self) -> Sequence[Entry]:
        about = "Random weights: its answers are chance."
        return tuple(
            Entry(f"{PREFIX}{arch.name}", f"{arch.title}, untrained", arch.name, "Untrained", about, is_trained=False)
            for arch in map(registry.get, registry.names())
        )

    def load(self, name: str, progress: Progress | None = None) -> Model:
        arch = registry.get(name.removeprefix(PREFIX))
        return Model(
            name=name,
            title=f"{arch.title}, untrained",
            arch=arch.name,
            network=settled(arch.build(), arch),
            preprocessing=preprocessing(arch),
            labels=tuple(f"class {number}" for number in range(max(arch.classes, 2))),
            num_classes=arch.classes,
            origin="Random numbers.",
            is_trained=False,
        )


def preprocessing(arch: Architecture) -> Preprocessing:
    """Return what networks of this size are usually given."""
    channels, side, _ = arch.input_size
    mean, std = (IMAGENET_MEAN, IMAGENET_STD) if channels == 3 else ((0.5,), (0.5,))
    return Preprocessing(round(side * 256 / 224) if side >= PHOTOGRAPH_SIDE else side, side, mean, std)


def settled(network: nn.Module, arch: Architecture) -> nn.Module:
    """Give norms the statistics of noise, as a first step of training would: else deep networks overflow."""
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    if norms:
        side = max(arch.least_size, min(SETTLING_SIDE, arch.input_size[1]))
        momenta = [norm.momentum for norm in norms]
        for norm in norms:
            norm.momentum = 1.0
        with torch.no_grad():
            network.train()(torch.randn(2, arch.input_size[0], side, side))
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
    return network

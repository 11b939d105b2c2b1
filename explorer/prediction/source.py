"""What a source of networks with weights is, and how weights are put into a network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from explorer.architecture import Architecture, OptionValue
from explorer.download import Progress
from explorer.prediction.model import Model


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
    version: str = ""  # another one where the weights have changed since


class Source(Protocol):
    """A place that networks come from."""

    def entries(self) -> Sequence[Entry]:
        """Return what there is at this moment, quickly."""

    def load(self, name: str, progress: Progress | None = None) -> Model:
        """Return one of them, ready to be asked. What cannot be had now raises CannotDownloadError."""


def read_weights(path: Path) -> OrderedDict[str, Tensor]:
    """Return the tensors of a PyTorch file by name. Nothing in it is run."""
    weights: OrderedDict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights


def with_weights(
    arch: Architecture, weights: Mapping[str, Tensor], num_classes: int | None = None, **options: OptionValue
) -> nn.Module:
    """Build a network around weights, all of which it needs and nothing else; half precision becomes float32."""
    with torch.device("meta"):
        network = arch.build(num_classes, **options)
    network.load_state_dict(weights, strict=True, assign=True)
    return network.float()

"""A network with its weights, its preprocessing and its classes, ready to be asked. Many threads may ask at once."""

from __future__ import annotations

import copy
import os
import threading
from dataclasses import dataclass
from itertools import chain

import torch
from PIL import Image
from torch import Tensor, nn

from explorer.architecture import OptionValue
from explorer.prediction.preprocessing import Preprocessing

# At most one picture a core is computed at once: more would only make each other slower.
computing = threading.BoundedSemaphore(os.cpu_count() or 1)


class DivergedError(ValueError):
    """A network whose numbers have overflowed. Its text is a sentence for the person who asks it."""


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded network. It is shared between threads, so nobody hangs hooks on it or trains it: see `private`."""

    name: str
    title: str
    arch: str  # its name in the registry
    network: nn.Module
    preprocessing: Preprocessing
    labels: tuple[str, ...]
    num_classes: int  # outputs of its last layer: as many as labels, or one that tells two apart
    origin: str  # where its weights come from, in one sentence
    is_trained: bool = True
    options: tuple[tuple[str, OptionValue], ...] = ()
    version: str = ""  # of the weights, where they may change under the same name

    def __post_init__(self) -> None:
        self.network.eval().requires_grad_(False).to(device())

    @property
    def weight_bytes(self) -> int:
        return sum(tensor.nbytes for tensor in chain(self.network.parameters(), self.network.buffers()))

    def tensor(self, image: Image.Image) -> Tensor:
        """Return what the network gets of a picture: [1, C, H, W], on its device."""
        return self.preprocessing.tensor(image).to(device())

    def probabilities(self, batch: Tensor) -> Tensor:
        """Return the probability of each class for each picture: [N, C, H, W] -> [N, classes], on the CPU.

        Weights that training has driven to infinity raise DivergedError.
        """
        with torch.inference_mode(), computing:
            found = scores(self.network, batch).softmax(1).cpu()
        if not found.isfinite().all():
            raise DivergedError(f"{self.title} answers with numbers that are not finite: its training has diverged.")
        return found

    def private(self) -> nn.Module:
        """Return the network with modules of its own that share its weights: hooks on it concern nobody else.

        Its layers do not work in place, so that what a hook has seen stays as it was.
        """
        return structure(self.network)


def device() -> torch.device:
    """Return where networks are asked: the GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def scores(network: nn.Module, batch: Tensor) -> Tensor:
    """Return the scores of which softmax makes probabilities: [N, C, H, W] -> [N, classes].

    A network with one output tells two classes apart by its sign; softmax of these two is its sigmoid.
    """
    output: Tensor = network(batch)
    return torch.cat([-output / 2, output / 2], 1) if output.shape[1] == 1 else output


def structure(network: nn.Module, on_meta: bool = False) -> nn.Module:
    """Return a copy of the modules around the same weights, or around weights without memory on the meta device."""
    weights = chain(network.parameters(), network.buffers())
    shared = {id(one): _like(one) if on_meta else one for one in weights}
    copied = copy.deepcopy(network, shared)
    for module in copied.modules():
        if "inplace" in vars(module):
            vars(module)["inplace"] = False
    return copied


def _like(weight: Tensor) -> Tensor:
    empty = torch.empty_like(weight, device="meta")
    return nn.Parameter(empty, requires_grad=False) if isinstance(weight, nn.Parameter) else empty

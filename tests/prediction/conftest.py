"""Networks for tests: built in no time, with weights that keep their numbers in bounds."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from explorer import registry, samples
from explorer.prediction.model import Model
from explorer.prediction.untrained import preprocessing

LARGE = 10_000_000  # parameters; building more on the CPU takes most of a second
SIDE = 64  # pixels, where a network takes so small a picture


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """As in the app, where every visitor has a thread."""
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@pytest.fixture
def cat() -> object:
    return samples.get("cat").image()


@pytest.fixture
def quick() -> Callable[[str], Model]:
    """A registered network with random weights, at the smallest picture from SIDE on that it takes."""
    return _quick


def _quick(name: str) -> Model:
    arch = registry.get(name)
    least, most = arch.size_range(arch.defaults)
    side = max(least, min(SIDE, arch.input_size[1]))
    assert most is None or side <= most
    return Model(
        name=name,
        title=arch.title,
        arch=name,
        network=_build(name),
        preprocessing=preprocessing(arch).sized(side, side),
        labels=tuple(map(str, range(max(arch.classes, 2)))),
        num_classes=arch.classes,
        origin="Random numbers.",
        is_trained=False,
    )


def _build(name: str) -> nn.Module:
    with torch.device("meta"):
        network = registry.get(name).build()
    only_norms = all("running" in path or "num_batches" in path for path, _ in network.named_buffers())
    if sum(weight.numel() for weight in network.parameters()) < LARGE or not only_norms:
        return registry.get(name).build()
    for module in network.modules():
        for key, weight in list(module.named_parameters(recurse=False)):
            setattr(module, key, nn.Parameter(_values(key, weight), requires_grad=False))
        for key, buffer in list(module.named_buffers(recurse=False)):
            module.register_buffer(key, torch.ones(buffer.shape) if "var" in key else torch.zeros(buffer.shape))
    return network


def _values(key: str, weight: Tensor) -> Tensor:
    """Random weights of which a diagonal is stored once: hundreds of millions then take no memory, and no time."""
    if weight.ndim == 1:
        return torch.ones(weight.shape) if key == "weight" else torch.zeros(weight.shape)
    once = torch.randn(sum(size - 1 for size in weight.shape) + 1) / math.sqrt(math.prod(weight.shape[1:]))
    return once.as_strided(weight.shape, (1,) * weight.ndim)

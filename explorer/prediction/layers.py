"""The feature maps inside a network: which there are, in the order in which they are made, and how to look at one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models import SwinTransformer, VisionTransformer

from explorer import units
from explorer.prediction.model import Model, structure

PASS_ON = ("Dropout", "StochasticDepth", "Identity")  # when nothing is trained
POOLS = ("Pool", "Subsampling")


@dataclass(frozen=True)
class MapLayer:
    """One layer or block and the maps it puts out. A path such as "layer1.0.relu:2" is the second call of a layer."""

    path: str
    kind: str
    channels: int
    height: int
    width: int

    @property
    def title(self) -> str:
        return f"{self.path} \N{MIDDLE DOT} {self.kind} \N{MIDDLE DOT} {units.shape(self.shape)}"

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.channels, self.height, self.width

    @property
    def is_pool(self) -> bool:
        return any(word in self.kind for word in POOLS)


def layers(model: Model) -> tuple[MapLayer, ...]:
    """Return every feature map that the network makes, once, in the order in which they are made.

    Layers inside come before the block around them; a map that several of them put out goes to the innermost. It is
    found on the meta device, without computing anything.
    """
    network = structure(model.network, on_meta=True)
    made: list[tuple[str, nn.Module, Any]] = []  # outputs are kept, so that no two share an id
    calls: Counter[str] = Counter()

    def note(path: str) -> Callable[[nn.Module, Any, Any], None]:
        def hook(module: nn.Module, _: Any, output: Any) -> None:
            calls[path] += 1
            made.append((path if calls[path] == 1 else f"{path}:{calls[path]}", module, output))

        return hook

    for path, module in network.named_modules():
        if path:
            module.register_forward_hook(note(path))
    with torch.no_grad():
        network(torch.empty(1, *model.preprocessing.shape, device="meta"))
    return tuple(_distinct(model.network, made))


def _distinct(network: nn.Module, made: list[tuple[str, nn.Module, Any]]) -> list[MapLayer]:
    found, seen = [], set()
    for path, module, output in made:
        kind = type(module).__name__
        maps = as_maps(network, output) if isinstance(output, Tensor) else None
        if maps is None or id(output) in seen or any(word in kind for word in PASS_ON):
            continue
        seen.add(id(output))
        channels, height, width = maps.shape
        if height * width > 1:
            found.append(MapLayer(path, kind, channels, height, width))
    return found


def default_layer(network: nn.Module, found: tuple[MapLayer, ...]) -> MapLayer:
    """Return where to look for what the network saw: the last maps that are not pooled yet.

    In the last block of a vision transformer only the class token is still read, so there it is what goes into it.
    """
    if isinstance(network, VisionTransformer):
        return [layer for layer in found if layer.path.endswith(".ln_1")][-1]
    return [layer for layer in found if not layer.is_pool][-1]


def as_maps(network: nn.Module, output: Tensor) -> Tensor | None:
    """Return the maps [C, H, W] of one picture that are in the output of a layer, or None where there are none.

    Pictures are square, so the two equal sizes are height and width: Swin and ConvNeXt have channels last in places. A
    vision transformer's tokens are a grid behind the class token.
    """
    if output.ndim == 3 and isinstance(network, VisionTransformer):
        side = math.isqrt(output.shape[1] - 1)
        return output[0, 1:].T.reshape(-1, side, side) if side**2 == output.shape[1] - 1 else None
    if output.ndim != 4 or output.shape[0] != 1:
        return None
    first, second, third = output.shape[1:]
    has_channels_last = first == second and (second != third or isinstance(network, SwinTransformer))
    if has_channels_last:
        return output[0].permute(2, 0, 1)
    return output[0] if second == third else None


def tap(network: nn.Module, path: str, see: Callable[[Tensor], Tensor | None]) -> None:
    """Have `see` called with the output at a path of `layers`; what it returns, if anything, is passed on instead.

    The network has to be the caller's own (`Model.private`): the hook stays on it.
    """
    name, _, number = path.partition(":")
    calls = count(1)

    def hook(module: nn.Module, _: Any, output: Tensor) -> Tensor | None:
        return see(output) if next(calls) == int(number or 1) else None

    network.get_submodule(name).register_forward_hook(hook)

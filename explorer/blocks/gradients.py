"""How much of a gradient reaches the input of a stack of residual blocks, with their skips and without.

Measured on real tensors in double precision: a gradient of length 1 in a random direction starts at the output of the
stack, and the length of what arrives at its input is taken. Weights are those at the start of training.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from explorer.blocks.residual import construct
from explorer.units import power

if TYPE_CHECKING:
    import torch
    from torch import nn

DEPTHS = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64)  # blocks in a row
DRAWS = 3  # of weights, pictures and direction; a length is their median
PICTURES, CHANNELS, SIDE = 4, 16, 8
STARTS = {
    "batch_norm": "Batch norm, as published",
    "he": "No norm, He's weights",
    "torch": "No norm, PyTorch's weights",
}


@dataclass(frozen=True)
class Reach:
    """Lengths of the gradient at the input of stacks, one for each of DEPTHS.

    A length of 0 is exact: some ReLU lets nothing through.
    """

    plain: tuple[float, ...]
    residual: tuple[float, ...]

    @property
    def sentence(self) -> str:
        """What the deepest stacks show, to read out."""
        plain, residual = self.plain[-1], self.residual[-1]
        return (
            f"Of a gradient of length 1 behind {DEPTHS[-1]} blocks, {_arrives(plain)} at the input of the plain stack "
            f"and {_arrives(residual)} at that of the residual one."
        )


def _arrives(length: float) -> str:
    return f"{power(length)} arrives" if length else "nothing arrives"


_measured: dict[tuple[str, str], Reach] = {}
_lock = threading.Lock()  # a class that asks at once has it measured once


def is_measured(form: str, start: str) -> bool:
    """Whether `reach` has the answer already."""
    return (form, start) in _measured


def reach(form: str, start: str) -> Reach:
    """Measure stacks of blocks of a form (as the residual block has it), from one of STARTS. Results are kept."""
    with _lock:
        if (form, start) not in _measured:
            _measured[form, start] = Reach(_lengths(form, start, skip=False), _lengths(form, start, skip=True))
        return _measured[form, start]


def _lengths(form: str, start: str, *, skip: bool) -> tuple[float, ...]:
    return tuple(median(_length(form, start, skip, depth, draw) for draw in range(DRAWS)) for depth in DEPTHS)


def _length(form: str, start: str, skip: bool, depth: int, draw: int) -> float:
    import torch

    random = torch.Generator().manual_seed(1000 * depth + draw)
    normal: dict[str, Any] = {"generator": random, "dtype": torch.float64}
    with torch.inference_mode(False), torch.enable_grad():
        stack = _stack(form, start, skip, depth, random)
        pictures = torch.randn(PICTURES, CHANNELS, SIDE, SIDE, requires_grad=True, **normal)
        output = stack(pictures)
        direction = torch.randn(output.shape, **normal)
        (gradient,) = torch.autograd.grad(output, pictures, direction / direction.norm())
    return float(gradient.norm())


def _stack(form: str, start: str, skip: bool, depth: int, random: torch.Generator) -> nn.Sequential:
    """Return blocks in a row with fresh weights, in training mode. They keep the shape, so shortcuts are identities."""
    import torch
    from torch import nn

    channels = CHANNELS // 4 if form.endswith("bottleneck") else CHANNELS
    values = {"form": form, "shortcut": "B", "skip": skip, "in_channels": CHANNELS, "channels": channels, "stride": 1}
    with torch.device("meta"):
        stack = nn.Sequential(*(construct(values).build() for _ in range(depth)))
    stack = stack.to_empty(device="cpu").double().train()
    for block in stack:
        for name, layer in block.named_children():
            if isinstance(layer, nn.Conv2d):
                _draw(layer.weight, start, random)
            elif isinstance(layer, nn.BatchNorm2d) and start == "batch_norm":
                layer.reset_parameters()
            elif isinstance(layer, nn.BatchNorm2d):
                setattr(block, name, nn.Identity())
            elif isinstance(layer, nn.ReLU):
                layer.inplace = False  # without a norm before it, it would change what the skip reads
    return stack


def _draw(weight: torch.Tensor, start: str, random: torch.Generator) -> None:
    from torch import nn

    if start == "torch":  # as nn.Conv2d does by itself
        nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=random)
    else:
        nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=random)

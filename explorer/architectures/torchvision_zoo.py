"""The classification networks that torchvision builds, by its own names, without weights."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import torch
import torchvision.models
from torch import nn
from torch.overrides import TorchFunctionMode

# Drawing their weights from a truncated normal takes twice as long as all the rest (0.15 s of 0.2 s for inception_v3 on
# one CPU core), and batch norm makes it needless; torch's default is kept instead.
SLOW_TO_INITIALISE = ("googlenet", "inception_v3")


class PlansOnCPU(TorchFunctionMode):
    """While it is active, `torch.arange` and `torch.tensor` of a list stay on the CPU.

    torchvision's RegNets work out widths and depths with these two and read the values back, which a tensor on another
    default device than the CPU (meta, above all) cannot give. Modes belong to a thread, so other threads do not notice.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.arange or (func is torch.tensor and isinstance(args[0], list)):
            kwargs["device"] = "cpu"
        return func(*args, **kwargs)


def torchvision_network(num_classes: int, name: str, aux: bool = False, **options: Any) -> nn.Module:
    """Build torchvision's network of this name with random weights. [N, 3, H, W] -> [N, classes]

    `aux` adds the auxiliary heads of googlenet and inception_v3: in training these return a named tuple of logits.
    `options` are torchvision's own keywords. Its inputs are not transformed.
    """
    if name in SLOW_TO_INITIALISE:
        options |= {"aux_logits": aux, "transform_input": False, "init_weights": False}
    with PlansOnCPU() if name.startswith("regnet") else nullcontext():
        network: nn.Module = torchvision.models.get_model(name, weights=None, num_classes=num_classes, **options)
    return network

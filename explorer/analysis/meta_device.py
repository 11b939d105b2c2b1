"""Networks on the meta device, where tensors hold no values: how they are built, lent, and watched while they run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import init
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors

from explorer import registry

OptionItems = tuple[tuple[str, Any], ...]
_lent = threading.Lock()


@contextmanager
def network_on_meta(name: str, num_classes: int, options: OptionItems) -> Iterator[nn.Module]:
    """Lend a registered network on the meta device, to one thread at a time: the last few stay for whoever comes next.

    It is to be given back as it was, but for its gradients and its mode, train or eval.
    """
    with _lent:
        network = _built(name, num_classes, options)
        try:
            yield network
        finally:
            network.zero_grad()


@contextmanager
def each_call(network: nn.Module, run: Callable[..., Any], *, training: bool) -> Iterator[None]:
    """Bring a network into training or evaluation mode, and have `run` called in place of each module's forward.

    `run` gets the module's path, the module and what its forward is given. Hooks would tell as much, in twice the time.
    """
    modules = dict(network.named_modules())
    try:
        for path, module in modules.items():
            module.training = training
            module.__dict__["forward"] = partial(run, path, module)
        yield
    finally:
        for module in modules.values():
            module.__dict__.pop("forward", None)


@lru_cache(maxsize=4)
def _built(name: str, num_classes: int, options: OptionItems) -> nn.Module:
    with torch.inference_mode(False), on_meta():
        return registry.get(name).build(num_classes, **dict(options))


class on_meta(TorchFunctionMode):  # noqa: N801 - it reads as what it is used as: with on_meta(): ...
    """Build what is built in here on the meta device, and skip the initialization of its weights.

    On meta, torch works each random fill out in Python, to no effect: it takes half of the time of an analysis. A mode
    beside `torch.device("meta")`, which is one itself, would take a tenth more.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Iterable[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        given: dict[str, Any] = kwargs or {}
        if func in _FILLS:
            tensor = args[0] if args else given["tensor"]
            if tensor.is_meta:
                return tensor
        elif func in _MAKERS and given.get("device") is None:
            given["device"] = "meta"
        return func(*args, **given)


_MAKERS = frozenset(_device_constructors())
_FILLS = frozenset(
    {
        *(getattr(init, name) for name in vars(init) if name.endswith("_") and not name.startswith("_")),
        *(Tensor.fill_, Tensor.normal_, Tensor.uniform_, Tensor.zero_),
    }
)

"""Where networks are built to be analyzed: on the meta device, and without filling weights that hold no values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor
from torch.nn import init
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors


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

"""Follows every storage of the meta device through one training step: when it is made, when it is freed, what it is."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

import torch
from torch import Tensor, nn
from torch._C import _current_autograd_node
from torch._C._autograd import _get_sequence_nr
from torch.utils._python_dispatch import TorchDispatchMode

from explorer.analysis.meta_kernels import fast_kernel

KINDS = ("parameters", "gradients", "optimizer state", "activations", "other")
PHASES = ("forward", "loss", "backward", "optimizer")


class _StorageRef(weakref.ref[torch.UntypedStorage]):
    """A weak reference that knows the row of its storage, and the key under which it is kept."""

    __slots__ = ("key", "row")
    key: int
    row: int


class StorageTrace(TorchDispatchMode):
    """Records the life of every storage on the meta device, in moments: one operation of the step is one moment.

    Storages die by reference count, as on a GPU; nothing waits for the garbage collector. `exact` runs every operation
    through torch's own meta kernels, also those for which `meta_kernels` has a faster one.
    """

    def __init__(self, exact: bool = False) -> None:
        super().__init__()
        self.phase = PHASES[0]
        self.moments: list[tuple[str, str, str]] = []  # phase, path of the module, operation
        self._exact = exact
        self._bytes: list[int] = []  # of each storage, as are the next three
        self._born: list[int] = []
        self._died: list[int | None] = []
        self._kinds: list[str] = []
        self._alive: dict[int, _StorageRef] = {}
        self._path = ""
        self._paths: dict[int, str] = {}  # autograd's number of an operation of the forward pass -> its module

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kernel = func if self._exact else fast_kernel(func, args)
        result = kernel(*args, **(kwargs or {}))
        kind = "activations" if self.phase in ("forward", "loss") else "other"
        if isinstance(result, Tensor):
            self._follow(result, kind)
        elif isinstance(result, (tuple, list)):
            self.hold((output for output in result if isinstance(output, Tensor)), kind)
        self.moments.append((self.phase, self._locate(), func.overloadpacket.__name__))
        return result

    def hold(self, tensors: Iterable[Tensor], kind: str) -> None:
        """Follow the storages of tensors, as this kind; those that are followed already change to it."""
        for tensor in tensors:
            self._kinds[self._follow(tensor, kind)] = kind

    def _follow(self, tensor: Tensor, kind: str) -> int:
        """Return the row of a tensor's storage, -1 for one that is not on the meta device."""
        storage = tensor.untyped_storage()
        key: int = storage._cdata
        known = self._alive.get(key)
        if known is not None:
            return known.row
        ref = _StorageRef(storage, self._forget)
        ref.key, ref.row = key, len(self._bytes)
        self._alive[key] = ref
        self._bytes.append(storage.nbytes())
        self._born.append(len(self.moments))
        self._died.append(None)
        self._kinds.append(kind)
        return ref.row

    def _forget(self, ref: Any) -> None:
        self._died[ref.row] = len(self.moments)
        del self._alive[ref.key]

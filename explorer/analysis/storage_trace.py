"""Follows every storage of the meta device through one training step: when it is made, when it is freed, what it is."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch._C import _current_autograd_node
from torch._C._autograd import _get_sequence_nr
from torch.utils._python_dispatch import TorchDispatchMode

from explorer.analysis.meta_kernels import fast_kernel

PHASES = ("forward", "loss", "backward", "optimizer")
KINDS = ("params", "gradients", "optimizer_state", "activations", "other")
_MAKE_NOTHING = {torch.ops.aten.detach.default, torch.ops.aten._local_scalar_dense.default}


class _StorageRef(weakref.ref[torch.UntypedStorage]):
    """A weak reference that knows the row of its storage and the key under which it is kept."""

    __slots__ = ("key", "row")
    key: int
    row: int


class StorageTrace(TorchDispatchMode):
    """Records when each storage on the meta device is made and freed, counted in operations.

    Storages die by reference count, as on a GPU; nothing waits for the garbage collector. `exact` runs every operation
    through torch's own meta kernels, also those for which `meta_kernels` has a faster one.
    """

    def __init__(self, exact: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.phase = PHASES[0]
        self._exact = exact
        self._operations: list[tuple[str, str, str]] = []  # phase, path of the module, name
        self.sizes: list[int] = []  # in bytes, of each storage; one entry a storage in the next three too
        self._kinds: list[str] = []
        self._made: list[int] = []  # the operation that made it
        self._freed: list[int | None] = []  # the first operation after which it was gone
        self._alive: dict[int, _StorageRef] = {}
        self._path = ""
        self._paths: dict[int, str] = {}  # autograd's number of an operation in the forward pass -> path of its module

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Say no: to skip it, torch would import all of its compiler at the first operation, which takes seconds."""
        return False

    def __enter__(self) -> StorageTrace:
        super().__enter__()  # type: ignore[no-untyped-call]
        self._operations.append((self.phase, "", "start"))
        return self

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        self._alive.clear()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func in _MAKE_NOTHING:
            return func(*args, **(kwargs or {}))
        kernel = func if self._exact else fast_kernel(func, args)
        result = kernel(*args, **(kwargs or {}))
        kind = "activations" if self.phase in ("forward", "loss") else "other"
        for output in result if isinstance(result, (tuple, list)) else (result,):
            if isinstance(output, Tensor) and output.is_meta:
                self._follow(output, kind)
        self._operations.append((self.phase, self._locate(), func.overloadpacket.__name__))
        return result

    def hold(self, tensors: Iterable[Tensor], kind: str) -> None:
        """Follow the storages of these tensors as this kind; those that are followed already change to it."""
        for tensor in tensors:
            self._kinds[self._follow(tensor, kind)] = kind

    def run(self, path: str, module: nn.Module, *inputs: Any, **kwargs: Any) -> Any:
        """Run a module's forward, and name the operations in it by its path. To be called by `each_call`."""
        outer, self._path = self._path, path
        output = type(module).forward(module, *inputs, **kwargs)
        self._path = outer
        return output

    def operations(self) -> list[tuple[str, str]]:
        """Return the phase and the label of the start of the step, and of each operation: "conv1: convolution"."""
        return [(phase, f"{path}: {name}" if path else name) for phase, path, name in self._operations]

    def live(self, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return what is live after each operation, by kind, where storages have these sizes: [operations + 1, KINDS].

        The trace's own are in `sizes`, in bytes. The last row is what is left when the last operation's own are gone.
        """
        never = len(self._operations) + 1
        made, freed = np.array(self._made), np.array([never if at is None else at for at in self._freed])
        columns = np.array([KINDS.index(kind) for kind in self._kinds])
        changes = np.zeros((never + 1, len(KINDS)), dtype=np.int64)
        np.add.at(changes, (made, columns), sizes)
        np.subtract.at(changes, (freed, columns), sizes)
        return changes[:-1].cumsum(0)

    def _locate(self) -> str:
        """Return the path of the module whose operation runs, or whose gradient is computed."""
        if self.phase == "backward":
            node = _current_autograd_node()
            return "" if node is None else self._paths.get(node._sequence_nr(), "")
        if self.phase == "forward":
            self._paths.setdefault(_get_sequence_nr() - 1, self._path)
        return self._path

    def _follow(self, tensor: Tensor, kind: str) -> int:
        """Return the row of a tensor's storage, a new one if it is not followed yet."""
        storage = tensor.untyped_storage()
        key: int = storage._cdata
        known = self._alive.get(key)
        if known is not None:
            return known.row
        ref = _StorageRef(storage, self._forget)
        ref.key, ref.row = key, len(self.sizes)
        self._alive[key] = ref
        self.sizes.append(storage.nbytes())
        self._kinds.append(kind)
        self._made.append(len(self._operations))
        self._freed.append(None)
        return ref.row

    def _forget(self, ref: Any) -> None:
        self._freed[ref.row] = len(self._operations)
        del self._alive[ref.key]

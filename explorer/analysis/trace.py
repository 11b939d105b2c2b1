"""One forward pass on the meta device, followed at two levels: calls of modules and operations between them.

Each module reports when it runs; a `TorchDispatchMode` below them sees every operation, so that a ReLU written
as a function, the sum of a skip and the concatenation of branches are found as well. What a module without submodules
does is one node; an operation directly in the forward of a module that has some is a node of its own. Every node knows
the nodes whose outputs it reads.
"""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from explorer.analysis import receptive_field
from explorer.analysis.field import Field
from explorer.analysis.meta_device import each_call
from explorer.analysis.meta_kernels import fast_kernel
from explorer.analysis.rows import Shape

aten = torch.ops.aten

# They only look at a tensor in another way: the node that made it stands for it.
_LOOKS = {aten.alias, aten.detach, aten.expand, aten.t, aten.unsqueeze, aten.squeeze, aten.lift_fresh}
_WEIGHTED = {aten.convolution, aten.addmm, aten.mm}
# Layers that work at each position by itself, with more operations inside than the output needs to be followed through.
_POSITIONWISE = (nn.Linear, nn.LocalResponseNorm)


ONE_AT_A_TIME = threading.Lock()  # torch's dispatch modes are a thread's own, but set flags of the process


@dataclass(eq=False)
class Node:
    """A layer that ran, or an operation between layers."""

    path: str
    parent: str
    operation: str
    arguments: tuple[Any, ...]  # of the operation
    module: nn.Module | None
    inputs: tuple[Node, ...]
    reads_picture: bool  # itself, not through another node
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    macs: int
    activation_bytes: int
    seen: Field | None


@dataclass(eq=False)
class Call:
    """A module that ran, and the nodes that ran inside it."""

    path: str
    parent: str
    module: nn.Module
    inputs: list[Tensor]
    nodes: list[Node] = field(default_factory=list)
    output_shape: Shape = ()
    has_calls: bool = False


@dataclass(frozen=True)
class Trace:
    """All that ran in one forward pass, in order."""

    nodes: list[Node]
    containers: list[Call]  # modules that ran others; the network itself first
    depth: int  # convolutions and linear layers on the longest path
    used: set[int]  # ids of the parameters that an operation read


def trace(network: nn.Module, input_shape: Shape) -> Trace:
    """Run the network, which must be on meta, in evaluation mode on one batch, and return what ran."""
    tracer = _Tracer(network)
    picture = torch.empty(input_shape, device="meta")
    tracer.know(picture, _Known(None, Field.of_picture(input_shape), 0))
    with ONE_AT_A_TIME, torch.no_grad(), each_call(network, tracer.run, training=False), tracer:
        output = network(picture)
    return Trace(
        tracer.nodes, tracer.containers, max(tracer.known[id(one)].depth for one in _tensors(output)), tracer.used
    )


class _Known(NamedTuple):
    """What is known about a tensor that depends on the picture."""

    producer: Node | None  # None: the picture itself
    seen: Field | None
    depth: int


def _tensors(values: Any) -> list[Tensor]:
    if isinstance(values, Tensor):
        return [values]
    found: list[Tensor] = []
    if isinstance(values, (tuple, list)):
        for value in values:
            if isinstance(value, Tensor):
                found.append(value)
            elif isinstance(value, (tuple, list)):
                found += _tensors(value)
    return found


def _storage(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata


class _Tracer(TorchDispatchMode):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.containers: list[Call] = []
        self.known: dict[int, _Known] = {}
        self.used: set[int] = set()
        self._weights = {id(weight) for module in network.modules() for weight in module._parameters.values()}
        self._kept: list[Tensor] = []  # so that no id in `known` is used again
        self._stack = [Call("", "", network, [])]
        self._counts: dict[str, int] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Say no: to skip it, torch would import all of its compiler at the first operation, which takes seconds."""
        return False

    @property
    def nodes(self) -> list[Node]:
        return self._stack[0].nodes

    def know(self, tensor: Tensor, known: _Known) -> None:
        self._kept.append(tensor)
        self.known[id(tensor)] = known

    def _follow(self, values: Any) -> list[Tensor]:
        """Return the tensors among the values that depend on the picture."""
        return [tensor for tensor in _tensors(values) if id(tensor) in self.known]

    def _read_picture(self, tensors: list[Tensor]) -> bool:
        return any(self.known[id(tensor)].producer is None for tensor in tensors)

    def _unique(self, path: str) -> str:
        count = self._counts[path] = self._counts.get(path, 0) + 1
        return path if count == 1 else f"{path}:{count}"

    def run(self, path: str, module: nn.Module, *inputs: Any, **kwargs: Any) -> Any:
        """Run a module's forward, and keep what runs inside it."""
        outer = self._stack[-1]
        call = Call(path and self._unique(path), outer.path, module, self._follow(inputs))
        if len(self._stack) > 1 and not outer.has_calls:
            outer.has_calls = True
            self.containers.append(outer)
        self._stack.append(call)
        output = type(module).forward(module, *inputs, **kwargs)
        self._stack.pop()
        outputs = self._follow(output)
        call.output_shape = tuple(outputs[0].shape) if outputs else ()
        if not call.has_calls and outputs:
            self._close_layer(call, outputs)
        outer.nodes += call.nodes
        return output

    def _close_layer(self, call: Call, outputs: list[Tensor]) -> None:
        """Fold what ran inside a module that called no other into one node."""
        inside, inner = call.nodes, set(call.nodes)
        reads = [source for node in inside for source in node.inputs if source not in inner]
        if not inside:
            reads = [source for tensor in call.inputs if (source := self.known[id(tensor)].producer)]
        shows = (call.inputs + outputs)[0] if isinstance(call.module, _POSITIONWISE) else outputs[0]
        old = {_storage(tensor) for tensor in call.inputs}
        node = Node(
            path=call.path,
            parent=call.parent,
            operation=inside[-1].operation if inside else "identity",
            arguments=inside[-1].arguments if inside else (),
            module=call.module,
            inputs=tuple(dict.fromkeys(reads)),
            reads_picture=self._read_picture(call.inputs) or any(part.reads_picture for part in inside),
            input_shapes=tuple(tuple(tensor.shape) for tensor in call.inputs),
            output_shape=call.output_shape,
            macs=sum(part.macs for part in inside),
            activation_bytes=sum(tensor.nbytes for tensor in outputs if _storage(tensor) not in old),
            seen=self.known[id(shows)].seen,
        )
        call.nodes = [node]
        for tensor in outputs:
            self.know(tensor, _Known(node, node.seen, self.known[id(tensor)].depth))

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        operation = func._overloadpacket
        out = fast_kernel(func, args)(*args, **(kwargs or {}))
        given, outputs = _tensors(args), _tensors(out)
        sources = [tensor for tensor in given if id(tensor) in self.known]
        if len(sources) < len(given):
            self.used.update(self._weights.intersection(map(id, given)))
        if outputs and (sources or operation in flop_registry):
            self._record(operation, args, kwargs or {}, out, sources, outputs)
        return out

    def _record(
        self, operation: Any, args: tuple[Any, ...], kwargs: Any, out: Any, sources: list[Tensor], outputs: list[Tensor]
    ) -> None:
        known = [self.known[id(tensor)] for tensor in sources]
        shape = tuple(outputs[0].shape)
        seen = receptive_field.follow(operation, args, [one.seen for one in known], shape)
        depth = max((one.depth for one in known), default=0) + (operation in _WEIGHTED and len(sources) < 2)
        producer = known[0].producer if known else None
        if operation not in _LOOKS:
            call = self._stack[-1]
            old = {_storage(tensor) for tensor in sources}
            name = _name(operation, args[0], shape)
            producer = Node(
                path=self._unique(f"{call.path}.{name}".lstrip(".")),
                parent=call.path,
                operation=name,
                arguments=args[1:] if operation is not aten.convolution else (),
                module=None,
                inputs=tuple(dict.fromkeys(one.producer for one in known if one.producer)),
                reads_picture=self._read_picture(sources),
                input_shapes=tuple(tuple(tensor.shape) for tensor in sources),
                output_shape=shape,
                macs=_macs(operation, args, kwargs, shape),
                activation_bytes=outputs[0].nbytes if _storage(outputs[0]) not in old else 0,
                seen=seen,
            )
            call.nodes.append(producer)
        for tensor in outputs:
            self.know(tensor, _Known(producer, seen, depth))


@cache
def _flop_formula(operation: Any) -> Any:
    """Return torch's own formula, which takes shapes; None where the operation has none."""
    return inspect.unwrap(flop_registry[operation]) if operation in flop_registry else None


def _macs(operation: Any, args: tuple[Any, ...], kwargs: Any, shape: Shape) -> int:
    formula = _flop_formula(operation)
    if formula is None:
        return 0
    flops: int = formula(*(x.shape if isinstance(x, Tensor) else x for x in args), **kwargs, out_shape=shape)
    return flops // 2


_NAMES = {
    "_adaptive_avg_pool2d": "adaptive_avg_pool2d",
    "_log_softmax": "log_softmax",
    "_safe_softmax": "softmax",
    "_softmax": "softmax",
    "bmm": "matmul",
    "clone": "contiguous",
    "constant_pad_nd": "pad",
    "hardtanh": "relu6",
    "max_pool2d_with_indices": "max_pool2d",
}


def _name(operation: Any, source: Any, shape: Shape) -> str:
    """Return the name that the operation has in Python."""
    name = operation.__name__.removesuffix("_")
    if name in ("view", "_unsafe_view"):
        return "flatten" if len(shape) == 2 and shape[0] == source.shape[0] else "reshape"
    return _NAMES.get(name, name)

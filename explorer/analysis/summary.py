"""What is inside a network: every layer and operation with its shape, parameters, MACs, memory and receptive field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from torch import nn

from explorer import registry
from explorer.analysis.meta_device import OptionItems, network_on_meta
from explorer.analysis.rows import INPUT, Analysis, BlockRow, LayerRow, Pair, ReceptiveField, Shape
from explorer.analysis.trace import Call, Node, Trace, trace
from explorer.architecture import is_whole


def analyze(
    name: str,
    batch_size: int = 1,
    input_size: tuple[int, int, int] | None = None,
    num_classes: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> Analysis:
    """Analyze a registered network on the meta device, where no weights are allocated. Results are cached.

    `input_size` is (C, H, W), `num_classes` the number of outputs; None stands for the published ones. An unknown name
    raises KeyError; a batch, size, number of classes or option that the network cannot take, ValueError.
    """
    arch = registry.get(name)
    if not is_whole(batch_size) or batch_size < 1:
        raise ValueError(f"A batch is a whole number of pictures, at least one, not {batch_size!r}.")
    checked = arch.check_options(options)
    size = arch.check_input_size(input_size, checked)
    return _analyze(name, batch_size, size, arch.check_classes(num_classes), tuple(sorted(checked.items())))


def receptive_fields(name: str, **how: Any) -> dict[str, ReceptiveField | None]:
    """Return the receptive field of every row of `analyze(name, **how)`, by its path."""
    return {row.path: row.receptive_field for row in analyze(name, **how).rows}


@lru_cache(maxsize=256)
def _analyze(name: str, batch_size: int, size: Shape, num_classes: int, options: OptionItems) -> Analysis:
    arch = registry.get(name)
    with network_on_meta(name, num_classes, options) as network:
        return summarize(
            network,
            (batch_size, *size),
            name=name,
            title=arch.title,
            num_classes=num_classes,
            options=options,
            published_depth=arch.published_depth,
        )


def summarize(
    network: nn.Module,
    input_shape: Shape,
    *,
    name: str,
    title: str,
    num_classes: int = 0,
    options: OptionItems = (),
    published_depth: int | None = None,
) -> Analysis:
    """Analyze any module that stands on the meta device. It is left in evaluation mode."""
    ran = trace(network, input_shape)
    rows = _rows(network, ran)
    idle = [row for row in rows if row.runs_in_training_only]
    return Analysis(
        name=name,
        title=title,
        batch_size=input_shape[0],
        input_shape=input_shape,
        num_classes=num_classes,
        options=options,
        params=_sum(rows, "params"),
        trainable_params=_sum(rows, "trainable_params"),
        auxiliary_params=_sum(idle, "params"),
        buffer_bytes=sum(buffer.nbytes for buffer in network.buffers()),
        macs=_sum(rows, "macs"),
        activation_bytes=_sum(rows, "activation_bytes"),
        depth=published_depth or ran.depth,
        rows=tuple(rows),
        blocks=tuple(_blocks(ran.containers, rows, input_shape)),
        receptive_field=_last_map(ran.nodes),
    )


def _sum(rows: Iterable[LayerRow], field: str) -> int:
    return sum(getattr(row, field) for row in rows)


def _last_map(nodes: Sequence[Node]) -> ReceptiveField | None:
    """Return what a unit of the last map sees, before flattening or pooling to a fixed size; None behind attention."""
    fields = [node.seen for node in nodes]
    maps = [field for field in fields if field and field.is_map]
    return maps[-1].seen() if maps and fields[-1] else None


def _rows(network: nn.Module, ran: Trace) -> list[LayerRow]:
    depths = {"": 0}
    for call in ran.containers[1:]:
        depths[call.path] = depths[call.parent] + 1
    counted: set[int] = set()
    rows = [_row(node, depths[node.parent] + 1, counted) for node in ran.nodes]
    return rows + list(_rows_of_the_rest(network, depths, counted, ran.used))


def _row(node: Node, depth: int, counted: set[int]) -> LayerRow:
    weights = [] if node.module is None else _weights(node.module)
    fresh = [weight for weight in weights if id(weight) not in counted]
    counted.update(map(id, fresh))
    return LayerRow(
        path=node.path,
        kind=type(node.module).__name__ if node.module else node.operation,
        group=group_of(node),
        parent=node.parent,
        depth=depth,
        inputs=(*((INPUT,) if node.reads_picture else ()), *(source.path for source in node.inputs)),
        input_shapes=node.input_shapes,
        output_shape=node.output_shape,
        params=sum(weight.numel() for weight in fresh),
        trainable_params=sum(weight.numel() for weight in fresh if weight.requires_grad),
        macs=node.macs,
        activation_bytes=node.activation_bytes,
        receptive_field=node.seen.seen() if node.seen else None,
        is_repeat=len(fresh) < len(weights),
        **_window(node),
    )


def _weights(module: nn.Module) -> list[nn.Parameter]:
    """Return a module's parameters: those of a layer, by far the most, without a walk over its modules."""
    if module._modules:
        return list(module.parameters())
    return [weight for weight in module._parameters.values() if weight is not None]


def _rows_of_the_rest(
    network: nn.Module, depths: Mapping[str, int], counted: set[int], used: set[int]
) -> Iterable[LayerRow]:
    """Yield rows for weights of no layer that ran: those that a block uses itself, and auxiliary heads."""
    for path, module in network.named_modules():
        own = {name: one for name, one in module._parameters.items() if one is not None and id(one) not in counted}
        if not own:
            continue
        counted.update(map(id, own.values()))
        parent = _nearest(path, depths)
        if path == parent or used.intersection(map(id, own.values())):
            for name, weight in own.items():
                yield _weight_row(f"{path}.{name}".lstrip("."), "parameter", "other", parent, depths[parent], [weight])
        else:
            kind, group = type(module).__name__, group_of_module(module)
            yield _weight_row(path, kind, group, parent, depths[parent], list(own.values()))


def _weight_row(
    path: str, kind: str, group: str, parent: str, parent_depth: int, weights: Sequence[nn.Parameter]
) -> LayerRow:
    return LayerRow(
        path=path,
        kind=kind,
        group=group,
        parent=parent,
        depth=parent_depth + 1,
        inputs=(),
        input_shapes=(),
        output_shape=tuple(weights[0].shape) if kind == "parameter" else (),
        params=sum(weight.numel() for weight in weights),
        trainable_params=sum(weight.numel() for weight in weights if weight.requires_grad),
        macs=0,
        activation_bytes=0,
        runs_in_training_only=kind != "parameter",
    )


def _nearest(path: str, depths: Mapping[str, int]) -> str:
    while path not in depths:
        path = path.rpartition(".")[0]
    return path


def _blocks(containers: Sequence[Call], rows: Sequence[LayerRow], input_shape: Shape) -> Iterable[BlockRow]:
    held: dict[str, list[LayerRow]] = {call.path: [] for call in containers}
    parents = {call.path: call.parent for call in containers}
    for row in rows:
        path = row.parent
        held[path].append(row)
        while path:
            path = parents[path]
            held[path].append(row)
    for call in containers:
        inside = held[call.path]
        yield BlockRow(
            path=call.path,
            kind=type(call.module).__name__,
            parent=call.parent if call.path else None,
            depth=inside[0].depth - 1 if call.path else 0,
            rows=tuple(row.path for row in inside),
            params=_sum(inside, "params"),
            trainable_params=_sum(inside, "trainable_params"),
            macs=_sum(inside, "macs"),
            activation_bytes=_sum(inside, "activation_bytes"),
            input_shape=tuple(call.inputs[0].shape) if call.inputs else input_shape,
            output_shape=call.output_shape,
        )


def group_of(node: Node) -> str:
    """Return which of `rows.GROUPS` a node belongs to."""
    if node.module is not None and (group := group_of_module(node.module)) != "other":
        return group
    if node.module is not None and node.macs:
        return "linear"
    return _OPERATION_GROUPS.get(node.operation, "linear" if node.macs else "other")


def group_of_module(module: nn.Module) -> str:
    """Return which of `rows.GROUPS` a layer belongs to."""
    name = type(module).__name__
    if isinstance(module, nn.modules.conv._ConvNd):
        return "conv"
    if isinstance(module, (nn.Linear, nn.MultiheadAttention)):
        return "linear"
    if "Norm" in name:
        return "norm"
    if "Pool" in name or name == "Subsampling":
        return "pool"
    return "activation" if module.__module__ == nn.ReLU.__module__ or name == "Squash" else "other"


_OPERATION_GROUPS = {
    **dict.fromkeys(("add", "cat", "mul", "stack"), "join"),
    **dict.fromkeys(("relu", "relu6", "tanh", "sigmoid", "gelu", "silu", "hardswish", "softmax"), "activation"),
    **dict.fromkeys(("avg_pool2d", "max_pool2d", "adaptive_avg_pool2d", "mean"), "pool"),
    **dict.fromkeys(("native_batch_norm", "native_layer_norm"), "norm"),
    **dict.fromkeys(("matmul", "mm", "addmm"), "linear"),
    "convolution": "conv",
}


def _window(node: Node) -> dict[str, Any]:
    """Return kernel, stride, padding and the like of a convolution or a pooling, as fields of its row."""
    module = node.module
    if module is None:
        return _window_of_operation(node)
    if isinstance(module, nn.Linear):
        return {"has_bias": module.bias is not None}
    if not (hasattr(module, "kernel_size") and hasattr(module, "padding")):
        return {}
    window: dict[str, Any] = {
        "kernel": _pair(module.kernel_size),
        "stride": _pair(module.stride),
        "padding": _pair(module.padding),
        "dilation": _pair(getattr(module, "dilation", 1)),
        "ceil_mode": bool(getattr(module, "ceil_mode", False)),
    }
    if isinstance(module, nn.Conv2d):
        window |= {"conv_groups": module.groups, "has_bias": module.bias is not None}
    return window


def _window_of_operation(node: Node) -> dict[str, Any]:
    if node.operation not in ("avg_pool2d", "max_pool2d"):
        return {}
    filled: list[Any] = [*node.arguments, *(None, None, 0)[len(node.arguments) :]]
    kernel, stride, padding, *rest = filled
    dilation, ceil = (rest[0], rest[1:2]) if node.operation == "max_pool2d" and rest else (1, rest[:1])
    return {
        "kernel": _pair(kernel),
        "stride": _pair(stride or kernel),
        "padding": _pair(padding),
        "dilation": _pair(dilation),
        "ceil_mode": bool(ceil and ceil[0]),
    }


def _pair(value: Any) -> Pair:
    values = (value, value) if isinstance(value, int) else tuple(value)
    return (values[0], values[-1])

"""Receptive fields, followed through every operation of a forward pass, branches and skips included.

Where an operation mixes positions in a way that no interval along the axes describes (attention, windows, shuffled
space), there is no field, and that is what is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from explorer.analysis.field import Axis, Field
from explorer.analysis.rows import Shape

aten = torch.ops.aten


def _filled(arguments: Sequence[Any], defaults: Sequence[Any]) -> list[Any]:
    """Return an operation's arguments with the defaults of those that were left out."""
    return [*arguments, *defaults[len(arguments) :]]


def follow(operation: Any, arguments: Sequence[Any], fields: Sequence[Field | None], shape: Shape) -> Field | None:
    """Return what the output of an operation sees.

    `arguments` are the operation's own, `fields` those of the tensors among them that come from the picture, `shape`
    that of the (first) output.
    """
    known = [field for field in fields if field is not None]
    if not known or len(known) < len(fields):
        return None
    field = _joined(known)
    if field is None or operation in _KEPT:
        return field
    if not field.has_even_steps and operation not in (aten.view, aten.mean):
        return None
    rule = _RULES.get(operation)
    return rule(field, arguments, shape) if rule else None


def _joined(fields: Sequence[Field]) -> Field | None:
    joined: Field | None = fields[0]
    for field in fields[1:]:
        joined = joined.join(field) if joined else None
    return joined


def _convolution(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    _, weight, _, stride, padding, dilation, transposed, *_ = arguments
    return None if transposed else field.window(weight.shape[2:], stride, padding, dilation, shape)


def _max_pool(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    kernel, stride, padding, dilation = _filled(arguments[1:5], (None, None, 0, 1))
    return field.window(kernel, stride or kernel, padding, dilation, shape)


def _average_pool(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    kernel, stride, padding = _filled(arguments[1:4], (None, None, 0))
    return field.window(kernel, stride or kernel, padding, 1, shape)


def _adaptive_pool(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    if field.dims is None:
        return field
    rows, columns = (axis.pooled(shape[dim]) for axis, dim in zip(field.axes, field.dims, strict=True))
    return field._replace(axes=(rows, columns), is_pooled=True)


def _mean(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    dims, keepdim = _filled(arguments[1:3], (None, False))
    if field.dims is None:
        return field
    ndim = len(shape) if keepdim else len(shape) + len(dims or ())
    reduced = {dim % ndim for dim in dims or range(ndim)}
    if not reduced & set(field.dims):
        return field if keepdim else field.moved(lambda dim: dim - sum(d < dim for d in reduced))
    return field.whole(field.dims if keepdim else None) if reduced >= set(field.dims) else None


def _view(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    before = tuple(arguments[0].shape)
    if field.dims == (len(before) - 2, len(before) - 1) and len(shape) > 2 and shape[-2:] == before[-2:]:
        return field._replace(dims=(len(shape) - 2, len(shape) - 1))
    if field.dims is None or max(axis.positions for axis in field.axes) == 1:
        return field._replace(dims=None)
    is_flattened = len(shape) == 2 and shape[0] == before[0]
    return field.whole() if is_flattened else None


def _permute(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    order = [dim % len(shape) for dim in arguments[1]]
    return field.moved(order.index)


def _transpose(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    one, two = (dim % len(shape) for dim in arguments[1:3])
    return field.moved(lambda dim: {one: two, two: one}.get(dim, dim))


def _cat(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    dim = arguments[1] % len(shape) if len(arguments) > 1 else 0
    return None if field.dims and dim in field.dims else field


def _stack(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    at = arguments[1] % len(shape) if len(arguments) > 1 else 0
    return field.moved(lambda dim: dim + (dim >= at))


def _without_dim(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    at = arguments[1] % (len(shape) + 1) if len(arguments) > 1 else 0
    return None if field.dims and at in field.dims else field.moved(lambda dim: dim - (dim > at))


def _with_dim(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    at = arguments[1] % len(shape)
    return field.moved(lambda dim: dim + (dim >= at))


def _split(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    dim = arguments[2] % len(shape) if len(arguments) > 2 else 0
    return None if field.dims and dim in field.dims else field


def _slice(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    dim, start, _, step = _filled(arguments[1:5], (0, None, None, 1))
    dim %= len(shape)
    if field.dims is None or dim not in field.dims:
        return field
    at = field.dims.index(dim)
    axis = field.axes[at]
    skipped = (start or 0) % axis.positions * axis.stride
    cut = Axis(shape[dim], axis.low + skipped, axis.high + skipped, axis.least, axis.stride * step)
    return field._replace(axes=(cut, field.axes[1]) if at == 0 else (field.axes[0], cut))


def _pad(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    if field.dims is None:
        return None
    pads = arguments[1]  # the last dimension comes first: left, right, top, bottom, ...
    axes = []
    for axis, dim in zip(field.axes, field.dims, strict=True):
        at = 2 * (len(shape) - 1 - dim)
        shift = (pads[at] if at < len(pads) else 0) * axis.stride
        axes.append(axis._replace(positions=shape[dim], low=axis.low - shift, high=axis.high - shift))
    return field._replace(axes=(axes[0], axes[1]))


def _strides(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    """Global pooling of channels-last maps sets the strides of its output."""
    return field if max(axis.positions for axis in field.axes) == 1 else None


def _layer_norm(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    first = len(shape) - len(arguments[1])
    return None if field.dims and max(field.dims) >= first else field


def _matrix_product(field: Field, arguments: Sequence[Any], shape: Shape) -> Field | None:
    return field if field.dims is None else None


# Position by position: the output sees what its inputs see together.
_KEPT = {
    *(aten.relu, aten.relu_, aten.hardtanh, aten.hardtanh_, aten.sigmoid, aten.sigmoid_, aten.tanh, aten.tanh_),
    *(aten.silu, aten.silu_, aten.gelu, aten.hardswish, aten.hardswish_, aten.hardsigmoid, aten.hardsigmoid_),
    *(aten.leaky_relu, aten.leaky_relu_, aten.elu, aten.elu_, aten.clamp, aten.clamp_, aten.neg, aten.pow, aten.square),
    *(aten.native_batch_norm, aten.add, aten.add_, aten.sub, aten.mul, aten.mul_, aten.div, aten.div_, aten.clone),
    *(aten.alias, aten.detach, aten.lift_fresh, aten.expand),
}
_RULES: dict[Any, Callable[[Field, Sequence[Any], Shape], Field | None]] = {
    aten.convolution: _convolution,
    aten.max_pool2d_with_indices: _max_pool,
    aten.avg_pool2d: _average_pool,
    aten._adaptive_avg_pool2d: _adaptive_pool,
    aten.adaptive_max_pool2d: _adaptive_pool,
    aten.mean: _mean,
    aten.sum: _mean,
    aten.cat: _cat,
    aten.view: _view,
    aten._unsafe_view: _view,
    aten.permute: _permute,
    aten.transpose: _transpose,
    aten.stack: _stack,
    aten.unbind: _without_dim,
    aten.select: _without_dim,
    aten.unsqueeze: _with_dim,
    aten.squeeze: _without_dim,
    aten.split: _split,
    aten.slice: _slice,
    aten.constant_pad_nd: _pad,
    aten.as_strided_: _strides,
    aten.native_layer_norm: _layer_norm,
    aten.addmm: _matrix_product,
    aten.mm: _matrix_product,
}

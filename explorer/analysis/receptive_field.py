"""Receptive fields, followed through every operation of a forward pass, branches and skips included.

The pixels that position i of a feature map sees along one axis lie between `low + i * stride` and `high + i * stride`
(Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", section 3; here with the
union over all paths, and the narrowest path beside it). What global pooling read and a gate spreads over a map
(squeeze-and-excitation) does not move with the position: it is kept apart, as an interval that all positions share.
Where positions are mixed in a way that no such interval describes (attention, windows, shuffled space), there is none,
and that is what is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import torch

from explorer.analysis.rows import ReceptiveField, Shape

aten = torch.ops.aten
Interval = tuple[int, int]  # the first pixel and the last


class Axis(NamedTuple):
    """What the positions of a feature map see along one axis, in pixels.

    Adaptive pooling of a size that does not divide has windows or steps that differ. `low` and `high` are then as if
    the widest window came first, `stride` is the mean step, and `unpooled` what was pooled.
    """

    positions: int
    low: int
    high: int
    least: int
    stride: int
    unpooled: Axis | None = None

    def window(self, kernel: int, stride: int, padding: int, dilation: int, count: int) -> Axis:
        span = (kernel - 1) * dilation
        return Axis(
            count,
            self.low - padding * self.stride,
            self.high + (span - padding) * self.stride,
            self.least + span * self.stride,
            self.stride * stride,
        )

    def pooled(self, count: int) -> Axis:
        """Return what the positions behind adaptive pooling see: windows as torch sets them, from floor to ceil."""
        starts = [i * self.positions // count for i in range(count)]
        stops = [-(-(i + 1) * self.positions // count) for i in range(count)]
        kernels = {stop - start for start, stop in zip(starts, stops, strict=True)}
        steps = {after - before for before, after in pairwise(starts)} or {self.positions}
        widest = self.window(max(kernels), max(steps), 0, 1, count)
        if len(kernels) == len(steps) == 1:
            return widest
        return widest._replace(stride=round(self.positions * self.stride / count), unpooled=self)

    def whole(self) -> Axis:
        """Return the one position that reads all of these."""
        if self.unpooled:
            return self.unpooled.whole()
        reach = (self.positions - 1) * self.stride
        return Axis(1, self.low, self.high + reach, self.least + reach, self.stride * self.positions)

    def join(self, other: Axis) -> Axis | None:
        """Return what is seen by the sum or the concatenation of two; None where their positions do not match."""
        if self.positions != other.positions or (self[4:] != other[4:] and self.positions != 1):
            return None
        return self.with_interval((other.low, other.high))._replace(least=min(self.least, other.least))

    def with_interval(self, more: Interval) -> Axis:
        return self._replace(low=min(self.low, more[0]), high=max(self.high, more[1]))


class Field(NamedTuple):
    """The axes of a feature map, and which of its dimensions they are; `dims` is None for a vector.

    `is_pooled` behind adaptive or global pooling, until it is joined with a map that is not. `shared` are the pixels
    along each axis that all units see, whatever their position; None where there was no gate.
    """

    dims: tuple[int, int] | None
    axes: tuple[Axis, Axis]
    is_pooled: bool = False
    shared: tuple[Interval, Interval] | None = None

    @staticmethod
    def of_picture(shape: Shape) -> Field:
        rows, columns = (Axis(count, 0, 0, 1, 1) for count in shape[-2:])
        return Field((len(shape) - 2, len(shape) - 1), (rows, columns))

    @property
    def is_map(self) -> bool:
        return self.dims is not None and not self.is_pooled

    @property
    def has_even_steps(self) -> bool:
        return not any(axis.unpooled for axis in self.axes)

    @property
    def is_one_unit(self) -> bool:
        return all(axis.positions == 1 for axis in self.axes)

    def seen(self) -> ReceptiveField:
        rows, columns = self.axes
        return ReceptiveField(
            (rows.high - rows.low + 1, columns.high - columns.low + 1),
            (rows.least, columns.least),
            (rows.stride, columns.stride),
            ((rows.low + rows.high) / 2, (columns.low + columns.high) / 2),
            self.has_even_steps,
            self.shared is not None,
        )

    def window(self, kernel: Any, stride: Any, padding: Any, dilation: Any, shape: Shape) -> Field | None:
        if self.dims is None:
            return None
        settings = zip(_pair(kernel), _pair(stride), _pair(padding), _pair(dilation), self.dims, strict=True)
        rows, columns = (
            axis.window(k, s, p, d, shape[dim]) for axis, (k, s, p, d, dim) in zip(self.axes, settings, strict=True)
        )
        return self._replace(axes=(rows, columns))

    def whole(self, dims: tuple[int, int] | None = None) -> Field:
        """Return the one unit that reads all of these: what they share is among what it sees."""
        rows, columns = (axis.whole() for axis in self.axes)
        if self.shared:
            rows, columns = rows.with_interval(self.shared[0]), columns.with_interval(self.shared[1])
        return Field(dims, (rows, columns), is_pooled=True)

    def join(self, other: Field) -> Field | None:
        if self.dims != other.dims and None not in (self.dims, other.dims):
            return None
        if self.is_gate_of(other):
            return other.gated(self)
        if other.is_gate_of(self):
            return self.gated(other)
        rows, columns = (one.join(two) for one, two in zip(self.axes, other.axes, strict=True))
        is_pooled = self.is_pooled and other.is_pooled
        shared = _union(self.shared, other.shared)
        return Field(self.dims or other.dims, (rows, columns), is_pooled, shared) if rows and columns else None

    def is_gate_of(self, other: Field) -> bool:
        """Whether a join spreads this over the other: one unit over many, or a pooled one over one that is not."""
        return self.is_one_unit and (not other.is_one_unit or self.is_pooled > other.is_pooled)

    def gated(self, gate: Field) -> Field:
        rows, columns = gate.whole().axes
        shared = _union(self.shared, ((rows.low, rows.high), (columns.low, columns.high)))
        return Field(self.dims or gate.dims, self.axes, self.is_pooled and gate.is_pooled, shared)

    def moved(self, place: Callable[[int], int]) -> Field:
        return self._replace(dims=self.dims and (place(self.dims[0]), place(self.dims[1])))


def _union(
    one: tuple[Interval, Interval] | None, two: tuple[Interval, Interval] | None
) -> tuple[Interval, Interval] | None:
    if one is None or two is None:
        return one or two
    rows, columns = ((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one, two, strict=True))
    return rows, columns


def _pair(value: Any) -> tuple[int, int]:
    values = (value, value) if isinstance(value, int) else tuple(value)
    return values if len(values) == 2 else values * 2


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

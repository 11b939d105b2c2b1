"""What the units of a feature map see of the picture, as intervals of pixels along its two axes.

The pixels that position i of a feature map sees along one axis lie between `low + i * stride` and `high + i * stride`
(Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", section 3; here with the
union over all paths, and the narrowest path beside it). What global pooling read and a gate spreads over a map
(squeeze-and-excitation) does not move with the position: it is kept apart, as an interval that all positions share.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from explorer.analysis.rows import ReceptiveField, Shape

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

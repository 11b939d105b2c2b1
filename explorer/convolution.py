"""What a convolution and a pooling do to numbers, in numpy, one step at a time.

As in torch, "convolution" here slides the kernel as it stands (cross-correlation); `flipped` gives the kernel of a
convolution as mathematics defines it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.rows import LayerRow

Numbers = NDArray[np.float64]
Pads = tuple[int, int]  # before and after
Edge = Literal["zero", "reflect", "replicate"]  # what the padding holds
EDGES: tuple[Edge, ...] = ("zero", "reflect", "replicate")
_NUMPY_EDGES: dict[Edge, Literal["constant", "reflect", "edge"]] = {
    "zero": "constant",
    "reflect": "reflect",
    "replicate": "edge",
}


@dataclass(frozen=True)
class Axis:
    """How a kernel moves along one side of a picture: `size` pixels, with `pads` before and after them."""

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    pads: Pads = (0, 0)

    @property
    def reach(self) -> int:
        """Pixels from the first that the kernel reads to the last, both counted."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        return self.size + sum(self.pads)

    @property
    def output(self) -> int:
        """How often the kernel fits: floor((padded - reach) / stride) + 1; 0 where it does not fit at all."""
        return max(0, (self.padded - self.reach) // self.stride + 1)

    @property
    def remainder(self) -> int:
        """Padded pixels at the end that are left over, because the division does not come out even."""
        return (self.padded - self.reach) % self.stride if self.output else self.padded

    def reads(self, step: int) -> range:
        """Return the padded places that the kernel reads at one step."""
        start = step * self.stride
        return range(start, start + self.reach, self.dilation)

    def visits(self) -> NDArray[np.int64]:
        """Return how often each padded place is read."""
        counts = np.zeros(self.padded, np.int64)
        for step in range(self.output):
            counts[self.reads(step)] += 1
        return counts


def same_pads(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Pads:
    """Return the padding with which the output has ceil(size / stride) pixels; an odd one goes to the end.

    That is what TensorFlow calls SAME. torch has it with stride 1 only.
    """
    reach = dilation * (kernel - 1) + 1
    total = max(0, (-(-size // stride) - 1) * stride + reach - size)
    return total // 2, total - total // 2


@dataclass(frozen=True)
class Window:
    """How a kernel moves over a picture, down and across."""

    rows: Axis
    columns: Axis

    @property
    def output(self) -> tuple[int, int]:
        return self.rows.output, self.columns.output

    def check(self, edge: Edge = "zero") -> None:
        """Raise ValueError, with the reason, where the kernel does not fit or the padding cannot be made."""
        for axis, side in ((self.rows, "high"), (self.columns, "wide")):
            if not axis.output:
                raise ValueError(
                    f"The kernel reaches over {axis.reach} pixels, and the padded picture is {axis.padded} {side}: "
                    "it does not fit. Take a smaller kernel or dilation, or more padding."
                )
            if edge == "reflect" and max(axis.pads) >= axis.size:
                raise ValueError(
                    f"{max(axis.pads)} pixels cannot be mirrored in a picture {axis.size} pixels {side}; the most is "
                    f"{axis.size - 1}."
                )

    def visits(self) -> NDArray[np.int64]:
        """Return how often each padded pixel is read."""
        return np.outer(self.rows.visits(), self.columns.visits())

    def unread(self) -> int:
        """Return how many pixels of the picture itself, padding left out, are never read."""
        top, left = self.rows.pads[0], self.columns.pads[0]
        inside = self.visits()[top : top + self.rows.size, left : left + self.columns.size]
        return int((inside == 0).sum())


def pad(picture: Numbers, window: Window, edge: Edge = "zero") -> Numbers:
    """Return the picture [H, W] with the padding of its window around it."""
    return np.pad(picture, (window.rows.pads, window.columns.pads), mode=_NUMPY_EDGES[edge])


def slide(picture: Numbers, kernel: Numbers, window: Window, edge: Edge = "zero") -> Numbers:
    """Return the sums of products of the kernel with all that it comes to lie on, [H, W] -> [H', W'].

    Each weight meets its own shifted and thinned copy of the picture; the sum of these is the output.
    """
    window.check(edge)
    padded = pad(picture, window, edge)
    output = np.zeros(window.output)
    for (row, column), weight in np.ndenumerate(kernel):
        output += weight * padded[_thinned(window.rows, row), _thinned(window.columns, column)]
    return output


def _thinned(axis: Axis, place: int) -> slice:
    """The padded places that one weight meets, over all steps."""
    start = place * axis.dilation
    return slice(start, start + (axis.output - 1) * axis.stride + 1, axis.stride)


def slide_channels(pictures: Numbers, kernels: Numbers, bias: Numbers, window: Window, edge: Edge = "zero") -> Numbers:
    """Return what a convolution layer puts out: [C, H, W] with kernels [F, C, k, k] and a bias [F] -> [F, H', W']."""
    return np.stack(
        [
            sum(slide(picture, one, window, edge) for picture, one in zip(pictures, kernel, strict=True)) + shift
            for kernel, shift in zip(kernels, bias, strict=True)
        ]
    )


def flipped(kernel: Numbers) -> Numbers:
    """Return the kernel turned by half a circle: sliding it is the convolution of mathematics."""
    return kernel[::-1, ::-1]


@dataclass(frozen=True, eq=False)
class Step:
    """One position of the kernel: what it lies on, the products, and their sum."""

    place: tuple[int, int]  # in the output
    values: Numbers
    products: Numbers

    @property
    def sum(self) -> float:
        return float(self.products.sum())


def step_at(padded: Numbers, kernel: Numbers, window: Window, place: tuple[int, int]) -> Step:
    """Return one position of the kernel over a picture that has its padding."""
    values = padded[np.ix_(window.rows.reads(place[0]), window.columns.reads(place[1]))]
    return Step(place, values, values * kernel)


def steps(picture: Numbers, kernel: Numbers, window: Window, edge: Edge = "zero") -> Iterator[Step]:
    """Yield every position of the kernel, row by row."""
    window.check(edge)
    padded = pad(picture, window, edge)
    for place in np.ndindex(window.output):
        yield step_at(padded, kernel, window, place)


def pool(picture: Numbers, window: Window, how: Literal["max", "average"]) -> Numbers:
    """Return the largest value or the mean of what each window holds, without padding, [H, W] -> [H', W']."""
    window.check()
    places = np.ndindex(window.rows.kernel, window.columns.kernel)
    held = np.stack([picture[_thinned(window.rows, row), _thinned(window.columns, column)] for row, column in places])
    return np.asarray(held.max(0) if how == "max" else held.mean(0))


def moved(picture: Numbers, down: int, right: int) -> Numbers:
    """Return the picture moved by whole pixels, up and left where negative; what comes in at the sides is 0."""
    output = np.roll(picture, (down, right), (0, 1))
    output[_entered(down)] = 0
    output[:, _entered(right)] = 0
    return output


def _entered(distance: int) -> slice:
    return slice(0, distance) if distance >= 0 else slice(distance, None)


def as_layer(
    channels: int, window: Window, filters: int = 1, *, groups: int = 1, bias: bool = True, images: int = 1
) -> LayerRow:
    """Return the convolution as a row of an analysis, for `explorer.formulas`.

    A padding that is not the same on both sides is counted into the picture.
    """
    axes = (window.rows, window.columns)
    is_even = all(axis.pads[0] == axis.pads[1] for axis in axes)
    sides = [axis.size if is_even else axis.padded for axis in axes]
    weights = filters * (channels // groups) * window.rows.kernel * window.columns.kernel
    height, width = window.output
    params = weights + filters * bias
    return LayerRow(
        path="conv",
        kind="Conv2d",
        group="conv",
        parent="",
        depth=1,
        inputs=("input",),
        input_shapes=((images, channels, *sides),),
        output_shape=(images, filters, height, width),
        params=params,
        trainable_params=params,
        macs=images * height * width * weights,
        activation_bytes=4 * images * filters * height * width,
        kernel=(window.rows.kernel, window.columns.kernel),
        stride=(window.rows.stride, window.columns.stride),
        padding=(window.rows.pads[0], window.columns.pads[0]) if is_even else (0, 0),
        dilation=(window.rows.dilation, window.columns.dilation),
        conv_groups=groups,
        has_bias=bias,
    )

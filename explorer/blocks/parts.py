"""The parts of a block, and the formulas of their parameters and MACs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.analysis.rows import Analysis, LayerRow, ReceptiveField, Shape
from explorer.blocks.expression import fill, plus, times
from explorer.formulas import MACS, PARAMETERS, Formula

MAP = "size*size"  # the places of a feature map as large as the input's
OUT_MAP = "out_size*out_size"


@dataclass(frozen=True)
class Weights:
    """The parameters and the MACs of one layer, as expressions in the values of its block."""

    params: str
    macs: str = "0"


def conv(
    reads: str, filters: str, kernel: str = "1*1", *, at: str = MAP, bias: bool = True, norm: bool = False
) -> Weights:
    """Return those of a convolution whose filters each read so many channels, and of the batch norm behind it."""
    window = () if kernel == "1*1" else (kernel,)
    weights = times(*window, reads, filters)
    extra = (filters if bias else "0", times("2", filters) if norm else "0")
    return Weights(plus(weights, *extra), times(at, *window, reads, filters))


def norm(channels: str) -> Weights:
    """Return those of a batch norm: a scale and a shift for each channel."""
    return Weights(times("2", channels))


def linear(inputs: str, outputs: str) -> Weights:
    """Return those of a linear layer with a bias."""
    return Weights(plus(times(inputs, outputs), outputs), times(inputs, outputs))


@dataclass(frozen=True)
class Part:
    """One branch or step of a block.

    `rows` are the paths of its layers, or of modules that hold them; a star at the end stands for any ending.
    """

    title: str
    rows: tuple[str, ...]
    params: str
    macs: str

    def holds(self, path: str) -> bool:
        return any(path == own or path.startswith(own[:-1] if own[-1] == "*" else f"{own}.") for own in self.rows)

    def formulas(self, values: Mapping[str, int]) -> tuple[Formula, Formula]:
        """Return the formulas of its parameters and of its MACs."""
        return fill(PARAMETERS, self.params, values), fill(MACS, self.macs, values)


def part(title: str, rows: str, *layers: Weights) -> Part:
    """Return a part of these layers; `rows` are paths with blanks between them."""
    return Part(
        title,
        tuple(rows.split()),
        plus(*(layer.params for layer in layers)),
        plus(*(layer.macs for layer in layers)),
    )


@dataclass(frozen=True)
class PartTotal:
    """What the rows of one part add up to in an analysis; its output is all that its last layers hand on together."""

    title: str
    params: int
    macs: int
    activation_bytes: int
    output_shape: Shape
    receptive_field: ReceptiveField | None


def totals(analysis: Analysis, parts: tuple[Part, ...]) -> tuple[PartTotal, ...]:
    """Return the totals of each part, from the rows of the built module. A part without rows raises ValueError."""
    return tuple(_total(one, [row for row in analysis.rows if one.holds(row.path)]) for one in parts)


def _total(one: Part, rows: list[LayerRow]) -> PartTotal:
    if not rows:
        raise ValueError(f"No layer belongs to the part {one.title!r}.")
    read = {source for row in rows for source in row.inputs}
    ends = [row for row in rows if row.inputs and row.path not in read]
    batch, _, *sides = ends[-1].output_shape
    channels = sum(row.output_shape[1] for row in ends)
    return PartTotal(
        one.title,
        sum(row.params for row in rows),
        sum(row.macs for row in rows),
        sum(row.activation_bytes for row in rows),
        (batch, channels, *sides),
        ends[-1].receptive_field,
    )

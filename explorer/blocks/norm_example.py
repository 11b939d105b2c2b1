"""What LRN and batch norm compute, on a handful of numbers: pictures down, channels across, one place each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.blocks.construction import call
from explorer.blocks.normalisation import response_norm
from explorer.blocks.record import Values
from explorer.units import MINUS, TIMES

Table = tuple[tuple[float, ...], ...]

EXAMPLE: Table = (
    (1.0, 2.0, 9.0, 2.0, 1.0, 0.0),
    (0.0, 3.0, 1.0, 4.0, 2.0, 0.0),
    (2.0, 1.0, 0.0, 6.0, 1.0, 3.0),
    (1.0, 2.0, 2.0, 4.0, 8.0, 1.0),
)
_EPSILON = 1e-5  # torch's default, against a division by zero


@dataclass(frozen=True)
class Normed:
    """The numbers behind both layers."""

    response: Table
    batch: Table


def normalise(table: Table, values: Values) -> Normed:
    """Run torch's own layers, fresh and in training mode, over pictures of 1x1 with these channels."""
    import torch

    maps = torch.tensor(table)[:, :, None, None]
    batch_norm = call("torch.nn:BatchNorm2d", len(table[0])).build()
    with torch.no_grad():
        return Normed(_rows(response_norm(values).build()(maps)), _rows(batch_norm(maps)))


def response_formula(table: Table, values: Values, picture: int, channel: int) -> str:
    """Return LRN at one place with the numbers filled in, up to its result."""
    first = max(0, channel - values["neighbours"] // 2)
    row = table[picture]
    near = row[first : channel + (values["neighbours"] - 1) // 2 + 1]
    squares = " + ".join(f"{_in_product(value)}²" for value in near)
    result = row[channel] / (values["k"] + values["alpha"] * sum(value**2 for value in near)) ** values["beta"]
    inside = f"{values['k']:g} + {values['alpha']:g}{TIMES}({squares})"
    return _signed(f"{row[channel]:g} / ({inside})^{values['beta']:g} = {result:.4f}")


def batch_formula(table: Table, picture: int, channel: int) -> str:
    """Return batch norm at one place with the numbers filled in, up to its result."""
    column = [row[channel] for row in table]
    mean = sum(column) / len(column)
    variance = sum((value - mean) ** 2 for value in column) / len(column)
    value = table[picture][channel]
    result = (value - mean) / (variance + _EPSILON) ** 0.5
    return _signed(f"({value:g} - {_in_product(mean)}) / \N{SQUARE ROOT}({variance:g} + {_EPSILON:.5f}) = {result:.4f}")


def _in_product(value: float) -> str:
    return f"{value:g}" if value >= 0 else f"({value:g})"


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def _rows(maps: Sequence[object]) -> Table:
    return tuple(tuple(float(value) for value in row.flatten()) for row in maps)  # type: ignore[attr-defined]

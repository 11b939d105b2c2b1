"""The numbers of claims as they stand on a card, with their units."""

from __future__ import annotations

from explorer import units
from explorer.lessons.claims import Value, Verdict

ICONS: dict[Verdict, str] = {
    "true": "check_circle",
    "roughly": "incomplete_circle",
    "depends": "alt_route",
    "false": "cancel",
}
MEANINGS: dict[Verdict, str] = {
    "true": "The figure is right, as closely as it is given.",
    "roughly": "The right order, but not the right figure.",
    "depends": "Right in one way of counting or for one version of the network, wrong in another.",
    "false": "The figure or the statement is wrong.",
}
DEFINITIONS = {
    "parameters": "Numbers that training changes: weights, biases, and the scale and shift of norms.",
    "weights": "Parameters without the biases.",
    "MACs": "Multiply-accumulates for one picture: a product that is added to a sum. 1 MAC = 2 FLOPs.",
    "FLOPs": "Floating-point operations for one picture: a multiplication and an addition are two.",
    "values": "Numbers in the feature maps of one picture.",
    "connections": "Every weight wherever it is used, and every bias likewise.",
    "MB": "Millions of bytes.",
    "MiB": "2**20 bytes, 1,048,576.",
    "pixels": "Height and width, or the side of the area that one unit sees.",
    "layers": "Layers with weights, unless another kind is named.",
    "channels, height, width": "The shape of the maps for one picture.",
}
_SHAPES = "channels, height, width"


def written(value: Value, unit: str) -> str:
    """Return a number with its unit: "6,998,552 parameters", "8.71x", "44.9 %", "96x55x55"."""
    if isinstance(value, tuple):
        return units.shape(value) if unit == _SHAPES else f"{', '.join(map(units.exact, value))} {unit}"
    if unit == "times":
        return units.ratio(value)
    number = units.exact(value) if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {unit if value != 1 else singular(unit)}"


def said(value: Value, unit: str) -> str:
    """Return a number as the source gives it: "12x", where a computed one has its decimals."""
    return f"{value:g}{units.TIMES}" if unit == "times" else written(value, unit)


def singular(unit: str) -> str:
    """Return the unit for one of it: "layer" for "layers"; MACs and MiB stay as they are."""
    return unit.removesuffix("s") if unit.islower() else unit

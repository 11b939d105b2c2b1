"""How long a gradient still is at the input of stacks of more and more blocks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from explorer.charts.figure import Chart, axis, draw
from explorer.palette import KINDS, Theme
from explorer.units import power

_LOOKS = (("linear", "dash", "square"), ("conv", "solid", "circle"), ("norm", "dot", "diamond"))


def gradient_lengths(depths: Sequence[int], lengths: Mapping[str, Sequence[float]], *, theme: Theme = "light") -> Chart:
    """Return a line for each kind of stack over its blocks, on a logarithmic axis. A length of 0 ends its line."""
    traces = [
        _line(name, depths, each, *looks, theme) for (name, each), looks in zip(lengths.items(), _LOOKS, strict=False)
    ]
    exponents = [math.log10(value) for each in lengths.values() for value in each if value]
    low, high = math.floor(min(exponents, default=0)), math.ceil(max(exponents, default=1))
    layout = {
        "height": 420,
        "hovermode": "x unified",
        "xaxis": axis("Blocks in a row", rangemode="tozero"),
        "yaxis": axis(
            "Length of the gradient at the input",
            type="log",
            range=[low - 0.3, high + 0.3],
            dtick=max(1, math.ceil((high - low) / 8)),
            exponentformat="power",
        ),
        "shapes": [_line_at_one(theme)],
    }
    table = pd.DataFrame({"Blocks": list(depths)} | {name: list(each) for name, each in lengths.items()})
    return Chart(draw(traces, layout, "gradient-lengths"), _alt(depths, lengths), table)


def _line(
    name: str, depths: Sequence[int], lengths: Sequence[float], kind: str, dash: str, symbol: str, theme: Theme
) -> dict[str, Any]:
    colour = KINDS[kind].tone(theme).mark
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(depths),
        "y": [length or None for length in lengths],
        "line": {"color": colour, "dash": dash, "width": 3},
        "marker": {"symbol": symbol, "size": 9, "color": colour},
        "customdata": [power(length) if length else "0" for length in lengths],
        "hovertemplate": f"{name}: %{{customdata}}<extra></extra>",
    }


def _line_at_one(theme: Theme) -> dict[str, Any]:
    """The length that the gradient had at the output."""
    grey = KINDS["other"].tone(theme).mark
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1, "y1": 1, "line": {"color": grey, "width": 1}}


def _alt(depths: Sequence[int], lengths: Mapping[str, Sequence[float]]) -> str:
    ends = "; ".join(
        f"{name} from {power(each[0])} to {power(each[-1]) if each[-1] else 'nothing'}"
        for name, each in lengths.items()
    )
    return f"Length of the gradient at the input of stacks of {depths[0]} to {depths[-1]} blocks: {ends}."

"""How parameters, MACs and memory add up along the network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import pandas as pd

from explorer import units
from explorer.analysis.rows import Analysis, LayerRow
from explorer.charts.figure import Chart, axis, draw
from explorer.charts.quantities import QUANTITIES, Quantity
from explorer.palette import KINDS, Theme

_CURVES = {"params": ("linear", "solid"), "macs": ("conv", "dash"), "activation_bytes": ("activation", "dot")}


def cumulative(analysis: Analysis, *, theme: Theme = "light") -> Chart:
    """Return how parameters, MACs and activation memory add up from the first layer to the last, in percent."""
    rows = [row for row in analysis.rows if any(what.of(row) for what in QUANTITIES.values())]
    running = {field: _running_share(rows, what) for field, what in QUANTITIES.items()}
    traces = [_cumulative_curve(field, rows, shares, theme) for field, shares in running.items()]
    layout = {
        "height": 460,
        "hovermode": "closest",
        "xaxis": axis("Layer, in the order in which they run", nticks=6, rangemode="tozero"),
        "yaxis": axis("Share of the whole (%)", range=[0, 103], dtick=25),
    }
    table = pd.DataFrame({"Layer": [row.path for row in rows], "Kind": [row.kind for row in rows]})
    for field, what in QUANTITIES.items():
        table[f"{what.heading}, running share"] = running[field]
    return Chart(draw(traces, layout, f"{analysis.name}-cumulative"), _cumulative_alt(analysis, running), table)


def _running_share(rows: Sequence[LayerRow], what: Quantity) -> list[float]:
    total = max(sum(map(what.of, rows)), 1)
    return [value / total for value in accumulate(map(what.of, rows))]


def _cumulative_curve(field: str, rows: Sequence[LayerRow], shares: Sequence[float], theme: Theme) -> dict[str, Any]:
    what, (kind, dash) = QUANTITIES[field], _CURVES[field]
    sums = accumulate(map(what.of, rows))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": what.word,
        "x": list(range(1, len(rows) + 1)),
        "y": [100 * share for share in shares],
        "line": {"color": KINDS[kind].tone(theme).mark, "dash": dash, "width": 3, "shape": "hv"},
        "customdata": [
            f"<b>{row.path}</b><br>up to here {what.exact(value)}<br>{units.percent(share)} of all"
            for row, value, share in zip(rows, sums, shares, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _cumulative_alt(analysis: Analysis, running: dict[str, list[float]]) -> str:
    halves = [
        f"{what.word} after {units.percent(_place_of_half(running[field]))} of the layers"
        for field, what in QUANTITIES.items()
    ]
    return f"Running shares along {analysis.title}. Half is reached: {', '.join(halves)}."


def _place_of_half(shares: Sequence[float]) -> float:
    return (next((place for place, share in enumerate(shares) if share >= 0.5), 0) + 1) / max(len(shares), 1)

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

_PIXEL = 1 / 400  # of the whole, about
_CURVES = {"params": ("linear", "solid"), "macs": ("conv", "dash"), "activation_bytes": ("activation", "dot")}


def cumulative(analysis: Analysis, *, theme: Theme = "light") -> Chart:
    """Return how parameters, MACs and activation memory add up from the first layer to the last, in percent."""
    rows = [row for row in analysis.rows if any(what.of(row) for what in QUANTITIES.values())]
    running = {field: _running_share(rows, what) for field, what in QUANTITIES.items()}
    traces = [_cumulative_curve(field, rows, shares, theme) for field, shares in running.items()]
    layout = {
        "height": 520,
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
    sums = list(accumulate(map(what.of, rows)))
    places = _visible(shares)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": what.word,
        "x": [place + 1 for place in places],
        "y": [100 * shares[place] for place in places],
        "line": {"color": KINDS[kind].tone(theme).mark, "dash": dash, "width": 3, "shape": "hv"},
        "customdata": [
            f"<b>{rows[place].path}</b><br>up to here {what.exact(sums[place])}<br>"
            f"{units.percent(shares[place])} of all"
            for place in places
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _visible(shares: Sequence[float]) -> list[int]:
    """Return the places where a curve has risen by a pixel or more, and its two ends."""
    kept = [0]
    for place, share in enumerate(shares):
        if share - shares[kept[-1]] >= _PIXEL:
            kept.append(place)
    return kept if kept[-1] == len(shares) - 1 else [*kept, len(shares) - 1]


def _cumulative_alt(analysis: Analysis, running: dict[str, list[float]]) -> str:
    halves = [
        f"{what.word} after {units.percent(_place_of_half(running[field]))} of the layers"
        for field, what in QUANTITIES.items()
    ]
    return f"Running shares along {analysis.title}. Half is reached: {', '.join(halves)}."


def _place_of_half(shares: Sequence[float]) -> float:
    return (next((place for place, share in enumerate(shares) if share >= 0.5), 0) + 1) / max(len(shares), 1)

"""How the probabilities of classes change with the amount of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from explorer import units
from explorer.charts.figure import Chart, axis, draw
from explorer.palette import KINDS, Theme

_LOOKS = (("conv", "solid", "circle"), ("activation", "dash", "square"), ("norm", "dot", "diamond"))


def probability_curves(
    curves: Mapping[str, Sequence[float]],
    amounts: Sequence[float],
    what: str,
    key: str,
    *,
    now: float | None = None,
    theme: Theme = "light",
) -> Chart:
    """Return up to three curves of probabilities, 0 to 1, over amounts; `what` names them with their unit.

    `now` marks one amount.
    """
    traces = [
        _curve(name, values, amounts, look, theme) for (name, values), look in zip(curves.items(), _LOOKS, strict=False)
    ]
    layout: dict[str, Any] = {
        "height": 340,
        "hovermode": "x unified",
        "xaxis": axis(what, nticks=8),
        "yaxis": axis("Probability (%)", range=[0, 102], nticks=6),
        "shapes": [] if now is None else [_mark(now, theme)],
    }
    table = pd.DataFrame({what: list(amounts)} | {f"{name} (%)": [100 * v for v in curves[name]] for name in curves})
    return Chart(draw(traces, layout, key), _alt(curves, amounts, what), table)


def _curve(
    name: str, values: Sequence[float], amounts: Sequence[float], look: tuple[str, str, str], theme: Theme
) -> dict[str, Any]:
    kind, dash, symbol = look
    colour = KINDS[kind].tone(theme).mark
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(amounts),
        "y": [100 * value for value in values],
        "line": {"color": colour, "width": 3, "dash": dash},
        "marker": {"symbol": symbol, "size": 8, "color": colour},
        "hovertemplate": "%{y:.1f} %",
    }


def _mark(amount: float, theme: Theme) -> dict[str, Any]:
    line = {"color": KINDS["other"].tone(theme).mark, "width": 2, "dash": "dot"}
    return {"type": "line", "x0": amount, "x1": amount, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _alt(curves: Mapping[str, Sequence[float]], amounts: Sequence[float], what: str) -> str:
    said = "; ".join(
        f"{name} from {units.percent(values[0])} to {units.percent(values[-1])}" for name, values in curves.items()
    )
    return f"{what} from {amounts[0]:g} to {amounts[-1]:g}: {said}."

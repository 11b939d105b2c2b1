"""The figures of networks side by side, as multiples of one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from explorer import units
from explorer.charts.figure import FONT, Chart, axis, draw
from explorer.comparison.case import Case
from explorer.comparison.table import ACTIVATIONS, DEPTH, MACS, PARAMETERS, PEAK, Measure
from explorer.palette import KINDS, Theme

_MEASURES = (PARAMETERS, MACS, ACTIVATIONS, PEAK, DEPTH)
_HUES = ("conv", "activation", "norm", "pool", "linear", "other", "join")  # of the palette, the most distinct first
_PATTERNS = ("", "/", ".", "\\", "x", "-", "+", "|")
_BAR = 22  # pixels a bar, so that its text has room


def ratio_bars(cases: Sequence[Case], reference: int, *, logarithmic: bool = False, theme: Theme = "light") -> Chart:
    """Return bars of how many times each figure of one network of choice the others have, grouped by figure.

    On a logarithmic axis bars start at 1, to the left for what is less.
    """
    base = cases[reference]
    measures = [measure for measure in _MEASURES if measure.value(base)]
    ratios = [[_ratio(measure, case, base) for measure in measures] for case in cases]
    traces = [
        _bars(place, case, measures, ratios[place], logarithmic=logarithmic, theme=theme)
        for place, case in enumerate(cases)
    ]
    ends = [ratio for row in ratios for ratio in row if ratio]
    layout = {
        "height": 130 + len(measures) * (_BAR * len(cases) + 14),
        "barmode": "group",
        "bargap": 14 / (_BAR * len(cases) + 14),
        "xaxis": axis(f"Times {base.label}", range=_ratio_range(ends, logarithmic), **_ratio_ticks(ends, logarithmic)),
        "yaxis": axis("", autorange="reversed", showgrid=False),
        "shapes": [_line_at_one(theme)],
    }
    table = pd.DataFrame({"Figure": [measure.title for measure in measures]})
    for case, row in zip(cases, ratios, strict=True):
        table[case.label] = [measure.exact(value) if (value := measure.value(case)) else "" for measure in measures]
        table[f"{case.label}, times"] = row
    return Chart(draw(traces, layout, f"ratios-{base.label}-{logarithmic}"), _bars_alt(cases, base), table)


def _ratio(measure: Measure, case: Case, base: Case) -> float | None:
    value = measure.value(case)
    return None if value is None else value / measure.value(base)


def _bars(
    place: int,
    case: Case,
    measures: Sequence[Measure],
    ratios: Sequence[float | None],
    *,
    logarithmic: bool,
    theme: Theme,
) -> dict[str, Any]:
    values = [measure.value(case) for measure in measures]
    return {
        "type": "bar",
        "orientation": "h",
        "name": case.label,
        "y": [measure.title for measure in measures],
        "x": [None if ratio is None else ratio - 1 if logarithmic else ratio for ratio in ratios],
        "base": 1 if logarithmic else 0,
        "text": [_bar_text(measure, value) for measure, value in zip(measures, values, strict=True)],
        "textposition": "outside",
        "textfont": FONT | {"color": KINDS["other"].tone(theme).text},
        "cliponaxis": False,
        "marker": {"color": colour(place, theme), "pattern": _pattern(place), "line": {"width": 0}},
        "customdata": [
            ""
            if ratio is None
            else f"<b>{case.label}</b><br>{measure.title}: {measure.exact(value)}<br>{ratio:.4g} times"
            for measure, value, ratio in zip(measures, values, ratios, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _bar_text(measure: Measure, value: Any) -> str:
    return "" if value is None else f" {measure.text(value)} "


def colour(place: int, theme: Theme) -> str:
    """Return the colour of the network at this place; the eighth has that of text."""
    if place < len(_HUES):
        return KINDS[_HUES[place]].tone(theme).line
    return KINDS["other"].tone(theme).text


def _pattern(place: int) -> dict[str, Any]:
    return {"shape": _PATTERNS[place], "fillmode": "overlay", "size": 8, "solidity": 0.2, "fgopacity": 0.5}


def _ratio_range(ratios: Sequence[float], logarithmic: bool) -> list[float]:
    """Room for the text behind the bars, and on a logarithmic axis before those that go to the left."""
    if not logarithmic:
        return [0, max(ratios) * 1.3]
    low, high = math.log10(min(ratios)), math.log10(max(ratios))
    room = 0.25 * max(high - low, 0.5)
    return [low - (room if low < 0 else 0.02), high + room]


def _ratio_ticks(ratios: Sequence[float], logarithmic: bool) -> dict[str, Any]:
    """Logarithmic ticks stand at 1, 2 and 5 of each power of ten, at the powers alone where there are many."""
    shared = {"ticksuffix": units.TIMES, "tickformat": ",~r"}
    if not logarithmic:
        return shared | {"nticks": 6}
    return shared | {"type": "log", "dtick": "D2" if max(ratios) < 100 * min(ratios) else 1}


def _line_at_one(theme: Theme) -> dict[str, Any]:
    line = {"color": KINDS["other"].tone(theme).line, "width": 1, "dash": "dot"}
    return {"type": "line", "layer": "below", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _bars_alt(cases: Sequence[Case], base: Case) -> str:
    listed = "; ".join(
        f"{case.label} {units.ratio(case.analysis.params / base.analysis.params)} the parameters and "
        f"{units.ratio(case.analysis.macs / base.analysis.macs)} the MACs"
        for case in cases
        if case is not base
    )
    return f"Bars of five figures of {len(cases)} networks, as multiples of {base.label}'s: {listed}."

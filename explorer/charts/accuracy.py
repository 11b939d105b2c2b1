"""Accuracy against what it costs, with the networks that nothing beats."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from explorer import units
from explorer.charts.figure import FONT, Chart, axis, draw
from explorer.charts.quantities import QUANTITIES, Quantity
from explorer.comparison.accuracy import Metric, Origin
from explorer.comparison.candidates import Rated, front
from explorer.palette import KINDS, Theme

_SYMBOLS: dict[Origin, str] = {"torchvision": "circle", "paper": "diamond"}
_WORDS: dict[Origin, str] = {"torchvision": "torchvision's weights", "paper": "as published"}
_METRICS: dict[Metric, str] = {"top1": "Top-1", "top5": "Top-5"}
_AXES = {
    "params": "Parameters",
    "macs": "MACs (multiply-accumulates) for one picture",
    "activation_bytes": "Activation memory for one picture (MiB)",
}
_SPACE = 4 * "\N{NO-BREAK SPACE}"  # between a name and its point
_CLOSE = (0.2, 0.09)  # shares of the axes within which a second label would cover the first


def accuracy_scatter(
    points: Sequence[Rated], quantity: str, metric: Metric, *, chosen: Collection[str] = (), theme: Theme = "light"
) -> Chart:
    """Return accuracy against parameters, MACs or activation memory, with the Pareto front.

    `chosen` networks are named and ringed. The custom data of each point starts with the name of its network.
    """
    what = QUANTITIES[quantity]
    best = front(points, what.of)
    labels = _labels(points, best, chosen, what)
    traces = [
        _front_line(best, what, theme),
        *(_points(origin, points, what, metric, theme, best=best) for origin in _SYMBOLS),
        _rings([point for point in points if point.candidate.name in chosen], what, theme),
        _names(labels, what, theme),
    ]
    layout = {
        "height": 560,
        "hovermode": "closest",
        "clickmode": "event+select",
        "dragmode": "pan",
        "xaxis": axis(_AXES[quantity], type="log", tickformat=what.tick_format, nticks=8, range=_range(points, what)),
        "yaxis": axis(f"{_METRICS[metric]} accuracy (%)", nticks=8),
    }
    figure = draw([trace for trace in traces if trace["x"]], layout, f"accuracy-{quantity}-{metric}")
    return Chart(figure, _alt(points, best, what, metric), _table(points, best, what, metric))


def accuracy(point: Rated) -> float:
    """Return the accuracy in percent."""
    return 100 - point.error.percent


def _at(point: Rated, what: Quantity) -> float:
    return what.of(point.candidate) / what.scale


def _range(points: Sequence[Rated], what: Quantity) -> list[float]:
    """Powers of ten, with room for names on the left."""
    ends = [math.log10(_at(point, what)) for point in points]
    span = max(max(ends) - min(ends), 0.5)
    return [min(ends) - 0.22 * span, max(ends) + 0.05 * span]


def _front_line(best: Sequence[Rated], what: Quantity, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Pareto front",
        "x": [_at(point, what) for point in best],
        "y": [accuracy(point) for point in best],
        "line": {"color": KINDS["activation"].tone(theme).mark, "width": 2, "shape": "hv"},
        "hoverinfo": "skip",
    }


def _points(
    origin: Origin,
    points: Sequence[Rated],
    what: Quantity,
    metric: Metric,
    theme: Theme,
    *,
    best: Sequence[Rated],
) -> dict[str, Any]:
    """The networks whose error comes from one kind of place; those of the front are filled, the others hollow."""
    shown = [point for point in points if point.error.origin == origin]
    tone = KINDS["conv"].tone(theme)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{_WORDS[origin]}",
        "x": [_at(point, what) for point in shown],
        "y": [accuracy(point) for point in shown],
        "customdata": [[point.candidate.name, _hover(point, what, metric)] for point in shown],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "marker": {
            "symbol": _SYMBOLS[origin],
            "size": 12,
            "color": [KINDS["activation"].tone(theme).mark if point in best else tone.fill for point in shown],
            "line": {"width": 1.5, "color": tone.line},
        },
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }


def _hover(point: Rated, what: Quantity, metric: Metric) -> str:
    one = point.candidate
    return (
        f"<b>{one.title}</b> ({one.year})<br>{_METRICS[metric]} accuracy {accuracy(point):.1f} %<br>"
        f"{what.exact(what.of(one))} on {units.shape((one.side, one.side))}<br>"
        f"{point.error.how}<br>{point.error.source}<br><i>Click to open it</i>"
    )


def _rings(points: Sequence[Rated], what: Quantity, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "compared here",
        "x": [_at(point, what) for point in points],
        "y": [accuracy(point) for point in points],
        "marker": {
            "symbol": "circle-open",
            "size": 22,
            "color": KINDS["norm"].tone(theme).line,
            "line": {"width": 3},
        },
        "hoverinfo": "skip",
    }


def _names(points: Sequence[Rated], what: Quantity, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [_at(point, what) for point in points],
        "y": [accuracy(point) for point in points],
        "text": [point.candidate.title + _SPACE for point in points],
        "textposition": "top left",
        "textfont": FONT | {"color": KINDS["other"].tone(theme).text},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _labels(points: Sequence[Rated], best: Sequence[Rated], chosen: Collection[str], what: Quantity) -> list[Rated]:
    """The chosen networks, and those of the front whose names would not cover another."""
    named = [point for point in points if point.candidate.name in chosen]
    costs = [math.log(what.of(point.candidate)) for point in points]
    errors = [point.error.percent for point in points]
    wide, high = max(costs, default=0) - min(costs, default=0), max(errors, default=0) - min(errors, default=0)
    for point in best:
        near = any(
            abs(math.log(what.of(point.candidate) / what.of(other.candidate))) <= _CLOSE[0] * wide
            and abs(point.error.percent - other.error.percent) <= _CLOSE[1] * high
            for other in named
        )
        if not near:
            named.append(point)
    return named


def _alt(points: Sequence[Rated], best: Sequence[Rated], what: Quantity, metric: Metric) -> str:
    listed = ", ".join(
        f"{point.candidate.title} ({what.text(what.of(point.candidate))}, {accuracy(point):.1f} %)" for point in best
    )
    return (
        f"{_METRICS[metric]} accuracy of {len(points)} networks against {what.word}, on a logarithmic axis. "
        f"None is both cheaper and better than {listed}."
    )


def _table(points: Sequence[Rated], best: Sequence[Rated], what: Quantity, metric: Metric) -> pd.DataFrame:
    ordered = sorted(points, key=lambda point: what.of(point.candidate))
    return pd.DataFrame(
        {
            "Network": [point.candidate.title for point in ordered],
            "Year": [point.candidate.year for point in ordered],
            what.column: [what.of(point.candidate) for point in ordered],
            f"{_METRICS[metric]} error (%)": [point.error.percent for point in ordered],
            "On the front": [point in best for point in ordered],
            "Measured": [point.error.how for point in ordered],
            "Source": [point.error.source for point in ordered],
        }
    )

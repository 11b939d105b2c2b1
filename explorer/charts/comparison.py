"""Networks side by side: where their parameters and MACs live, and how they add up along the depth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import pandas as pd

from explorer import units
from explorer.analysis.rows import Analysis, LayerRow
from explorer.charts.figure import FONT, Chart, axis, draw, marker
from explorer.charts.quantities import QUANTITIES, Quantity
from explorer.charts.ratios import colour
from explorer.comparison.case import Case
from explorer.palette import KINDS, Theme

_HOMES = ("conv", "linear", "norm", "other")  # where parameters and MACs live; all else counts as other
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
_ROOM_FOR_TEXT = 0.15  # the least share of a bar that its figure fits in


def homes(cases: Sequence[Case], quantity: str, *, theme: Theme = "light") -> Chart:
    """Return which share of parameters or MACs lives in convolutions, linear layers, norms and the rest."""
    what = QUANTITIES[quantity]
    counts = [_counts(case.analysis, what) for case in cases]
    kinds = [kind for kind in _HOMES if any(kind in one for one in counts)]
    layout = {
        "height": 130 + 44 * max(len(cases), 2),
        "barmode": "stack",
        "bargap": 0.3,
        "xaxis": axis(f"Share of {what.word} (%)", range=[0, 100], dtick=25),
        "yaxis": axis("", autorange="reversed", showgrid=False)
        | {"tickvals": list(range(len(cases))), "ticktext": [_wrapped(case.label) for case in cases]},
    }
    table = pd.DataFrame(
        {"Network": [case.label for case in cases]}
        | {KINDS[kind].word: [_share(one.get(kind, 0), one) for one in counts] for kind in kinds}
    )
    traces = [_stack(kind, cases, counts, what, theme) for kind in kinds]
    return Chart(draw(traces, layout, f"homes-{quantity}"), _homes_alt(cases, counts, what), table)


def _wrapped(label: str) -> str:
    """A label on two lines where it says what is changed, so that bars keep their room."""
    return label.replace(" (", "<br>(", 1)


def _counts(analysis: Analysis, what: Quantity) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in analysis.rows:
        kind = row.group if row.group in _HOMES else "other"
        if value := what.of(row):
            found[kind] = found.get(kind, 0) + value
    return found


def _share(value: int, counts: Mapping[str, int]) -> float:
    return value / max(sum(counts.values()), 1)


def _stack(
    kind: str, cases: Sequence[Case], counts: Sequence[Mapping[str, int]], what: Quantity, theme: Theme
) -> dict[str, Any]:
    tone, word = KINDS[kind].tone(theme), KINDS[kind].word
    values = [one.get(kind, 0) for one in counts]
    shares = [_share(value, one) for value, one in zip(values, counts, strict=True)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": word,
        "x": [100 * share for share in shares],
        "y": list(range(len(cases))),
        "text": [units.percent(share) if share >= _ROOM_FOR_TEXT else "" for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": FONT | {"color": tone.text},
        "marker": marker(kind, theme) | {"color": tone.fill, "line": {"width": 1.5, "color": tone.line}},
        "customdata": [
            f"<b>{case.label}</b><br>{word}: {what.exact(value)}<br>{units.percent(share)} of all"
            for case, value, share in zip(cases, values, shares, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _homes_alt(cases: Sequence[Case], counts: Sequence[Mapping[str, int]], what: Quantity) -> str:
    listed = "; ".join(f"{case.label}: {_in_words(one)}" for case, one in zip(cases, counts, strict=True))
    return f"Where the {what.word} live. {listed}."


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{KINDS[kind].word} {units.percent(_share(count, counts))}" for kind, count in counts.items())


def running_shares(cases: Sequence[Case], quantity: str, *, theme: Theme = "light") -> Chart:
    """Return how parameters or MACs add up along the depth of each network, both in percent."""
    what = QUANTITIES[quantity]
    rows = [[row for row in case.analysis.rows if _has_work(row)] for case in cases]
    running = [_running(one, what) for one in rows]
    traces = [_curve(place, case, rows[place], running[place], what, theme) for place, case in enumerate(cases)]
    layout = {
        "height": 420,
        "hovermode": "closest",
        "xaxis": axis("Relative depth (% of the layers with weights)", range=[0, 101], dtick=25),
        "yaxis": axis(f"Share of {what.word} so far (%)", range=[0, 103], dtick=25),
    }
    table = pd.concat([_curve_table(case, one, shares) for case, one, shares in zip(cases, rows, running, strict=True)])
    return Chart(draw(traces, layout, f"running-{quantity}"), _running_alt(cases, running, what), table)


def _has_work(row: LayerRow) -> bool:
    return bool(row.params or row.macs) and not row.runs_in_training_only


def _running(rows: Iterable[LayerRow], what: Quantity) -> list[float]:
    sums = list(accumulate(map(what.of, rows)))
    return [one / max(sums[-1], 1) for one in sums]


def _curve(
    place: int, case: Case, rows: Sequence[LayerRow], shares: Sequence[float], what: Quantity, theme: Theme
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": case.label,
        "x": [100 * step / len(rows) for step in range(len(rows) + 1)],
        "y": [0, *(100 * share for share in shares)],
        "line": {"color": colour(place, theme), "dash": _DASHES[place], "width": 3, "shape": "hv"},
        "customdata": [
            f"<b>{case.label}</b><br>before the first layer",
            *(
                f"<b>{case.label}</b><br>up to {row.path}<br>{units.percent(share)} of the {what.word}"
                for row, share in zip(rows, shares, strict=True)
            ),
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _curve_table(case: Case, rows: Sequence[LayerRow], shares: Sequence[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Network": case.label,
            "Layer": [row.path for row in rows],
            "Relative depth": [(step + 1) / len(rows) for step in range(len(rows))],
            "Running share": shares,
        }
    )


def _running_alt(cases: Sequence[Case], running: Sequence[Sequence[float]], what: Quantity) -> str:
    halves = ", ".join(
        f"{case.label} after {units.percent((sum(share < 0.5 for share in shares) + 1) / len(shares))}"
        for case, shares in zip(cases, running, strict=True)
    )
    return f"Running shares of {what.word} along the depth. Half is reached: {halves} of the layers."

"""Parameters, MACs or activation memory along the network, as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from explorer import units
from explorer.analysis.grouping import Group
from explorer.analysis.rows import GROUPS, Analysis
from explorer.charts.figure import FONT, MOST_LABELS, Chart, axis, draw, group_name, marker, ticks
from explorer.charts.quantities import QUANTITIES, Quantity
from explorer.palette import KINDS, Theme

_MOST_BARS_ACROSS = 26  # with more, bars stand upright and every few have a label


def by_group(
    analysis: Analysis, groups: Sequence[Group], quantity: str, *, logarithmic: bool = False, theme: Theme = "light"
) -> Chart:
    """Return bars of one of QUANTITIES for groups of layers, first on top, split by kind of layer.

    Long networks get upright bars. On a logarithmic axis, where parts of a bar cannot be compared, each bar has the
    colour of its largest part.
    """
    what = QUANTITIES[quantity]
    groups = _shown(groups, what)
    parts = [_parts(analysis, group, what) for group in groups]
    if logarithmic:
        parts = [{max(part, key=lambda kind: part[kind]): sum(part.values())} if part else {} for part in parts]
    across = len(groups) <= _MOST_BARS_ACROSS
    hover = [_group_hover(group, what, what.of(analysis)) for group in groups]
    traces = [_bars(kind, parts, hover, what, theme, across=across) for kind in GROUPS if any(kind in p for p in parts)]
    if across:
        traces.append(_totals(groups, what))
    layout = _group_layout(groups, what, logarithmic=logarithmic, across=across)
    figure = draw(traces, layout, f"{analysis.name}-{quantity}-{logarithmic}")
    return Chart(figure, _group_alt(analysis, groups, what), _group_table(analysis, groups, what))


def _shown(groups: Sequence[Group], what: Quantity) -> list[Group]:
    """Groups that have anything at all, so that the bars of all quantities are the same; of many, those with this."""
    counted = [group for group in groups if any(each.of(group) for each in QUANTITIES.values())]
    return counted if len(counted) <= _MOST_BARS_ACROSS else [group for group in counted if what.of(group)]


def _parts(analysis: Analysis, group: Group, what: Quantity) -> dict[str, int]:
    found: dict[str, int] = {}
    for path in group.rows:
        row = analysis.by_path[path]
        if value := what.of(row):
            found[row.group] = found.get(row.group, 0) + value
    return found


def _bars(
    kind: str, parts: Sequence[dict[str, int]], hover: Sequence[str], what: Quantity, theme: Theme, *, across: bool
) -> dict[str, Any]:
    places = [place for place, part in enumerate(parts) if kind in part]
    values = [parts[place][kind] / what.scale for place in places]
    return {
        "type": "bar",
        "name": KINDS[kind].word,
        "orientation": "h" if across else "v",
        "x": values if across else places,
        "y": places if across else values,
        "marker": marker(kind, theme),
        "customdata": [hover[place] for place in places],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _totals(groups: Sequence[Group], what: Quantity) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [what.of(group) / what.scale for group in groups if what.of(group)],
        "y": [place for place, group in enumerate(groups) if what.of(group)],
        "text": [f" {what.text(what.of(group))}" for group in groups if what.of(group)],
        "textposition": "middle right",
        "textfont": FONT,
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _group_hover(group: Group, what: Quantity, total: int) -> str:
    value = what.of(group)
    share = units.percent(value / max(total, 1))
    return f"<b>{group_name(group)}</b><br>{group.title}<br>{what.exact(value)}<br>{share} of all"


def _group_layout(groups: Sequence[Group], what: Quantity, *, logarithmic: bool, across: bool) -> dict[str, Any]:
    values = [what.of(group) / what.scale for group in groups]
    value_axis = axis(what.axis, tickformat=what.tick_format, range=_value_range(values, across, logarithmic))
    value_axis |= {"type": "log", "dtick": 1} if logarithmic else {"nticks": 5}
    names = axis(
        "",
        **ticks([group_name(group) for group in groups], _MOST_BARS_ACROSS if across else MOST_LABELS),
        showgrid=False,
    )
    names["range"] = [len(groups) - 0.5, -0.5] if across else [-0.5, len(groups) - 0.5]
    height = 150 + 26 * max(len(groups), 6) if across else 520
    axes = (value_axis, names) if across else (names | {"tickangle": -90}, value_axis)
    return {"barmode": "stack", "bargap": 0.25, "height": height, "xaxis": axes[0], "yaxis": axes[1]}


def _value_range(values: Sequence[float], across: bool, logarithmic: bool) -> list[float]:
    """Room for the text behind the longest bar; a logarithmic axis starts at the power of ten below the shortest."""
    present = [value for value in values if value] or [1.0]
    room = 1.35 if across else 1.05
    if not logarithmic:
        return [0, max(present) * room]
    low, high = math.floor(math.log10(min(present))), math.log10(max(present))
    return [low, low + (max(high - low, 1)) * room]


def _group_alt(analysis: Analysis, groups: Sequence[Group], what: Quantity) -> str:
    total = what.of(analysis)
    largest = sorted(groups, key=what.of, reverse=True)[:3]
    listed = ", ".join(
        f"{group_name(group)} {what.text(what.of(group))} ({units.percent(what.of(group) / max(total, 1))})"
        for group in largest
    )
    return (
        f"{what.heading} of {analysis.title}, "
        f"{what.text(total)} in {len(groups)} bars from first to last. The largest: {listed}."
    )


def _group_table(analysis: Analysis, groups: Sequence[Group], what: Quantity) -> pd.DataFrame:
    values = [what.of(group) for group in groups]
    return pd.DataFrame(
        {
            "Layer": [group_name(group) for group in groups],
            "What": [group.title for group in groups],
            what.column: values,
            "Share": [value / max(what.of(analysis), 1) for value in values],
        }
    )

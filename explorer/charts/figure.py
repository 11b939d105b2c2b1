"""What all charts share: the record of one, its axes, its fonts and how kinds of layer are marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from explorer import units
from explorer.analysis.grouping import Group
from explorer.palette import KINDS, Theme

FONT_SIZE = 14  # pixels; the least that a projector's last row can read
FONT = {"size": FONT_SIZE}
CLEAR = "rgba(0,0,0,0)"
MOST_LABELS = 12  # along the bottom, so that they stay apart on a phone
_LABEL_LENGTH = 18
_PATTERNS = {"conv": "", "linear": "/", "norm": ".", "activation": "\\", "pool": "-", "join": "x", "other": "+"}


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure, what one sees in it with its main numbers, and its data."""

    figure: go.Figure
    alt: str
    table: pd.DataFrame


def axis(title: str, **more: Any) -> dict[str, Any]:
    """Return an axis with readable text; its title carries the unit."""
    heading = {"title": {"text": title, "font": FONT, "standoff": 10}} if title else {}
    return {"tickfont": FONT, "automargin": True, "ticklabeloverflow": "allow", "zeroline": False, **heading, **more}


def draw(traces: Sequence[dict[str, Any]], layout: dict[str, Any], key: str) -> go.Figure:
    """Return the figure; `key` says what it shows, and zoom is kept as long as it stays the same.

    The tests let plotly validate all traces and layouts. Doing that here would take most of the time.
    """
    shared = {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": FONT,
        "hoverlabel": {"font": FONT, "align": "left"},
        "legend": {
            "orientation": "h",
            "traceorder": "normal",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "xanchor": "left",
            "font": FONT,
        },
        "margin": {"l": 8, "r": 16, "t": 48, "b": 8},
        "uirevision": key,
    }
    return go.Figure({"data": list(traces), "layout": shared | layout}, _validate=False)


def marker(kind: str, theme: Theme) -> dict[str, Any]:
    """Return how the bars of one group of layers look: a colour and a pattern of their own."""
    return {"color": KINDS[kind].tone(theme).mark, "pattern": pattern(kind), "line": {"width": 0}}


def pattern(kind: str) -> dict[str, Any]:
    """Return the pattern of one group of layers, drawn lightly over its colour."""
    return {"shape": _PATTERNS[kind], "fillmode": "overlay", "size": 8, "solidity": 0.2, "fgopacity": 0.4}


def group_name(group: Group) -> str:
    """Return what a group is called: a stage by the size of its maps, all else by its path."""
    name = group.title if group.kind == "stage" else group.path
    return f"{name} {units.TIMES}{group.repeat}" if group.repeat > 1 and group.kind != "stage" else name


def ticks(paths: Sequence[str], most: int) -> dict[str, Any]:
    """Return the ticks of an axis whose places are paths, at most so many of them."""
    places = list(range(0, len(paths), max(1, math.ceil(len(paths) / most))))
    return {"tickmode": "array", "tickvals": places, "ticktext": [_shortened(paths[place]) for place in places]}


def _shortened(path: str) -> str:
    return path if len(path) <= _LABEL_LENGTH else f"\N{HORIZONTAL ELLIPSIS}{path[-_LABEL_LENGTH + 1 :]}"

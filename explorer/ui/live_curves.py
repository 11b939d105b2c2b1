"""Curves of runs that are under way: the browser asks for what is new and appends it, without a rerun of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import plotly
import streamlit as st

from explorer.palette import KINDS, Theme

LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
LIBRARY_ADDRESS = f"api/plotly-{plotly.__version__}.min.js"  # the version in it lets browsers keep it for good
PANEL_HEIGHT = 320  # pixels
_KINDS = ("conv", "activation", "norm", "pool", "linear", "other", "join")  # whose colours runs take, in this order
_SCRIPTS = ("live_run.js", "live_panel.js", "live_curves.js")  # one module
_CSS = """
.curves { display: grid; gap: 0.5rem 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }
.curves .panel { min-width: 0; }
.curves .panel:empty { border-radius: 0.4rem; background: var(--st-secondary-background-color); opacity: 0.6; }
.statuses { display: grid; gap: 0.15rem; padding-bottom: 0.4rem; font-variant-numeric: tabular-nums; }
.statuses i { font-style: normal; display: inline-block; width: 1.4em; }
.statuses b { font-weight: 600; margin-right: 0.6em; }
.statuses span { opacity: 0.8; }
.statuses small { display: block; min-height: 1.5em; font-size: 0.875rem; opacity: 0.8; }
.statuses > div:not(:only-child) small { display: none; }
"""
_component = st.components.v2.component(
    "live_curves",
    html='<div class="statuses" role="status"></div><div class="curves"></div>\n',
    css=_CSS,
    js="\n".join(Path(__file__).with_name(name).read_text() for name in _SCRIPTS),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Series:
    """One curve of a panel: a field of a run's events."""

    field: str
    name: str
    dash: str = "solid"  # or "dashed": measured now and then
    markers: bool = False  # a mark at each point
    smooth: bool = True  # whether smoothing applies
    scale: float = 1.0  # from the event's unit to the axis's
    colour: int = 0  # its place in `run_colours`, where there is one run; several runs have a colour each


@dataclass(frozen=True)
class Panel:
    """One chart: its curves share an axis."""

    title: str
    axis: str
    unit: str
    format: str  # d3's, for hover
    series: tuple[Series, ...]
    alt: str
    can_be_log: bool = True
    from_zero: bool = True


@dataclass(frozen=True)
class LiveRun:
    """A run whose curves are shown."""

    id: str
    name: str
    state: str  # as the page has drawn it; when it changes, the page is run again
    is_under_way: bool
    budget_seconds: float | None  # None: its budget is in steps or epochs


def live_curves(
    runs: Sequence[LiveRun],
    panels: Sequence[Panel],
    *,
    key: str,
    theme: Theme,
    x: str = "step",
    smoothing: float = 0.0,
    logarithmic: bool = False,
) -> None:
    """Draw a line for each run that says how it stands, and a panel for each kind of figure with the curves of all.

    Below the line of a single run stands its plan; those of several are shown when one points at their lines.

    It stops asking when all runs have ended. The page is run again when one changes its state, and only then: lines and
    curves are kept up to date by the browser, so that thirty viewers cost the server next to nothing.

    `x` is "step" or "seconds"; `smoothing` is the share that an exponential mean keeps, 0 to below 1. Zoom and hover
    stay as they are while curves grow and when smoothing or the axis changes.
    """
    colours = run_colours(theme)
    _component(
        key=key,
        height="content",
        on_states_change=lambda: None,
        data={
            "runs": [asdict(run) | {"colour": colours[at % len(colours)]} for at, run in enumerate(runs)],
            "panels": [_coloured(panel, colours) for panel in panels],
            "look": {"x": x, "smoothing": smoothing, "logarithmic": logarithmic},
            "panel_height": PANEL_HEIGHT,
            "library": LIBRARY_ADDRESS,
            "theme": theme,
        },
    )


def run_colours(theme: Theme) -> tuple[str, ...]:
    """Return the colours of runs: those of the palette that stand out as lines on the page, and that of its text."""
    tones = [KINDS[kind].tone(theme) for kind in _KINDS]
    return (*(tone.line for tone in tones), tones[0].text)


def _coloured(panel: Panel, colours: Sequence[str]) -> dict[str, Any]:
    series = [asdict(one) | {"colour": colours[one.colour]} for one in panel.series]
    return asdict(panel) | {"series": series}

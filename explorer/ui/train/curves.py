"""The live curves of the runs that are shown, how they are drawn, and what can be done with a run."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from explorer.training.jobs import Jobs
from explorer.training.records import Record
from explorer.ui.address import choose
from explorer.ui.chart import theme
from explorer.ui.live_curves import LiveRun, live_curves
from explorer.ui.train import actions, downloads, experiments, runs, welcome
from explorer.ui.train.panels import PANELS


def show(jobs: Jobs, shown: Sequence[Record], known: Sequence[Record]) -> None:
    """Draw what can be done with a run, the controls of the curves, and the curves; without a run, what to try.

    The place of the curves is there without a run too: the browser then fetches what draws them ahead of the first.
    """
    if shown:
        x, smoothing, logarithmic = _controls(jobs, shown)
        experiments.explain(shown)
    else:
        x, smoothing, logarithmic = "step", 0.0, False
        welcome.show(jobs, known)
    names = runs.names(shown)
    live_curves(
        [LiveRun(run.id, names[run.id], run.state, run.is_under_way, _budget_seconds(run)) for run in shown],
        PANELS if shown else (),
        key="live",
        theme=theme(),
        x=x,
        smoothing=smoothing,
        logarithmic=logarithmic,
    )


def _budget_seconds(run: Record) -> float | None:
    seconds: float | None = json.loads(run.spec_json)["seconds"]
    return seconds


def _controls(jobs: Jobs, shown: Sequence[Record]) -> tuple[str, float, bool]:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="run-actions"):
        run = runs.choose_one(shown, "t_one")
        actions.show(jobs, run)
        with st.popover("Download", icon=":material/download:", key=f"download-{run.id}"):
            downloads.show(jobs, run)
            _table(jobs, run)
        st.space("stretch")
        return _pick_look()


def _pick_look() -> tuple[str, float, bool]:
    x = choose(
        st.segmented_control,
        "Along",
        {"step": "Steps", "seconds": "Seconds"},
        key="t_x",
        default="step",
        required=True,
        label_visibility="collapsed",
    )
    logarithmic = st.toggle(
        "Log axis", key="t_log", bind="query-params", help="Logarithmic, for losses, gradient norms and learning rate."
    )
    smoothing = st.slider(
        "Smoothing",
        0.0,
        0.98,
        0.0,
        0.02,
        key="t_smoothing",
        bind="query-params",
        help="The share of the past that a running mean of the training curve keeps; validation stays as it is.",
        width=130,
    )
    return x, smoothing, logarithmic


def _table(jobs: Jobs, run: Record) -> None:
    """Draw the curve as a table, where it is asked for."""
    if st.toggle("As a table", key=f"table-{run.id}"):
        rows = [event.to_dict() for event in jobs.events(run.id)]
        st.dataframe(pd.DataFrame(rows, columns=list(downloads.COLUMNS)), hide_index=True, height=300)

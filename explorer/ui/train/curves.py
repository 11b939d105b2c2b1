"""The live curves of the runs that are shown, how they are drawn, and what can be done with a run."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from explorer.training.jobs import Jobs
from explorer.training.records import Record
from explorer.ui.address import choose
from explorer.ui.chart import theme
from explorer.ui.live_curves import LiveRun, live_curves
from explorer.ui.train import downloads, runs
from explorer.ui.train.panels import PANELS


def show(jobs: Jobs, shown: Sequence[Record]) -> None:
    """Draw what can be done with a run, the controls of the curves, and the curves.

    The place of the curves is there without a run too: the browser then fetches what draws them ahead of the first.
    """
    run = runs.choose_one(shown, "t_one")
    if run is not None:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="run-actions"):
            runs.actions(jobs, run)
            with st.popover("Download", icon=":material/download:", key=f"download-{run.id}"):
                downloads.show(jobs, run)
                _table(jobs, run)
            runs.ask_teacher_key()
            st.space("stretch")
            x, smoothing, logarithmic = _pick_look()
    else:
        x, smoothing, logarithmic = "step", 0.0, False
    live_curves(
        [LiveRun(run.id, run.name, run.state, run.is_under_way) for run in shown],
        PANELS if shown else (),
        key="live",
        theme=theme(),
        x=x,
        smoothing=smoothing,
        logarithmic=logarithmic,
    )


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
    logarithmic = st.toggle("Logarithmic", key="t_log", bind="query-params", help="For losses and gradient norms.")
    smoothing = st.slider(
        "Smoothing",
        0.0,
        0.98,
        0.0,
        0.02,
        key="t_smoothing",
        bind="query-params",
        help="The share of the past that a running mean of the training curve keeps; validation stays as it is.",
        width=220,
    )
    return x, smoothing, logarithmic


def _table(jobs: Jobs, run: Record) -> None:
    """Draw the curve as a table, where it is asked for."""
    if st.toggle("As a table", key=f"table-{run.id}"):
        rows = [event.to_dict() for event in jobs.events(run.id)]
        st.dataframe(pd.DataFrame(rows, columns=list(downloads.COLUMNS)), hide_index=True, height=300)

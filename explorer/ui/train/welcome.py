"""What the Train page shows before a run is chosen: what to try, and what others train."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.lessons.experiments import EXPERIMENTS
from explorer.training.jobs import Jobs
from explorer.training.records import Record
from explorer.ui.markdown import plain
from explorer.ui.train import experiments, runs

_MOST_WATCHED = 4


def show(jobs: Jobs, known: Sequence[Record]) -> None:
    """Draw the invitation."""
    st.markdown(
        "#### Watch a network learn\n\n"
        "Press **Train**: loss and accuracy, on training and on validation pictures, grow here while it learns. "
        "Or start a classic experiment: runs that differ in one thing only, on one chart."
    )
    _watch(known)
    is_full = experiments.is_full(known)
    with st.grid(columns="auto", min_column_width=270, gap="small", key="invitation"):
        for experiment in EXPERIMENTS:
            with st.container(border=True, height="stretch", gap="small", key=f"invite-{experiment.name}"):
                st.markdown(f"**{experiment.title}**\n\n{experiment.question}")
                st.space("stretch")
                experiments.button(jobs, experiment, is_full)


def _watch(known: Sequence[Record]) -> None:
    under_way = [run for run in known if run.is_under_way][:_MOST_WATCHED]
    if not under_way:
        return
    with st.container(horizontal=True, gap="small", key="watch"):
        for run in under_way:
            st.button(
                plain(run.name),
                icon=":material/visibility:",
                key=f"watch-{run.id}",
                help="It is under way: watch its curve.",
                on_click=runs.open_runs,
                args=([run.id],),
            )

"""The classic experiments: a card each, with a button that starts its runs and shows them together."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import streamlit as st

from explorer.lessons.experiments import EXPERIMENTS, Experiment
from explorer.training.jobs import Jobs
from explorer.training.records import JobError, Record
from explorer.ui.address import choose
from explorer.ui.train import runs
from explorer.ui.visitor import current_visitor


def show(jobs: Jobs, known: Sequence[Record]) -> None:
    """Draw the cards. The budget is the full one where runs train on a GPU."""
    budget = choose(
        st.segmented_control,
        "Budget",
        {"short": "Short, for a CPU", "full": "Full, for a GPU"},
        key="t_budget",
        default="full" if _has_gpu(known) else "short",
        required=True,
        help="Short takes about two minutes for all runs of an experiment on two CPU cores.",
    )
    with st.grid(columns="auto", min_column_width=360, gap="small", key="experiments"):
        for experiment in EXPERIMENTS:
            with st.container(border=True, height="stretch"):
                _card(jobs, experiment, budget == "full")


def _card(jobs: Jobs, experiment: Experiment, is_full: bool) -> None:
    st.markdown(f"#### {experiment.title}\n\n{experiment.question}")
    st.markdown(f"**What to look for.** {experiment.look_for}")
    st.caption(f"Source: {experiment.source}")
    st.button(
        f"Start {len(experiment.runs)} runs",
        icon=":material/science:",
        key=f"start-{experiment.name}",
        help=f"{', '.join(experiment.runs)}: with the same seed and the same order of pictures.",
        on_click=_start,
        args=(jobs, experiment, is_full),
    )


def _start(jobs: Jobs, experiment: Experiment, is_full: bool) -> None:
    runs.attempt(lambda: runs.open_runs(start(jobs, experiment, is_full)))


def start(jobs: Jobs, experiment: Experiment, is_full: bool) -> list[str]:
    """Queue all runs of an experiment, or none where one cannot be; return their ids."""
    visitor, ids = current_visitor(), []
    try:
        for name, spec in experiment.specs(is_full).items():
            ids.append(jobs.submit(spec, visitor, f"{experiment.title}: {name}").id)
    except (JobError, ValueError):
        for run_id in ids:
            jobs.delete(run_id, visitor)
        raise
    return ids


def _has_gpu(known: Sequence[Record]) -> bool:
    """Return whether runs train on a GPU: the latest one did, or, without one, this machine has one."""
    plans = [run.plan for run in sorted(known, key=lambda run: -run.created_at) if run.plan]
    return plans[0].device.startswith(("cuda", "mps")) if plans else shutil.which("nvidia-smi") is not None

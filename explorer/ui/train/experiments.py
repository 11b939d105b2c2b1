"""The classic experiments: a card each, with a button that starts its runs and shows them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from explorer import data, settings, units
from explorer.lessons.experiments import EXPERIMENTS, Experiment
from explorer.training.estimate import device_type
from explorer.training.jobs import Jobs
from explorer.training.records import JobError, Record, Visitor
from explorer.ui.address import choose
from explorer.ui.train import actions, filling, runs
from explorer.ui.visitor import current_visitor

_BUDGETS = {"short": "Short, for a CPU", "full": "Full, for a GPU"}
_BUDGET = "t_budget"  # in the address


def show(jobs: Jobs, known: Sequence[Record]) -> None:
    """Draw the cards. The budget is the full one where runs train on a GPU."""
    budget = choose(
        st.segmented_control,
        "Budget",
        _BUDGETS,
        key=_BUDGET,
        default="full" if _has_gpu(known) else "short",
        required=True,
        help="Short takes about two minutes for all runs of an experiment on two CPU cores.",
    )
    with st.grid(columns="auto", min_column_width=360, gap="small", key="experiments"):
        for experiment in EXPERIMENTS:
            with st.container(border=True, height="stretch", key=f"card-{experiment.name}"):
                _card(jobs, experiment, budget == "full")


def is_full(known: Sequence[Record]) -> bool:
    """Return whether experiments get the full budget: as chosen, or else where runs train on a GPU."""
    chosen = st.session_state.get(_BUDGET)
    return chosen == "full" if chosen in _BUDGETS else _has_gpu(known)


def button(jobs: Jobs, experiment: Experiment, is_full: bool) -> None:
    """Draw the button that starts the runs; where their pictures are not here, one that leads to them."""
    dataset = data.get(_fields(experiment, is_full)["dataset"])
    if not dataset.is_available() and not settings.scheduler_address():
        st.button(
            f"Get {dataset.title} first",
            icon=":material/cloud_download:",
            key=f"get-{experiment.name}",
            help="Its pictures are not on this machine yet.",
            on_click=_lead_to,
            args=(dataset.name,),
        )
        return
    st.button(
        f"Start {len(experiment.runs)} runs",
        icon=":material/science:",
        key=f"start-{experiment.name}",
        help=f"{', '.join(experiment.runs)}: with the same seed and the same order of pictures.",
        on_click=_start,
        args=(jobs, experiment, is_full),
    )


def explain(shown: Sequence[Record]) -> None:
    """Say what to look for, where all runs that are shown belong to one experiment."""
    for experiment in EXPERIMENTS:
        if all(run.name.startswith(_title(experiment, "")) for run in shown):
            with st.container(border=True, key="look-for"):
                st.markdown(f"**{experiment.question}** {experiment.look_for} :small[:gray[{experiment.source}]]")


def start(jobs: Jobs, experiment: Experiment, is_full: bool) -> list[str]:
    """Queue all runs of an experiment, or none where one cannot be; return their ids."""
    visitor, ids = current_visitor(), []
    _check_room(jobs, visitor, len(experiment.runs))
    try:
        for name, spec in experiment.specs(is_full).items():
            ids.append(jobs.submit(spec, visitor, _title(experiment, name)).id)
    except (JobError, ValueError):
        for run_id in ids:
            jobs.delete(run_id, visitor)
        raise
    return ids


def _check_room(jobs: Jobs, visitor: Visitor, count: int) -> None:
    """Raise JobError where so many more runs are too many for one person."""
    most = jobs.limits.runs_per_person
    theirs = sum(run.owner == visitor.owner for run in jobs.under_way())
    if theirs + count > most and not visitor.is_teacher:
        raise JobError(
            f"This experiment takes {count} runs, and one person may have {most} waiting or under way; "
            f"you have {theirs or 'none'} at the moment."
        )


def _card(jobs: Jobs, experiment: Experiment, is_full: bool) -> None:
    st.markdown(f"#### {experiment.title}\n\n{experiment.question}")
    st.markdown(f"**What to look for.** {experiment.look_for}")
    st.caption(f"{_extent(experiment, is_full)}. Source: {experiment.source}")
    st.space("stretch")
    button(jobs, experiment, is_full)


def _start(jobs: Jobs, experiment: Experiment, is_full: bool) -> None:
    actions.attempt(lambda: runs.open_runs(start(jobs, experiment, is_full)))


def _lead_to(dataset: str) -> None:
    filling.use_now(dataset)
    st.session_state[runs.VIEW] = "Pictures"


def _title(experiment: Experiment, run: str) -> str:
    return f"{experiment.title}: {run}"


def _fields(experiment: Experiment, is_full: bool) -> dict[str, Any]:
    return {**experiment.common, **(experiment.full if is_full else experiment.short)}


def _extent(experiment: Experiment, is_full: bool) -> str:
    """Return how far each run goes: "3 epochs of 10,000 pictures, 16x16, of Fashion-MNIST"."""
    fields = _fields(experiment, is_full)
    dataset = data.get(fields["dataset"])
    far = f"{fields['steps']:,} steps" if "steps" in fields else f"{fields['epochs']} epochs"
    count = f" of {fields['pictures']:,} pictures" if "pictures" in fields else ""
    size = f" at {units.shape((fields['input_size'],) * 2)}" if "input_size" in fields else ""
    return f"Each run: {far}{count} of {dataset.title}{size}"


def _has_gpu(known: Sequence[Record]) -> bool:
    return device_type(known) != "cpu"

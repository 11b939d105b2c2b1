"""What can be done with a run: stop, resume, duplicate, rename and delete it, and ask it about a picture."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer import settings
from explorer.training.jobs import LONGEST_NAME, Jobs
from explorer.training.records import JobError, Record, State
from explorer.training.spec import RunSpec
from explorer.ui.train import filling, runs
from explorer.ui.visitor import KEY, current_visitor

PREDICT = "../../pages/predict.py"
DRAWN = ("digits", "mnist")  # whose pictures a visitor can draw
_PROBLEM = "t_problem"  # in the session: why what was asked for has not been done
_FORBIDDEN = "Only who started this run, or the teacher, can do that."


def attempt(act: Callable[[], object]) -> None:
    """Do what a button asks for; where it cannot be done, have the page say why."""
    st.session_state.pop(_PROBLEM, None)
    try:
        act()
    except (JobError, ValueError) as error:
        st.session_state[_PROBLEM] = str(error)


def show_problem() -> None:
    """Say once why what was asked for has not been done."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(problem, icon=":material/error:")


def submit(jobs: Jobs, spec: RunSpec) -> None:
    """Start a run and show its curve."""
    attempt(lambda: runs.open_runs([jobs.submit(spec, current_visitor()).id]))


def show(jobs: Jobs, run: Record) -> None:
    """Draw the buttons. What only its owner or the teacher may do is disabled for others."""
    visitor = current_visitor()
    is_theirs = visitor.may_change(run)
    no = "" if is_theirs else f" {_FORBIDDEN}"
    st.button(
        "Stop",
        icon=":material/stop:",
        key=f"stop-{run.id}",
        disabled=not (is_theirs and run.is_under_way and run.state != State.STOPPING),
        help=f"End it soon, with all that it has learned so far.{no}",
        on_click=attempt,
        args=(lambda: jobs.stop(run.id, visitor),),
    )
    st.button(
        "Resume",
        icon=":material/resume:",
        key=f"resume-{run.id}",
        disabled=not (is_theirs and run.is_resumable),
        help=f"Go on from the last checkpoint of a run that was stopped, was interrupted or has failed.{no}",
        on_click=attempt,
        args=(lambda: jobs.resume(run.id, visitor),),
    )
    spec = runs.read_spec(run)
    st.button(
        "Duplicate",
        icon=":material/content_copy:",
        key=f"copy-{run.id}",
        disabled=spec is None or not visitor.may_use_pictures(run),
        help="Fill the form with what this run was asked for, to change something and train again.",
        on_click=filling.fill,
        args=(spec,),
    )
    if st.button(
        "Predict",
        icon=":material/image_search:",
        key=f"predict-{run.id}",
        disabled=run.plan is None,
        help="Show a picture to the network as this run has trained it.",
    ):
        drawn = {"from": "draw"} if spec is not None and spec.dataset in DRAWN else {}
        st.switch_page(PREDICT, query_params={"net": f"run-{run.id}", **drawn})
    with st.popover("Manage", icon=":material/settings:", help="Rename or delete the run", key=f"manage-{run.id}"):
        _manage(jobs, run, is_theirs)


def _manage(jobs: Jobs, run: Record, is_theirs: bool) -> None:
    if is_theirs:
        visitor = current_visitor()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Name", run.name, max_chars=LONGEST_NAME, key=f"name-{run.id}")
            rename = (lambda: jobs.rename(run.id, visitor, name),)
            st.button("Rename", icon=":material/edit:", key=f"rename-{run.id}", on_click=attempt, args=rename)
        st.button(
            "Delete for good",
            icon=":material/delete:",
            key=f"delete-{run.id}",
            help="The run, its curve and its checkpoint.",
            on_click=attempt,
            args=(lambda: _delete(jobs, run),),
        )
    else:
        st.caption("Only who started this run, or the teacher, can stop, resume, rename or delete it.")
    _ask_teacher_key()


def _delete(jobs: Jobs, run: Record) -> None:
    jobs.delete(run.id, current_visitor())
    runs.close(run.id)


def _ask_teacher_key() -> None:
    """Let a teacher prove to be one, where the configuration has a key; it stays in this session."""
    if settings.teacher_key() is None:
        return
    if current_visitor().is_teacher:
        st.caption(":material/school: You are the teacher: you can stop, rename and delete every run.")
        return
    st.text_input(
        "Teacher's key",
        type="password",
        key="t_key_typed",
        on_change=_take_key,
        help="The teacher can stop, rename and delete every run.",
    )
    if st.session_state.get(KEY):
        st.warning("This is not the teacher's key.", icon=":material/key_off:")


def _take_key() -> None:
    st.session_state[KEY] = st.session_state.pop("t_key_typed")

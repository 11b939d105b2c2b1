"""Which runs are shown, and what may be done with them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from explorer import data, registry
from explorer.training.jobs import LONGEST_NAME, Jobs, UnknownRunError
from explorer.training.records import JobError, Record, State
from explorer.training.spec import RunSpec
from explorer.ui.address import choose
from explorer.ui.markdown import plain
from explorer.ui.train import form
from explorer.ui.visitor import KEY, current_visitor

MOST_SHOWN = 8
RUNS, VIEW = "run", "t_view"  # in the address
_WRITTEN = "t_written"  # in the session: what the address was last made to say of runs
PROBLEM = "t_problem"  # in the session: why what was asked for has not been done


def attempt(act: Callable[[], object]) -> None:
    """Do what a button asks for; where it cannot be done, have the page say why."""
    st.session_state.pop(PROBLEM, None)
    try:
        act()
    except (JobError, ValueError) as error:
        st.session_state[PROBLEM] = str(error)


def show_problem() -> None:
    """Say once why what was asked for has not been done."""
    problem = st.session_state.pop(PROBLEM, None)
    if problem:
        st.error(problem, icon=":material/error:")


def open_runs(ids: Sequence[str]) -> None:
    """Show the curves of these runs. Call it from a button's callback."""
    st.session_state[RUNS] = list(ids)[:MOST_SHOWN]
    st.session_state[VIEW] = "Curves"


def submit(jobs: Jobs, spec: RunSpec) -> None:
    """Start a run and show its curve."""
    attempt(lambda: open_runs([jobs.submit(spec, current_visitor()).id]))


def pick(jobs: Jobs, known: Sequence[Record]) -> list[Record]:
    """Draw the choice of runs, those of the address at first, and return the chosen ones."""
    by_id = {run.id: run for run in known}
    asked = st.query_params.get(RUNS)
    if RUNS not in st.session_state or (asked is not None and asked != st.session_state.get(_WRITTEN)):
        st.session_state[RUNS] = list(dict.fromkeys(filter(None, (asked or "").split(","))))[:MOST_SHOWN]
    for run_id in list(st.session_state[RUNS]):
        if run_id not in by_id:
            _find(jobs, run_id, by_id)
    chosen = st.multiselect(
        "Runs",
        list(by_id),
        format_func=lambda run_id: f"{by_id[run_id].name} ({_when(by_id[run_id])})",
        key=RUNS,
        max_selections=MOST_SHOWN,
        placeholder="Choose up to eight runs to see their curves together",
        label_visibility="collapsed",
        persist_state="session",
    )
    st.session_state[_WRITTEN] = ",".join(chosen)
    if not chosen:
        st.query_params.pop(RUNS, None)
    elif asked != st.session_state[_WRITTEN]:
        st.query_params[RUNS] = st.session_state[_WRITTEN]
    return [by_id[run_id] for run_id in chosen]


def _find(jobs: Jobs, run_id: str, by_id: dict[str, Record]) -> None:
    try:
        by_id[run_id] = jobs.get(run_id)
    except UnknownRunError as error:
        st.session_state[RUNS] = [name for name in st.session_state[RUNS] if name != run_id]
        st.warning(f"Run {plain(run_id[:16])}: {error}", icon=":material/link_off:")


def mine_first(runs: Sequence[Record]) -> list[Record]:
    """Return the runs of this visitor before the others, each in their order."""
    owner = current_visitor().owner
    return sorted(runs, key=lambda run: run.owner != owner)


def table(known: Sequence[Record]) -> None:
    """Draw all runs; those that are chosen in it can be shown together."""
    if not known:
        st.info("No run yet. Choose a network and press Train.", icon=":material/model_training:")
        return
    owner = current_visitor().owner
    specs = [json.loads(run.spec_json) for run in known]
    rows = pd.DataFrame(
        {
            "Run": [run.name for run in known],
            "State": [str(run.state) for run in known],
            "Yours": [run.owner == owner for run in known],
            "Network": [registry.get(asked["architecture"]).title for asked in specs],
            "Data set": [_title(asked["dataset"]) for asked in specs],
            "Started": pd.to_datetime([run.created_at for run in known], unit="s", utc=True).tz_convert(
                st.context.timezone or "UTC"
            ),
            "Problem": [run.problem or "" for run in known],
        }
    )
    picked = st.dataframe(
        rows,
        hide_index=True,
        key="train-runs",
        on_select="rerun",
        selection_mode="multi-row",
        alt="The runs that were started last",
        column_config={"Started": st.column_config.DatetimeColumn(format="distance")},
    )
    ids = [known[row].id for row in picked.selection.rows if row < len(known)][:MOST_SHOWN]
    st.button(
        f"Show {len(ids)} together" if len(ids) > 1 else "Show",
        icon=":material/show_chart:",
        disabled=not ids,
        on_click=open_runs,
        args=(ids,),
    )


def choose_one(shown: Sequence[Record], key: str) -> Record | None:
    """Return the run that is shown; where several are, draw a choice; where none is, say what to do."""
    if not shown:
        st.info("Press Train, or choose a run above.", icon=":material/show_chart:")
        return None
    if len(shown) == 1:
        return shown[0]
    by_id = {run.id: run for run in shown}
    chosen = choose(st.selectbox, "Run", {run.id: run.name for run in shown}, key=key, default=shown[0].id, width=320)
    return by_id[chosen]


def actions(jobs: Jobs, run: Record) -> None:
    """Draw what can be done with a run. What only its owner or the teacher may do is disabled for others."""
    visitor = current_visitor()
    is_theirs = visitor.may_change(run)
    no = "" if is_theirs else " Only who started this run, or the teacher, can do that."
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
    spec = read_spec(run)
    st.button(
        "Duplicate",
        icon=":material/content_copy:",
        key=f"copy-{run.id}",
        disabled=spec is None,
        help="Fill the form with what this run was asked for, to change something and train again.",
        on_click=form.fill,
        args=(spec,),
    )
    with st.popover("Rename", icon=":material/edit:", disabled=not is_theirs, key=f"rename-{run.id}"):
        name = st.text_input("Name", run.name, max_chars=LONGEST_NAME, key=f"name-{run.id}")
        save = (lambda: jobs.rename(run.id, visitor, name),)
        st.button("Save", key=f"save-{run.id}", on_click=attempt, args=save)
    with st.popover("Delete", icon=":material/delete:", disabled=not is_theirs, key=f"delete-{run.id}"):
        st.write("Delete this run, its curve and its checkpoint for good?")
        sure = (lambda: _delete(jobs, run),)
        st.button("Delete for good", type="primary", key=f"sure-{run.id}", on_click=attempt, args=sure)


def read_spec(run: Record) -> RunSpec | None:
    """Return what a run was asked for; None where that cannot be asked for any more: its pictures are gone."""
    try:
        return run.spec
    except ValueError:
        return None


def _delete(jobs: Jobs, run: Record) -> None:
    jobs.delete(run.id, current_visitor())
    st.session_state[RUNS] = [name for name in st.session_state[RUNS] if name != run.id]


def ask_teacher_key() -> None:
    """Draw a popover in which a teacher proves to be one; the key stays in this session."""
    label = "Teacher" if not current_visitor().is_teacher else "You are the teacher"
    with st.popover(label, icon=":material/school:", help="The teacher can stop and delete every run."):
        st.text_input("Key", type="password", key="t_key_typed", on_change=_take_key)
        if st.session_state.get(KEY) and not current_visitor().is_teacher:
            st.warning("This is not the teacher's key.", icon=":material/key_off:")


def _take_key() -> None:
    st.session_state[KEY] = st.session_state.pop("t_key_typed")


def _title(dataset: str) -> str:
    try:
        return data.get(dataset).title
    except KeyError:
        return "Own pictures, deleted"


def _when(run: Record) -> str:
    seconds = time.time() - run.created_at
    if seconds < 90:
        return "just now"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min ago"
    return f"{seconds / 3600:.0f} h ago" if seconds < 172_800 else f"{seconds / 86_400:.0f} days ago"

"""Which runs are shown, and the table of all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from explorer import data, registry
from explorer.training.jobs import Jobs, UnknownRunError
from explorer.training.records import Record
from explorer.training.spec import RunSpec
from explorer.ui.address import choose
from explorer.ui.markdown import plain
from explorer.ui.visitor import current_visitor

MOST_SHOWN = 8
RUNS, VIEW = "run", "t_view"  # in the address
_WRITTEN = "t_written"  # in the session: what the address was last made to say of runs
_LABELS = "t_run_labels"  # in the session: what the runs to choose from were last called, by id


def open_runs(ids: Sequence[str]) -> None:
    """Show the curves of these runs. Call it from a button's callback."""
    st.session_state[RUNS] = list(ids)[:MOST_SHOWN]
    st.session_state[VIEW] = "Curves"


def close(run_id: str) -> None:
    """Show a run no more. Call it from a button's callback."""
    st.session_state[RUNS] = [name for name in st.session_state[RUNS] if name != run_id]


def pick(jobs: Jobs, known: Sequence[Record]) -> list[Record]:
    """Draw the choice of runs, those of the address at first, and return the chosen ones."""
    by_id = {run.id: run for run in known}
    asked = st.query_params.get(RUNS)
    if RUNS not in st.session_state or (asked is not None and asked != st.session_state.get(_WRITTEN)):
        st.session_state[RUNS] = list(dict.fromkeys(filter(None, (asked or "").split(","))))[:MOST_SHOWN]
    for run_id in list(st.session_state[RUNS]):
        if run_id not in by_id:
            _find(jobs, run_id, by_id)
    labels = {run.id: _label(run) for run in by_id.values()}
    if labels != st.session_state.get(_LABELS):
        # The browser knows a choice by its label: give it the new ones of what is chosen.
        st.session_state[RUNS], st.session_state[_LABELS] = list(st.session_state[RUNS]), labels
    chosen = st.multiselect(
        "Runs",
        list(by_id),
        format_func=labels.__getitem__,
        key=RUNS,
        max_selections=MOST_SHOWN,
        placeholder="Runs to show together, up to eight",
        label_visibility="collapsed",
        persist_state="session",
    )
    st.session_state[_WRITTEN] = ",".join(chosen)
    if not chosen:
        st.query_params.pop(RUNS, None)
    elif asked != st.session_state[_WRITTEN]:
        st.query_params[RUNS] = st.session_state[_WRITTEN]
    return [by_id[run_id] for run_id in chosen]


def names(shown: Sequence[Record]) -> dict[str, str]:
    """Return what to call runs that are shown together, by id.

    It is the name, without what stands before a colon in all of them, and more of it where another has the same.
    """
    beginnings = {run.name.partition(": ")[0] for run in shown}
    short = {run.id: run.name.partition(": ")[2] if len(beginnings) == 1 and len(shown) > 1 else "" for run in shown}
    called = {run.id: short[run.id] or run.name for run in shown}
    count = Counter(called.values())
    return {run.id: called[run.id] if count[called[run.id]] == 1 else _label(run) for run in shown}


def _find(jobs: Jobs, run_id: str, by_id: dict[str, Record]) -> None:
    try:
        by_id[run_id] = jobs.get(run_id)
    except UnknownRunError as error:
        st.session_state[RUNS] = [name for name in st.session_state[RUNS] if name != run_id]
        st.warning(f"Run {plain(run_id[:16])}: {error}", icon=":material/link_off:")


def listed(runs: Sequence[Record]) -> list[Record]:
    """Return the runs that this visitor is shown without their link, their own first: none on pictures of others."""
    visitor = current_visitor()
    return sorted(filter(visitor.may_use_pictures, runs), key=lambda run: run.owner != visitor.owner)


def table(known: Sequence[Record]) -> None:
    """Draw all runs; those that are chosen in it can be shown together."""
    if not known:
        st.info("No run yet. Choose a network and press Train.", icon=":material/model_training:")
        return
    owner = current_visitor().owner
    rows = pd.DataFrame(
        {
            "Run": [run.name for run in known],
            "State": [str(run.state) for run in known],
            "Yours": [run.owner == owner for run in known],
            "Network": [_network(json.loads(run.spec_json)["architecture"]) for run in known],
            "Data set": [_title(run.dataset) for run in known],
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


def choose_one(shown: Sequence[Record], key: str) -> Record:
    """Return the run that is shown; where several are, draw a choice."""
    if len(shown) == 1:
        return shown[0]
    by_id = {run.id: run for run in shown}
    looks: dict[str, Any] = {"label_visibility": "collapsed", "width": 190}
    chosen = choose(st.selectbox, "Run", names(shown), key=key, default=shown[0].id, **looks)
    return by_id[chosen]


def read_spec(run: Record) -> RunSpec | None:
    """Return what a run was asked for; None where that cannot be asked for any more: its pictures are gone."""
    try:
        return run.spec
    except ValueError:
        return None


def _network(name: str) -> str:
    try:
        return registry.get(name).title
    except KeyError:
        return f"{name}, no longer here"


def _title(dataset: str) -> str:
    try:
        return data.get(dataset).title
    except KeyError:
        return "Own pictures, deleted"


def _label(run: Record) -> str:
    """Return what a run is called in a choice: no other has the same, and it stays as it is while time goes on."""
    zone = ZoneInfo(st.context.timezone or "UTC")
    started = datetime.fromtimestamp(run.created_at, zone)
    is_today = started.date() == datetime.now(zone).date()
    return f"{run.name} · {started:{'%H:%M' if is_today else '%d %b, %H:%M'}} · {run.id[:4]}"

"""What can be taken away of a run: its curve, what was asked for, and its weights."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import fields

import streamlit as st

from explorer.training.events import Event
from explorer.training.jobs import Jobs
from explorer.training.records import JobError, Record

COLUMNS = tuple(field.name for field in fields(Event) if field.name not in ("plan", "report"))


def show(jobs: Jobs, run: Record) -> None:
    """Draw a button for each file; a file is made when it is asked for."""
    name = re.sub(r"\W+", "-", run.name).strip("-").lower() or run.id
    st.download_button(
        "Curve (CSV)",
        lambda: curve_csv(jobs.events(run.id)),
        f"{name}.csv",
        "text/csv",
        key=f"csv-{run.id}",
        on_click="ignore",
        help="One row an event: losses in nats, accuracies from 0 to 1, memory in bytes.",
    )
    st.download_button(
        "Spec (JSON)",
        run.spec_json,
        f"{name}.json",
        "application/json",
        key=f"spec-{run.id}",
        on_click="ignore",
        help="All that the run is reproduced from.",
    )
    st.download_button(
        "Checkpoint (safetensors)",
        lambda: _checkpoint(jobs, run),
        f"{name}.safetensors",
        "application/octet-stream",
        key=f"checkpoint-{run.id}",
        on_click="ignore",
        disabled=run.plan is None,
        help="Weights and the optimizer's state, kept every 15 s and at the end; empty before the first.",
    )


def curve_csv(events: list[Event]) -> str:
    """Return the events as a table; what an event does not carry is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(event.to_dict() for event in events)
    return text.getvalue()


def _checkpoint(jobs: Jobs, run: Record) -> bytes:
    try:
        return jobs.checkpoint(run.id) or b""
    except JobError:
        return b""

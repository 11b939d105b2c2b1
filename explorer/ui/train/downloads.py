"""What can be taken away of a run: its curve, what was asked for, its weights, its network."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import fields

import streamlit as st

from explorer.training.events import Event
from explorer.training.jobs import Jobs
from explorer.training.records import JobError, Record
from explorer.ui.markdown import plain
from explorer.ui.visitor import current_visitor

COLUMNS = tuple(field.name for field in fields(Event) if field.name not in ("plan", "report"))


def show(jobs: Jobs, run: Record) -> None:
    """Draw a button for each file; a file is made when it is asked for.

    Files that name somebody's pictures, which is all it takes to train on them, are not for others.
    """
    is_open = current_visitor().may_use_pictures(run)
    if not is_open:
        st.caption("What names the pictures is for who gave them, and the teacher.")
    try:
        has_checkpoint = jobs.has_checkpoint(run.id)
    except JobError as error:
        st.warning(plain(str(error)), icon=":material/cloud_off:")
        has_checkpoint = False
    _button(
        run,
        "Curve (CSV)",
        "csv",
        lambda: curve_csv(jobs.events(run.id)),
        "One row an event: losses in nats, accuracies from 0 to 1, memory in bytes.",
    )
    _button(run, "Spec (JSON)", "json", lambda: run.spec_json, "All that the run is reproduced from.", is_there=is_open)
    _button(
        run,
        "Checkpoint (safetensors)",
        "safetensors",
        lambda: _checkpoint(jobs, run),
        "Weights and the optimizer's state, kept every 15 s and at the end; there is none before the first.",
        is_there=has_checkpoint and is_open,
    )
    _button(
        run,
        "Network (ONNX)",
        "onnx",
        lambda: _onnx(jobs, run),
        "For other programs: takes pictures as float32 [N, C, H, W] from 0 to 255, gives logits. Made in some seconds.",
        is_there=has_checkpoint and is_open,
    )
    _button(
        run,
        "TensorBoard",
        "tfevents",
        lambda: jobs.tensorboard(run.id),
        "The curve as an event file: put it into a folder of its own, and start tensorboard --logdir with that.",
        is_there=run.plan is not None,
    )


def curve_csv(events: list[Event]) -> str:
    """Return the events as a table; what an event does not carry is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(event.to_dict() for event in events)
    return text.getvalue()


def _button(
    run: Record, label: str, suffix: str, make: Callable[[], str | bytes], about: str, is_there: bool = True
) -> None:
    name = re.sub(r"\W+", "-", run.name).strip("-").lower() or run.id
    st.download_button(
        label,
        make,
        f"{name}.{suffix}" if suffix != "tfevents" else f"events.out.tfevents.{name}",
        "application/octet-stream",
        key=f"{suffix}-{run.id}",
        on_click="ignore",
        disabled=not is_there,
        help=about,
        width="stretch",
    )


def _checkpoint(jobs: Jobs, run: Record) -> bytes:
    found = jobs.checkpoint(run.id)
    if found is None:
        raise JobError("There is no checkpoint of this run yet.")
    return found


def _onnx(jobs: Jobs, run: Record) -> bytes:
    from explorer.training.onnx_export import export_onnx

    return export_onnx(_checkpoint(jobs, run))

"""What a run will take, before it is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from explorer import units
from explorer.training.estimate import device_type, find_pace, likely_precision, measure_extent, predict_seconds
from explorer.training.jobs import Jobs
from explorer.training.records import JobError, Record
from explorer.training.spec import RunSpec
from explorer.training.trials import Trial
from explorer.ui import warm_up
from explorer.ui.markdown import plain

DEFINITIONS = (
    "**Memory** is the most that the run takes at a time: all its pictures, and one training step with its "
    "parameters, gradients, optimizer state, activations and what is made in passing. The step is replayed without "
    "allocating anything. While the run goes on, its memory chart shows what is predicted beside what is measured.\n\n"
    "**Time** is that of the steps and of measuring, not of waiting and loading. The latest run here with steps like "
    "these tells it: the same network, batch, size, optimizer, precision and kind of device. Before the first such run "
    "a worker that is free tries its steps for a second. Seconds as the unit of the budget set it.\n\n"
    "**Steps an epoch** are the whole batches that the training pictures fill."
)

LOOK_SECONDS = 0.5  # between two looks for what a worker has found out
BUSY_SECONDS = 3.0  # while workers have runs to train
_WORDS = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}
SHORT_SECONDS = 100  # below, an estimate is told in seconds


def show(jobs: Jobs, spec: RunSpec, known: Sequence[Record]) -> None:
    """Draw the line, once there is torch; the time in it as soon as it is known."""
    if not warm_up.is_ready():
        place = st.empty()
        place.caption("Starting PyTorch, to predict memory and time.")
        warm_up.wait()
        place.empty()
    extent, device = measure_extent(spec), device_type(known)
    as_trained = replace(spec, precision=likely_precision(spec, known))
    try:
        memory = _peak_bytes(as_trained.to_json(), device, extent.train_pictures, extent.validation_pictures)
    except ValueError as error:
        st.warning(str(error), icon=":material/memory:")
        return
    takes = f"Predicted: **{units.short_bytes(memory)}** of memory on the {_WORDS[device]}"
    steps = f"{extent.steps_per_epoch:,} {'step' if extent.steps_per_epoch == 1 else 'steps'} an epoch"
    rest = f"{extent.train_pictures:,} pictures, {steps}"
    if spec.seconds is not None:
        _write(takes, f"{spec.seconds:,.0f} s", rest)
        return
    pace = find_pace(spec, known)
    trial = Trial(pace) if pace else jobs.try_out(spec)
    if trial.pace is not None:
        _write(takes, _about(predict_seconds(spec, trial.pace)), rest)
    elif trial.problem is not None:
        _write(takes, "time not known", rest)
        st.warning(plain(trial.problem), icon=":material/timer_off:")
    else:
        seconds = BUSY_SECONDS if jobs.under_way() else LOOK_SECONDS
        st.fragment(_wait, run_every=seconds)(jobs, spec, takes, rest)


def _wait(jobs: Jobs, spec: RunSpec, takes: str, rest: str) -> None:
    """Draw the line without a time, and look for it. While runs are under way nobody is asked to try anything out."""
    try:
        if jobs.under_way():
            _write(takes, "time known once a worker is free to try it", rest)
            return
        found = jobs.try_out(spec)
    except JobError as error:
        st.warning(plain(str(error)), icon=":material/cloud_off:")
        return
    if found != Trial():
        st.rerun()
    _write(takes, "time not known" if jobs.problem else "trying out how long it takes", rest)
    if jobs.problem:
        st.caption(f":material/cloud_off: {plain(jobs.problem)}")


def _write(takes: str, time: str, rest: str) -> None:
    st.markdown(f"{takes} · **{time}** · {rest}", help=DEFINITIONS)


@st.cache_data(max_entries=256, show_spinner=False)
def _peak_bytes(spec_json: str, device: str, train: int, validation: int) -> int:
    import torch

    from explorer.training.capacity import predict_peak

    return predict_peak(RunSpec.from_json(spec_json), train, validation, torch.device(device))


def _about(seconds: float) -> str:
    if seconds < SHORT_SECONDS:
        return f"about {max(1, round(seconds))} s"
    return f"about {units.duration(round(seconds, -1))}"

"""What a run will take, before it is started."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer import units
from explorer.training.estimate import Estimate, device_type, estimate
from explorer.training.records import Record
from explorer.training.spec import RunSpec
from explorer.ui import warm_up

DEFINITIONS = (
    "**Memory** is the most that the run takes at a time: all its pictures, and one training step with its "
    "parameters, gradients, optimizer state, activations and what is made in passing. The step is replayed without "
    "allocating anything. While the run goes on, its memory chart shows what is predicted beside what is measured.\n\n"
    "**Time** is judged by the latest run here of the same network on pictures of the same size, measuring included; "
    "waiting is not. Seconds as the unit of the budget set it.\n\n"
    "**Steps an epoch** are the whole batches that the training pictures fill."
)

_WORDS = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}
SHORT_SECONDS = 100  # below, an estimate is told in seconds


def show(spec: RunSpec, known: Sequence[Record]) -> None:
    """Draw the line, once there is torch."""
    if not warm_up.is_ready():
        place = st.empty()
        place.caption("Starting PyTorch, to predict memory and time.")
        warm_up.wait()
        place.empty()
    found, device = estimate(spec, known), device_type(known)
    try:
        memory = _peak_bytes(spec.to_json(), device, found.train_pictures, found.validation_pictures)
    except ValueError as error:
        st.warning(str(error), icon=":material/memory:")
        return
    steps = f"{found.steps_per_epoch:,} {'step' if found.steps_per_epoch == 1 else 'steps'} an epoch"
    st.markdown(
        f"Predicted: **{units.short_bytes(memory)}** of memory on the {_WORDS[device]} · **{_time(found)}** · "
        f"{found.train_pictures:,} pictures, {steps}",
        help=DEFINITIONS,
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _peak_bytes(spec_json: str, device: str, train: int, validation: int) -> int:
    import torch

    from explorer.training.batches import device_bytes
    from explorer.training.capacity import predict_step

    spec = RunSpec.from_json(spec_json)
    step = predict_step(spec, min(spec.batch_size, train), torch.device(device))
    return step + device_bytes(spec, train, validation)


def _time(found: Estimate) -> str:
    if found.seconds is None:
        return "time known after its first run here"
    if found.like is None:
        return f"{found.seconds:,.0f} s"
    if found.seconds < SHORT_SECONDS:
        return f"about {max(1, round(found.seconds))} s"
    return f"about {units.duration(round(found.seconds, -1))}"

"""The memory of one training step: its curve, its parts at the peak, and the largest batch for common GPUs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer import charts, units
from explorer.analysis import largest_batch
from explorer.ui.chart import show_chart
from explorer.ui.network_picker import OPTIMIZERS, Picked, step_memory

RESERVED_BYTES = 2**29  # what CUDA itself takes of a card before the first tensor, about
WITHOUT_BFLOAT16 = {"T4", "V100", "V100 32 GB"}  # older than Ampere (compute capability 8.0)
CARDS = {
    8: "RTX 4060, RTX 3070",
    12: "RTX 3060, RTX 4070",
    16: "T4, V100, RTX 4080",
    24: "RTX 3090, RTX 4090, A10, L4",
    32: "RTX 5090, V100 32 GB",
    40: "A100 40 GB",
    48: "L40S, RTX 6000 Ada",
    80: "A100 80 GB, H100",
}


def show(picked: Picked) -> None:
    try:
        memory = step_memory(picked)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return
    optimizer = OPTIMIZERS[picked.optimizer]
    st.markdown(
        f"One training step of **{picked.arch.title}** on {picked.batch_size} pictures of "
        f"{units.shape(picked.input_size)} with {optimizer} needs **{units.short_bytes(memory.peak)}** at its peak. "
        "The step is replayed without allocating anything, following every tensor from its first to its last use."
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_chart(charts.memory_curve(memory), key="memory-curve")
    with right:
        show_chart(charts.memory_parts(memory), key="memory-parts")
    st.markdown(f"#### The largest batch with {optimizer}, {picked.precision}")
    st.dataframe(_largest_batches(picked), hide_index=True, width="content")
    st.caption(
        f"{units.short_bytes(RESERVED_BYTES)} of each card are left to CUDA itself. Fragmentation and cuDNN's "
        "workspaces can take a few percent more."
    )


def _largest_batches(picked: Picked) -> pd.DataFrame:
    cards = [(f"{size} GB", names, size * 2**30) for size, names in CARDS.items()] + list(_this_machine())
    batches = [
        largest_batch(
            memory - RESERVED_BYTES,
            picked.arch.name,
            optimizer=picked.optimizer,
            precision=picked.precision,
            **picked.how,
        )
        for _, _, memory in cards
    ]
    return pd.DataFrame(
        {
            "Memory": [size for size, _, _ in cards],
            "For example": [_that_can(picked.precision, names) for _, names, _ in cards],
            "Largest batch": [units.exact(batch) if batch else "does not fit" for batch in batches],
        }
    )


def _that_can(precision: str, names: str) -> str:
    """Return those of the cards that compute in this precision."""
    able = (name for name in names.split(", ") if precision != "bfloat16" or name not in WITHOUT_BFLOAT16)
    return ", ".join(able)


def _this_machine() -> list[tuple[str, str, int]]:
    import torch

    if not torch.cuda.is_available():
        return []
    card = torch.cuda.get_device_properties(0)
    return [(units.short_bytes(card.total_memory), f"{card.name}, found here", card.total_memory)]

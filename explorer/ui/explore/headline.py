"""The name of the network, where it comes from, and its seven main numbers."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import registry, units
from explorer.analysis.rows import Analysis, ReceptiveField
from explorer.architecture import Architecture
from explorer.ui.network_picker import OPTIMIZERS, Picked, show_network, step_memory

DEFINITIONS = {
    "Parameters": "Numbers that training changes: weights, biases, and the scale and shift of norms.",
    "MACs": "Multiply-accumulates of convolutions and linear layers (and of attention's products) for one picture. "
    "1 MAC = 2 FLOPs.",
    "Activations": "What all layers write while one picture passes, in float32. Layers that work in place write "
    "nothing new.",
    "Training peak": "The most memory in use at any moment of one training step: parameters, gradients, optimizer "
    "state, activations and temporary values.",
    "Weight file": "Parameters and the statistics of norms, four bytes each (float32).",
    "Depth": "Convolutions and linear layers on the longest path from the picture to the answer, as papers count them.",
    "Receptive field": "The pixels that one unit of the last feature map (before it is flattened, or pooled to a fixed "
    "size) can depend on, over all paths, if the picture had no border.",
}


def title(arch: Architecture) -> DeltaGenerator:
    """Draw the name, where it comes from, and the way to the other version; return the row of buttons, for more."""
    first, *others = arch.paper.authors.split(", ")
    authors = f"{first} et al." if len(others) > 2 else arch.paper.authors
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            f"### {arch.title} :small[:gray[{arch.year} · {authors} · [{arch.paper.title}]({arch.paper.url})]]",
            width="stretch",
        )
        buttons = st.container(horizontal=True, width="content", key="title-buttons")
    if arch.counterpart:
        with buttons:
            other = registry.get(arch.counterpart)
            label = "As in torchvision" if other.name.endswith("_tv") else "As published"
            st.button(
                label,
                icon=":material/swap_horiz:",
                help=" ".join(arch.differences) or f"Show {other.title}.",
                on_click=show_network,
                args=(other.name,),
            )
    return buttons


def numbers(analysis: Analysis) -> DeltaGenerator:
    """Draw the main numbers, each rounded, with its exact value and its definition one hover away.

    The training peak takes longest to find: its place is returned, for `training_peak`.
    """
    size = units.shape(analysis.input_shape[1:])
    seen, seen_exactly = _seen(analysis.receptive_field, analysis.input_shape[2:])
    figures = {
        "Parameters": (units.short(analysis.params), units.exact(analysis.params)),
        "MACs": (units.short(analysis.macs), f"{units.exact(analysis.macs)} at {size}"),
        "Activations": (
            units.short_bytes(analysis.activation_bytes),
            f"{units.exact(analysis.activation_bytes)} bytes at {size}",
        ),
        "Training peak": None,
        "Weight file": (units.short_bytes(analysis.weight_bytes), f"{units.exact(analysis.weight_bytes)} bytes"),
        "Depth": (f"{analysis.depth} layers", f"{analysis.depth} layers"),
        "Receptive field": (seen, seen_exactly),
    }
    with st.grid(len(figures), min_column_width=150, gap="small", key="headline"):
        for label, figure in figures.items():
            if figure is None:
                place = st.container(key="training-peak")
            else:
                _metric(label, *figure)
    return place


def training_peak(place: DeltaGenerator, picked: Picked) -> None:
    """Find the training peak and draw it in its place; where no step is possible, the reason."""
    setting = f"with {OPTIMIZERS[picked.optimizer]}, batch {picked.batch_size}, {picked.precision}"
    with place:
        try:
            peak = step_memory(picked).peak
        except ValueError as error:
            _metric("Training peak", "not possible", f"{error} ({setting})")
        else:
            _metric("Training peak", units.short_bytes(peak), f"{units.exact(peak)} bytes {setting}")


def _metric(label: str, short: str, exact: str) -> None:
    st.metric(label, short, help=f"**{exact}**\n\n{DEFINITIONS[label]}", border=True)


def _seen(field: ReceptiveField | None, picture: tuple[int, ...]) -> tuple[str, str]:
    if field is None:
        return "not defined", "Positions are mixed by attention or by windows, so a unit has no field of its own"
    size = f"{units.shape(field.size)} px"
    least = f"; {units.shape(field.least)} by the narrowest path" if field.least != field.size else ""
    if field.is_gated:
        return "whole picture", f"The whole picture, through global pooling; its own window is {size}{least}"
    return ("whole picture" if min(field.size) >= 2 * max(picture) else size), f"{size}{least}"

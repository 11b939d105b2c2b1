"""Where the block comes from, its main numbers, and what to read out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer import units
from explorer.analysis.rows import Analysis, ReceptiveField, Shape
from explorer.blocks.record import Block
from explorer.ui.explore.headline import DEFINITIONS


def source(block: Block) -> None:
    """Draw where the block comes from."""
    paper = block.paper
    first, *others = paper.authors.split(", ")
    authors = f"{first} et al." if len(others) > 2 else paper.authors
    st.markdown(f":gray[{paper.published[:4]} · {authors} · [{paper.title}]({paper.url})]", width="stretch")


def numbers(analysis: Analysis) -> None:
    """Draw the main numbers, each rounded, with its exact value and its definition one hover away."""
    output = next(row for row in reversed(analysis.rows) if row.inputs)
    before, after = units.shape(analysis.input_shape[1:]), units.shape(output.output_shape[1:])
    seen = output.receptive_field
    steps = sum(row.group == "activation" for row in analysis.rows)
    figures = {
        "Parameters": (units.short(analysis.params), units.exact(analysis.params), DEFINITIONS["Parameters"]),
        "MACs": (units.short(analysis.macs), f"{units.exact(analysis.macs)} at {before}", DEFINITIONS["MACs"]),
        "Activations": (
            units.short_bytes(analysis.activation_bytes),
            f"{units.exact(analysis.activation_bytes)} bytes at {before}",
            DEFINITIONS["Activations"],
        ),
        "Output": (
            after,
            f"{before} \N{RIGHTWARDS ARROW} {after}",
            "Channels, height and width of what the block hands on, for one picture.",
        ),
        "Sees": (
            seen_in_words(seen, analysis.input_shape),
            _seen_exactly(seen),
            "The part of its input that one unit of its output can depend on, over all ways through the block.",
        ),
        "Non-linearities": (str(steps), f"{steps} activations", "Activations such as ReLU inside the block."),
    }
    with st.grid(len(figures), min_column_width=140, gap="small", key="b-headline"):
        for label, (short, exact, definition) in figures.items():
            st.metric(label, short, help=f"**{exact}**\n\n{definition}", border=True)


def seen_in_words(field: ReceptiveField | None, input_shape: Shape) -> str:
    """Return the size of a receptive field, or that it holds the whole map."""
    height, width = input_shape[2:]
    return "whole map" if field is None or field.covers((height, width)) else units.shape(field.size)


def _seen_exactly(field: ReceptiveField | None) -> str:
    if field is None:
        return "The whole map that it reads"
    if field.is_gated:
        return f"The whole map that it reads, through global pooling; its own window is {units.shape(field.size)}"
    return f"{units.shape(field.size)} of the map that it reads"


def read_out(sentences: Sequence[str]) -> None:
    """Draw the sentences that the numbers come to."""
    with st.container(border=True, key="b-sentences"):
        st.markdown("  \n".join(f"**{sentences[0]}**" if i == 0 else text for i, text in enumerate(sentences)))

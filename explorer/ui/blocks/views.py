"""What the page shows of a block: the diagram beside its parts, and further views in tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from explorer.analysis.rows import Analysis
from explorer.blocks.record import Block, Values
from explorer.ui.blocks import code, diagram, gradients, norm_example, tables
from explorer.ui.blocks.picker import OWN_VIEWS

_DRAW_OWN = {"residual": gradients.show, "normalisation": norm_example.show}
_HAS_NO_DIAGRAM = ("c3_table",)  # its matrix says it better


@dataclass(frozen=True)
class Shown:
    """A block with the values that were chosen, and what they come to."""

    block: Block
    values: Values
    analysis: Analysis
    rivals: Mapping[str, Analysis]


def main(shown: Shown) -> None:
    """Draw the diagram beside the table of parts."""
    parts = shown.block.parts(shown.values)
    if shown.block.name in _HAS_NO_DIAGRAM:
        tables.by_part(shown.analysis, parts)
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        diagram.show(shown.analysis)
    with right:
        tables.by_part(shown.analysis, parts)
        diagram.card(shown.analysis)


def more(shown: Shown) -> None:
    """Draw the further views as tabs; only the open one is worked out."""
    block, values = shown.block, shown.values
    draw: dict[str, Callable[[], None]] = {
        "Compared": lambda: tables.compared(
            shown.analysis, shown.rivals, has_diagrams=block.name not in _HAS_NO_DIAGRAM
        ),
        "Formulas": lambda: tables.formulas(block.parts(values), block.numbers(values), shown.analysis),
        "Code": lambda: code.show(block.construct(values)),
    }
    if block.name in OWN_VIEWS:
        draw[OWN_VIEWS[block.name]] = lambda: _DRAW_OWN[block.name](values)
    tabs = st.tabs(list(draw), key="b_view", on_change="rerun", bind="query-params")
    for tab, view in zip(tabs, draw.values(), strict=True):
        if tab.open:
            with tab:
                view()

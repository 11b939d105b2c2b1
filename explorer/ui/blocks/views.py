"""What the page shows of a block: the diagram beside its parts, and further views in tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import blocks
from explorer.analysis.rows import Analysis
from explorer.blocks.record import Block, Values
from explorer.ui.blocks import code, diagram, gradients, headline, norm_example, parts_table, tables
from explorer.ui.blocks.picker import OWN_VIEWS, offer_way_back, remember_fit
from explorer.ui.views import show_views

_DRAW_OWN = {"residual": gradients.show, "normalisation": norm_example.show}
_HAS_NO_DIAGRAM = ("c3_table",)  # its matrix says it better


@dataclass(frozen=True)
class Shown:
    """A block with the values that were chosen, and what they come to."""

    block: Block
    values: Values
    analysis: Analysis
    rivals: Mapping[str, Analysis]


def show(block: Block, values: Values, body: DeltaGenerator) -> None:
    """Draw the block's numbers and diagram into `body` and the further views below; a misfit is said instead."""
    with body:
        try:
            shown = Shown(block, values, blocks.analyze(block.name, **values), blocks.rivals(block.name, **values))
        except ValueError as error:
            st.warning(str(error), icon=":material/link_off:")
            offer_way_back(block)
            return
        remember_fit(block, values)
        headline.numbers(shown.analysis)
        _main(shown)
    _more(shown)


def _main(shown: Shown) -> None:
    """Draw the diagram beside the table of parts and what to read out."""
    parts = shown.block.parts(shown.values)
    sentences = shown.block.sentences(shown.values, shown.analysis, shown.rivals)
    if shown.block.name in _HAS_NO_DIAGRAM:
        headline.read_out(sentences)
        parts_table.show(shown.analysis, parts)
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        diagram.show(shown.analysis)
    with right:
        parts_table.show(shown.analysis, parts)
        headline.read_out(sentences)
        diagram.card(shown.analysis)


def _more(shown: Shown) -> None:
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
    show_views(draw, key="b_view")

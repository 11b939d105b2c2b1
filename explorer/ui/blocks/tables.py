"""The block beside other ways to do the same, and its numbers as formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from explorer import units
from explorer.analysis.rows import Analysis, LayerRow
from explorer.blocks.parts import Part
from explorer.formulas import Formula
from explorer.ui.blocks.diagram import layout
from explorer.ui.blocks.headline import seen_in_words
from explorer.ui.graph import graph

_BESIDE_HEIGHT = 480  # pixels
_TIMES = "times "


def compared(chosen: Analysis, rivals: Mapping[str, Analysis], *, has_diagrams: bool) -> None:
    """Draw the block beside other ways to do the same: their numbers, as multiples of its own, and their diagrams."""
    if not rivals:
        st.markdown("There is no simpler form of this block to set beside it.")
        return
    both = {"As chosen": chosen, **rivals}
    st.dataframe(
        pd.DataFrame(
            {
                "": list(both),
                **_beside("Parameters", "params", both.values()),
                **_beside("MACs", "macs", both.values()),
                **_beside("Activations", "activation_bytes", both.values()),
                "Sees": [seen_in_words(_last(one).receptive_field, one.input_shape) for one in both.values()],
                "Output": [units.shape(_last(one).output_shape[1:]) for one in both.values()],
                "Non-linearities": [sum(row.group == "activation" for row in one.rows) for one in both.values()],
            }
        ),
        hide_index=True,
        height="content",
        width="content",
        column_config=_columns_beside(),
    )
    if not has_diagrams:
        return
    beside = st.grid(2, min_column_width=340, gap=("small", "medium"))
    for title, one in both.items():
        with beside.cell():
            st.markdown(f"**{title}**")
            graph(layout(one, "blocks"), key=f"b-beside-{title}", height=_BESIDE_HEIGHT)


def _last(analysis: Analysis) -> LayerRow:
    return next(row for row in reversed(analysis.rows) if row.inputs)


def _beside(name: str, field: str, analyses: Any) -> dict[str, list[Any]]:
    values = [getattr(one, field) for one in analyses]
    ratios = [units.ratio(value / values[0]) if values[0] else "" for value in values]
    return {name: values, _TIMES + name: ratios}


def _columns_beside() -> dict[str, Any]:
    names = {"Parameters": "Parameters", "MACs": "MACs", "Activations": "Activations (bytes)"}
    numbers = {name: st.column_config.NumberColumn(label, format="localized") for name, label in names.items()}
    times = {_TIMES + name: st.column_config.TextColumn("times", help="Beside the block as chosen.") for name in names}
    return numbers | times


def formulas(parts: Sequence[Part], numbers: Mapping[str, int], analysis: Analysis) -> None:
    """Draw how the parameters and MACs of each part come about, with numbers and with names."""
    weighted = [part for part in parts if part.params != "0"]
    filled = [part.formulas(numbers) for part in weighted]
    titles = [part.title for part in weighted]
    params, macs = st.columns(2, gap="medium")
    with params:
        _listed("Parameters", titles, [each[0] for each in filled], analysis.params)
    with macs:
        _listed("MACs", titles, [each[1] for each in filled], analysis.macs)
    st.caption(
        "The names are those in the code. These formulas are not what the app counts with: its numbers are those "
        "of the module as built, and its tests hold the two together."
    )


def _listed(heading: str, titles: Sequence[str], found: Sequence[Formula], total: int) -> None:
    lines = [
        f"- **{title}**  \n`{one.filled}`  \n:gray[{_plain(one.rule)}]"
        for title, one in zip(titles, found, strict=True)
    ]
    st.markdown("\n".join([f"#### {heading}", "", *lines, f"- **Together {units.exact(total)}**"]))


def _plain(rule: str) -> str:
    """Return a rule that breaks behind its signs, with its underscores kept from being read as emphasis."""
    return rule.replace("_", r"\_").replace(units.TIMES, f"{units.TIMES}\N{ZERO WIDTH SPACE}")

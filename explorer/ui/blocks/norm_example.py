"""What LRN and batch norm make of the same few numbers, and one of them worked out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.blocks.norm_example import EXAMPLE, Table, batch_formula, normalise, response_formula
from explorer.blocks.record import Values
from explorer.palette import KINDS
from explorer.ui.address import choose
from explorer.ui.chart import theme

_PICTURES = {str(i): str(i + 1) for i in range(len(EXAMPLE))}
_CHANNELS = {str(i): str(i + 1) for i in range(len(EXAMPLE[0]))}


def show(values: Values) -> None:
    """Draw the numbers before and behind both layers, and how the chosen one comes about."""
    st.markdown(
        "Four pictures with six channels (ch), one place of each. LRN looks along a row, at the neighbours in other "
        "channels; batch norm looks down a column, at all pictures. The layers are torch's own, fresh, in training "
        "mode."
    )
    with st.container(horizontal=True):
        picture = int(choose(st.segmented_control, "Picture", _PICTURES, key="b_picture", default="0", required=True))
        channel = int(choose(st.segmented_control, "Channel", _CHANNELS, key="b_channel", default="2", required=True))
    settings = {name: values[name] for name in ("neighbours", "alpha", "beta", "k")}
    found = normalise(EXAMPLE, settings)
    reach = range(channel - settings["neighbours"] // 2, channel + (settings["neighbours"] - 1) // 2 + 1)
    row = {(picture, near) for near in reach}
    column = {(other, channel) for other in range(len(EXAMPLE))}
    for place, title, table, read, formula in zip(
        st.columns(3, gap="medium"),
        ("What comes in", "Behind LRN", "Behind batch norm"),
        (EXAMPLE, found.response, found.batch),
        (set[tuple[int, int]](), row, column),
        ("", response_formula(EXAMPLE, settings, picture, channel), batch_formula(EXAMPLE, picture, channel)),
        strict=True,
    ):
        with place:
            st.markdown(f"**{title}**")
            _numbers(table, read, (picture, channel), title)
            if formula:
                st.markdown(f"`{formula}`")
    st.caption(
        "Marked strongly: the number worked out; lightly: the numbers that it is made from. In use, batch norm takes "
        "the running mean and variance of training and applies its learned scale and shift; LRN always does the same."
    )


def _numbers(table: Table, read: set[tuple[int, int]], chosen: tuple[int, int], title: str) -> None:
    frame = pd.DataFrame(table, columns=[f"ch {i + 1}" for i in range(len(table[0]))])
    frame.index = pd.Index([f"picture {i + 1}" for i in range(len(table))])
    light, strong = KINDS["conv"].tone(theme()), KINDS["linear"].tone(theme())

    def colours(_: pd.DataFrame) -> pd.DataFrame:
        marked = pd.DataFrame("", index=frame.index, columns=frame.columns)
        for i, j in read:
            if 0 <= j < frame.shape[1]:
                marked.iloc[i, j] = f"background-color:{light.fill};color:{light.text}"
        marked.iloc[chosen] = f"background-color:{strong.fill};color:{strong.text};font-weight:bold"
        return marked

    st.dataframe(
        frame.style.apply(colours, axis=None).format("{:.3g}"),
        height="content",
        column_config={name: st.column_config.NumberColumn(width=54) for name in frame.columns},
        alt=f"{title}: {table}",
    )

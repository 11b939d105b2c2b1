"""How much of a gradient reaches the input of a stack of residual blocks, measured when it is asked for."""

from __future__ import annotations

import streamlit as st

from explorer.blocks import gradients as stacks
from explorer.blocks.choices import square
from explorer.blocks.record import Values
from explorer.blocks.residual import FORMS
from explorer.charts import gradient_lengths
from explorer.ui.address import choose
from explorer.ui.chart import show_chart, theme


def show(values: Values) -> None:
    """Draw the choice of a start, and the chart where it has been measured or is now."""
    form = values["form"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = choose(
            st.segmented_control,
            "Norm and first weights",
            stacks.STARTS,
            key="b_start",
            default="batch_norm",
            required=True,
            help="He's weights have variance 2 / inputs; those that PyTorch draws by itself are smaller.",
        )
        asked = st.button(
            "Measure",
            icon=":material/play_arrow:",
            disabled=stacks.is_measured(form, start),
            help="Takes a few seconds, once.",
        )
    st.caption(_what_is_measured(form))
    if not asked and not stacks.is_measured(form, start):
        st.info("Nobody has asked for this one yet. Press Measure to see the chart.", icon=":material/play_arrow:")
        return
    with st.spinner(
        f"Sending a gradient through {2 * stacks.DRAWS * len(stacks.DEPTHS)} stacks of blocks", show_time=True
    ):
        found = stacks.reach(form, start)
    st.markdown(f"**{found.sentence}**")
    lengths = {"Plain, without skips": found.plain, "Residual": found.residual}
    show_chart(gradient_lengths(stacks.DEPTHS, lengths, theme=theme()), key="b-gradients")


def _what_is_measured(form: str) -> str:
    return (
        f"Stacks of 1 to {stacks.DEPTHS[-1]} {FORMS[form].lower()} blocks with {stacks.CHANNELS} channels on maps of "
        f"{square(stacks.SIDE)}, with their skips and without, before any training. A gradient of length 1 starts at "
        f"the output; the chart shows what arrives at the input, the median of {stacks.DRAWS} draws with "
        f"{stacks.PICTURES} pictures each. Near 1 is good: from a gradient that vanishes the first layers learn "
        "nothing, and one that explodes makes them jump."
    )

"""What does this block buy?"""

import streamlit as st

from explorer.ui import html_table, warm_up
from explorer.ui.address import share
from explorer.ui.blocks import headline
from explorer.ui.blocks.picker import explain_link, pick_block, pick_options, pick_preset

st.html(html_table.STYLE)
explain_link()
with st.container(horizontal=True, vertical_alignment="center"):
    block = pick_block()
    headline.source(block)
    place_to_share = st.container(width="content")
st.markdown(block.explanation)
presets = st.container()
controls, body = st.columns([2.4, 9.6], gap="medium")
with controls:
    values = pick_options(block, wide=body)
with presets:
    pick_preset(block, values)

with body:
    warm_up.wait_visibly(600)

from explorer.ui.blocks import views  # noqa: E402

views.show(block, values, body.container())
with place_to_share:
    share()

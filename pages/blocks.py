"""What does this block buy?"""

import streamlit as st

from explorer.ui import warm_up
from explorer.ui.blocks import headline
from explorer.ui.blocks.picker import pick_block, pick_options, pick_preset

with st.container(horizontal=True, vertical_alignment="center"):
    block = pick_block()
    headline.source(block)
st.markdown(block.explanation)
presets = st.container()
controls, body = st.columns([2.4, 9.6], gap="medium")
with controls:
    values = pick_options(block, wide=body)
with presets:
    pick_preset(block, values)

if not warm_up.is_ready():
    with body:
        st.caption("Starting PyTorch. This takes a few seconds, once after the server starts.")
        st.skeleton(height=600)
    warm_up.wait()

from explorer import blocks  # noqa: E402
from explorer.ui.blocks import views  # noqa: E402

with body:
    try:
        shown = views.Shown(block, values, blocks.analyze(block.name, **values), blocks.rivals(block.name, **values))
    except ValueError as error:
        st.warning(str(error), icon=":material/link_off:")
        st.stop()
    headline.numbers(shown.analysis)
    headline.read_out(block.sentences(values, shown.analysis, shown.rivals))
    views.main(shown)
views.more(shown)

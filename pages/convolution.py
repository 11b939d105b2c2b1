"""What does one convolution do to my picture?"""

import streamlit as st

from explorer.ui.address import share
from explorer.ui.convolution import VIEWS, address, channels, field, flattening, picture, pooling, stepping

address.explain()
top = st.container(horizontal=True, vertical_alignment="center")
top.markdown(
    "### Convolution :small[:gray[a small kernel slides over a picture; each sum of products is one number of the "
    "output]]",
    width="stretch",
)
draw = dict(
    zip(VIEWS, (picture.show, stepping.show, channels.show, pooling.show, flattening.show, field.show), strict=True)
)
tabs = dict(zip(VIEWS, st.tabs(VIEWS, key="lesson", on_change="rerun", bind="query-params"), strict=True))
for view, tab in tabs.items():
    if tab.open:
        with tab:
            draw[view]()
with top:
    share()

"""What does one convolution do to my picture?"""

import streamlit as st

from explorer.ui.convolution import VIEWS, address, channels, field, flattening, picture, pooling, stepping

address.explain()
st.markdown(
    "### Convolution :small[:gray[a small kernel slides over a picture; each sum of products is one number of the "
    "output]]"
)
tabs = dict(zip(VIEWS, st.tabs(VIEWS, key="show", on_change="rerun", bind="query-params"), strict=True))
draw = dict(
    zip(
        VIEWS,
        (picture.show, stepping.show, channels.show, pooling.show, flattening.show, field.show),
        strict=True,
    )
)
for view, tab in tabs.items():
    if tab.open:
        with tab:
            draw[view]()

"""What does one convolution do to my picture?"""

import streamlit as st

from explorer.ui.address import share
from explorer.ui.convolution import VIEWS, address, channels, field, flattening, picture, pooling, stepping
from explorer.ui.views import show_views

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
show_views(draw, key="lesson")
with top:
    share()

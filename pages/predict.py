"""What does a network see in my picture?"""

import streamlit as st

from explorer.ui import warm_up
from explorer.ui.address import share

top = st.container(horizontal=True, vertical_alignment="center")
with top:
    st.markdown("### Predict :small[:gray[what a network gets, says and looks at]]", width="stretch")
warm_up.wait_visibly(400)

from explorer.ui.predict import address, answers, networks, picture_source, question, views  # noqa: E402

address.explain()
left, right = st.columns([1, 2], gap="large")
with left:
    picture = picture_source.pick_picture()
with right:
    asked = question.put(picture, networks.load_all(networks.pick_networks()))
    if asked:
        answers.show(asked)
if asked:
    views.show(asked)
with top:
    share()

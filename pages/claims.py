"""Is what the textbook says true?"""

import streamlit as st

from explorer.ui import warm_up
from explorer.ui.address import share
from explorer.ui.claims import cards, filters

top = st.container(horizontal=True, vertical_alignment="center")
top.markdown(
    "### Claims :small[:gray[what papers, courses and study notes say of networks, worked out anew by the analysis of "
    "Explore]]",
    width="stretch",
)
chosen = filters.choose_claims()
shown = filters.show_count(chosen)
with top:
    share()
warm_up.wait_visibly(600)

if not shown:
    st.info("No claim has all of this. Take a filter away or search for fewer words.", icon=":material/search_off:")
    st.stop()
with st.spinner("Working out the figures"):
    for claim in shown:
        cards.measured(claim.name)
cards.show_cards(shown)

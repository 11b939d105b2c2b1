"""The frame around every page: page settings and navigation."""

import streamlit as st

st.set_page_config(page_title="Architecture explorer", page_icon=":material/layers:", layout="wide")

page = st.navigation(
    [st.Page("../../pages/explore.py", title="Explore", icon=":material/search:", default=True)],
    position="top",
)
page.run()

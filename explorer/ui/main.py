"""The frame around every page: page settings, style and navigation."""

from pathlib import Path

import streamlit as st

from explorer.ui import banner
from explorer.ui.address import arrive

LOGO = str(Path(__file__).parents[2] / "assets" / "logo.png")

st.set_page_config(page_title="Architecture explorer", page_icon=LOGO, layout="wide")
st.logo(LOGO, size="medium")
st.html(Path(__file__).with_name("style.css"))

explore = st.Page("../../pages/explore.py", title="Explore", icon=":material/search:")
compare = st.Page("../../pages/compare.py", title="Compare", icon=":material/compare_arrows:")
blocks = st.Page("../../pages/blocks.py", title="Blocks", icon=":material/widgets:")
convolution = st.Page("../../pages/convolution.py", title="Convolution", icon=":material/grid_on:")
train = st.Page("../../pages/train.py", title="Train", icon=":material/model_training:")
predict = st.Page("../../pages/predict.py", title="Predict", icon=":material/image_search:")
claims = st.Page("../../pages/claims.py", title="Claims", icon=":material/fact_check:")


def home() -> None:
    """Send the bare address to Explore, with all that it asks for."""
    st.switch_page(explore, query_params=st.query_params.to_dict())


page = st.navigation(
    [
        st.Page(home, title="Home", default=True, visibility="hidden"),
        explore,
        compare,
        blocks,
        convolution,
        train,
        predict,
        claims,
    ],
    position="top",
)
arrive(page.url_path)
page.run()
banner.show(train)

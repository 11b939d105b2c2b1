"""A word on every page about the runs that are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from explorer.ui.markdown import plain

if TYPE_CHECKING:
    from explorer.training.records import Record

EVERY_SECONDS = 5
_CSS = """<style>
.st-key-banner { position: fixed; right: 1rem; bottom: 0.75rem; z-index: 90; width: auto; max-width: calc(100vw - 2rem);
  padding: 0.1rem 0.8rem; border: 1px solid #8888; border-radius: 1.2rem; background: BACKGROUND; }
</style>"""


@st.fragment(run_every=EVERY_SECONDS)
def show(train: StreamlitPage) -> None:
    """Draw a link to the runs under way, this visitor's own where they have some; nothing where there are none.

    It lies over the page's lower edge, so that the page does not move when a run starts or ends. Where all of them are
    shown anyway, it stays away.
    """
    if not _under_way():
        return
    from explorer.ui.chart import theme
    from explorer.ui.visitor import current_visitor

    visitor, watched = current_visitor(), st.query_params.get("run", "").split(",")
    runs = [run for run in _under_way() if visitor.may_use_pictures(run)]
    if all(run.id in watched for run in runs):
        return
    mine = [run for run in runs if run.owner == visitor.owner]
    shown = (mine or runs)[:8]
    label = f"{plain(shown[0].name)} is under way" if len(runs) == 1 else f"{len(runs)} runs are under way"
    with st.container(key="banner"):
        background = st.get_option(f"theme.{theme()}.secondaryBackgroundColor")
        st.html(_CSS.replace("BACKGROUND", background or "Canvas"))
        st.page_link(
            train,
            label=label,
            icon=":material/model_training:",
            query_params={"run": ",".join(run.id for run in shown)},
            help="Show their curves: yours, if you have some.",
        )


@st.cache_data(ttl=2, max_entries=1, show_spinner=False)
def _under_way() -> list[Record]:
    """Return the runs under way, asked of the store once for all visitors. One that does not answer tells of none."""
    from explorer.training.jobs import connect
    from explorer.training.records import JobError

    try:
        return connect().under_way()
    except JobError:
        return []

"""Pictures of one's own: a zip archive with a folder a class becomes a data set."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import settings
from explorer.data import BadArchiveError, own_pictures
from explorer.ui.markdown import plain
from explorer.ui.train import filling

_TAKEN = "t_taken"  # in the session: the report on what was given last


def show() -> None:
    """Draw the form, and the report on what was given."""
    st.markdown("### Pictures of your own")
    st.caption(
        "A zip archive with a folder for each class, at least two. Runs on them are listed to you and the teacher; who "
        "has the link to one can see its surest answers. While the form is set to them, the page's link lets others "
        "train on them too. Pictures that nobody trains on are deleted after 30 days."
    )
    with st.form("own-pictures", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(
            "Name", key="own-title", max_chars=own_pictures.LONGEST_TITLE, placeholder="Own pictures", width=220
        )
        size = st.selectbox("Size in pixels", own_pictures.SIZES, index=1, width=130, help="They are cut to squares.")
        given = st.file_uploader("Archive", type="zip", max_upload_size=settings.limits().upload_mebibytes)
        if st.form_submit_button("Read the archive", icon=":material/folder_zip:") and given:
            _take(given, title, size)
    for sentence in st.session_state.get(_TAKEN, ()):
        st.write(plain(sentence))


def _take(given: object, title: str, size: int) -> None:
    bar = st.progress(0.0, text="Reading the archive")
    try:
        name, report = own_pictures.add(
            given,  # type: ignore[arg-type]
            title,
            size,
            partial(_show_files, bar),
        )
    except BadArchiveError as error:
        st.error(plain(str(error)), icon=":material/folder_off:")
        return
    finally:
        bar.empty()
    st.session_state[_TAKEN] = [
        *report.sentences(),
        *(f"{reason.why} ({reason.files:,})" for reason in report.left_out),
    ]
    filling.use_later(name)
    st.rerun()


def _show_files(bar: DeltaGenerator, done: int, total: int) -> None:
    bar.progress(done / max(1, total), text=f"{done:,} of {total:,} files read")

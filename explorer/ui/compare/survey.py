"""All networks as candidates, with a progress bar while they are being analyzed for the first time."""

from __future__ import annotations

import streamlit as st

from explorer import registry
from explorer.comparison import candidates
from explorer.comparison.candidates import Candidate


def all_candidates() -> tuple[Candidate, ...] | None:
    """Return every network; None while they are analyzed, which is shown. It happens once after the server starts."""
    candidates.survey.start()
    if candidates.survey.next_name is None:
        return candidates.survey.candidates
    _progress()
    return None


@st.fragment(run_every=0.5)
def _progress() -> None:
    survey = candidates.survey
    found = survey.candidates
    if (name := survey.next_name) is None:
        st.rerun()
    done = f"{len(found)} of {len(registry.names())} networks. Now {registry.get(name).title}"
    st.progress(survey.progress, text=f"Analyzing every network, once after the server starts: {done}.")
    st.skeleton(height=500)

"""The call that builds the block, and the source of what it calls."""

from __future__ import annotations

import streamlit as st

from explorer.blocks.construction import Call

_HEIGHT = 460  # pixels


def show(construction: Call) -> None:
    st.markdown("Build it yourself, on any device:")
    st.code(construction.code(), language="python")
    for named, source in construction.sources():
        st.markdown(f"`{named.name}`, from `{named.module}`:")
        st.code(source, language="python", height=min(_HEIGHT, 24 * source.count("\n") + 40))

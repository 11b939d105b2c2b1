"""Where a network comes from: its paper, ideas, recipe and results, and what torchvision does differently."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.architecture import Architecture


def show(arch: Architecture) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown("#### What it brought")
        st.markdown("\n".join(f"- {idea}" for idea in arch.ideas))
        if arch.recipe:
            st.markdown("#### How it was trained")
            st.markdown(arch.recipe)
    with right:
        st.markdown("#### The paper")
        paper = arch.paper
        st.markdown(f"[{paper.title}]({paper.url})  \n{paper.authors}  \nFirst public: {paper.published}")
        _results(arch)
        st.markdown("#### Against torchvision")
        st.markdown(
            "\n".join(f"- {difference}" for difference in arch.differences) or "Built by torchvision, as it is."
        )
        _references(arch)


def _results(arch: Architecture) -> None:
    st.markdown("#### Its results")
    if not arch.results:
        st.markdown("No result was published for exactly this network.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Data": [result.dataset for result in arch.results],
                "Top-1 error": [_percent(result.top1_error) for result in arch.results],
                "Top-5 error": [_percent(result.top5_error) for result in arch.results],
                "Measured": [result.how for result in arch.results],
                "Source": [result.source for result in arch.results],
            }
        ),
        hide_index=True,
    )


def _references(arch: Architecture) -> None:
    if arch.references:
        st.markdown("#### What its numbers are checked against")
        st.markdown("\n".join(f"- {one.quantity}: {one.value:,.10g} ({one.source})" for one in arch.references))


def _percent(error: float | None) -> str:
    return "" if error is None else f"{error:g} %"

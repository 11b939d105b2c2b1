"""Where a network comes from: its paper, ideas, recipe and results, and what torchvision does differently."""

from __future__ import annotations

import streamlit as st

from explorer.architecture import Architecture, Result

QUANTITIES = {"params": "Parameters", "macs": "MACs", "depth": "Layers"}


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
    st.markdown(
        "\n".join(
            f"- **{_errors(one)}** on {one.dataset}, {one.how}  \n:small[:gray[{one.source}]]" for one in arch.results
        )
    )


def _errors(result: Result) -> str:
    errors = {"top-1": result.top1_error, "top-5": result.top5_error}
    told = [f"{name} {error:g}\N{NO-BREAK SPACE}%" for name, error in errors.items() if error is not None]
    return f"Error {', '.join(told)}"


def _references(arch: Architecture) -> None:
    if arch.references:
        st.markdown("#### What its numbers are checked against")
        st.markdown(
            "\n".join(f"- {QUANTITIES[one.quantity]}: {one.value:,.10g} ({one.source})" for one in arch.references)
        )

"""The backbone chooser: the networks within a budget, and how long they take on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from explorer import units
from explorer.charts.accuracy import accuracy
from explorer.comparison.candidates import Rated, rated
from explorer.comparison.entry import LEAST, MOST, Entry
from explorer.latency import LEAST_RUNS, Latency, device_name, devices, keep, kept, measure_latency
from explorer.ui.address import choose
from explorer.ui.compare.budget import BUDGETS, fits, pick
from explorer.ui.compare.state import show_networks
from explorer.ui.compare.survey import all_candidates

_MEASURE = "measure"  # in the session: the names that are to be measured


def show() -> None:
    """Draw the ranges, the networks within them, and what one can do with those."""
    with st.grid(columns="auto", min_column_width=260, gap="medium"):
        ends = {budget: pick(budget) for budget in BUDGETS}
    candidates = all_candidates()
    if candidates is None:
        return
    every = rated(candidates, "top1", ("torchvision", "paper"))
    left = sorted((one for one in every if fits(one, ends)), key=accuracy, reverse=True)
    if not left:
        st.info("No network fits all four ranges. Widen one of them.", icon=":material/filter_alt_off:")
        return
    device = _pick_device()
    st.markdown(f"**{len(left)} of {len(every)} networks** with a published accuracy on ImageNet remain.")
    chosen = _table(left, device)
    _actions(chosen, device)
    st.caption(
        f"Latency is for one picture on **{device_name(device)}**: warm, the median of {LEAST_RUNS} runs, with random "
        "weights, which take as long as trained ones. What else runs on the machine slows it down."
    )


def _pick_device() -> str:
    found = devices()
    if len(found) == 1:
        return found[0]
    names = {device: device_name(device) for device in found}
    return choose(st.segmented_control, "Latency on", names, key="device", default=found[0], required=True)


def _table(left: Sequence[Rated], device: str) -> list[Rated]:
    """Draw the networks that remain; return those that are selected."""
    known = kept(device)
    measured = [known.get((one.candidate.name, one.candidate.side)) for one in left]
    state = st.dataframe(
        _frame(left, measured),
        key=f"chooser-{hash(tuple(one.candidate.name for one in left))}",
        height=460,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        lazy=False,
        placeholder="",
        column_config=_columns(),
        alt=f"{len(left)} networks with their cost, their accuracy and their latency.",
    )
    return [left[row] for row in state["selection"]["rows"]]


def _frame(left: Sequence[Rated], measured: Sequence[Latency | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Network": [one.candidate.title for one in left],
            "Open": [f"explore?arch={one.candidate.name}" for one in left],
            "Top-1 accuracy": [accuracy(one) for one in left],
            "Parameters": [one.candidate.params for one in left],
            "MACs": [one.candidate.macs for one in left],
            "Memory": [one.candidate.activation_bytes / 2**20 for one in left],
            "Weight file": [one.candidate.weight_bytes / 2**20 for one in left],
            "Input": [units.shape((one.candidate.side, one.candidate.side)) for one in left],
            "Latency": [None if latency is None else 1000 * latency.seconds for latency in measured],
            "Year": [one.candidate.year for one in left],
            "Source": [one.error.source for one in left],
        }
    )


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "Network": config.TextColumn(pinned=True, width=190),
        "Open": config.LinkColumn(
            "Open", display_text=":material/open_in_new:", width=60, help="Open it on Explore, in a tab of its own."
        ),
        "Top-1 accuracy": config.NumberColumn("Top-1 %", format="%.1f", width=80, help="On ImageNet's validation set."),
        "Parameters": config.NumberColumn(format="localized", width=115),
        "MACs": config.NumberColumn(format="localized", width=140, help="Multiply-accumulates for one picture."),
        "Memory": config.NumberColumn("MiB", format="%.1f", width=75, help="Activations of one picture, in float32."),
        "Weight file": config.NumberColumn("File MiB", format="%.1f", width=85, help="Weights in float32."),
        "Input": config.TextColumn(width=85, help="Height and width of the picture."),
        "Latency": config.NumberColumn(
            "ms",
            format="%.1f",
            width=75,
            help="Milliseconds for one picture, measured here; empty if not yet.",
        ),
        "Year": config.NumberColumn(format="%d", width=60),
        "Source": config.TextColumn(help="Where the accuracy stands."),
    }


def _actions(chosen: Sequence[Rated], device: str) -> None:
    names = [one.candidate.name for one in chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Compare the selected",
            icon=":material/compare_arrows:",
            disabled=not LEAST <= len(names) <= MOST,
            on_click=_compare,
            args=(names,),
        )
        asked = st.button(
            "Measure their latency", icon=":material/timer:", disabled=not names, help="Large networks take a minute."
        )
        if not names:
            st.caption(f"Select {LEAST} to {MOST} rows to compare them, or any to measure them.")
    if asked:
        _measure(chosen, device)


def _compare(names: Sequence[str]) -> None:
    show_networks([Entry(name) for name in names])
    st.session_state["show"] = "Table"


def _measure(chosen: Sequence[Rated], device: str) -> None:
    bar = st.progress(0.0)
    for one in chosen:
        name, title, side = one.candidate.name, one.candidate.title, one.candidate.side
        bar.progress(0.0, text=f"{title}: building it, or waiting until another measurement ends")

        def progress(share: float, title: str = title) -> None:
            bar.progress(share, text=f"{title}: {share:.0%} of the runs")

        keep(measure_latency(name, device=device, side=side, progress=progress))
    st.rerun()

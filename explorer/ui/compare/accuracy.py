"""Accuracy against what it costs, over all networks; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from explorer import charts
from explorer.comparison.accuracy import Metric, Origin
from explorer.comparison.candidates import DATASETS, rated
from explorer.comparison.entry import Entry
from explorer.ui.address import choose
from explorer.ui.chart import show_chart, theme
from explorer.ui.compare.state import open_network
from explorer.ui.compare.survey import all_candidates

COSTS = {"params": "Parameters", "macs": "MACs", "activation_bytes": "Activation memory"}
METRICS = {"top1": "Top-1", "top5": "Top-5"}
ORIGINS: dict[str, tuple[Origin, ...]] = {
    "any": ("torchvision", "paper"),
    "torchvision": ("torchvision",),
    "paper": ("paper",),
}
ORIGIN_WORDS = {"any": "Either", "torchvision": "torchvision's weights", "paper": "As published"}


def show(entries: Sequence[Entry]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cost = choose(st.segmented_control, "Against", COSTS, key="cost", default="params", required=True)
        metric = choose(st.segmented_control, "Accuracy", METRICS, key="metric", default="top1", required=True)
        origin = choose(
            st.segmented_control,
            "From",
            ORIGIN_WORDS,
            key="origin",
            default="any",
            required=True,
            help="torchvision tests all its weights alike, on one centre crop. Papers test in ways of their own.",
        )
        dataset = choose(
            st.segmented_control,
            "On",
            {name: name for name in DATASETS},
            key="data",
            default=DATASETS[0],
            required=True,
        )
    candidates = all_candidates()
    if candidates is None:
        return
    points = rated(candidates, cast(Metric, metric), ORIGINS[origin], dataset)
    if not points:
        st.info("No such accuracy was published for any of the networks here.")
        return
    chosen = {entry.name for entry in entries}
    chart = charts.accuracy_scatter(points, cost, cast(Metric, metric), chosen=chosen, theme=theme())
    state = show_chart(chart, key="accuracy", on_select="rerun", selection_mode="points")
    st.caption(
        "The line is the Pareto front: no network is both cheaper and more accurate than one on it. Costs are for one "
        "picture of the size that the accuracy was measured with. A click on a point opens its network."
    )
    clicked = [point["customdata"][0] for point in state.selection.points if point.get("customdata")]
    if clicked:
        open_network(Entry(clicked[0]))

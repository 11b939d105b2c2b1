"""What a run's network does with the validation pictures, when it has finished."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import charts
from explorer.training.jobs import Jobs
from explorer.training.records import Record, State
from explorer.training.report import Example, Report
from explorer.ui.chart import show_chart, theme
from explorer.ui.markdown import plain
from explorer.ui.train import runs

SIDE = 112  # pixels on the page
ICON = ":material/hourglass_empty:"


def show(jobs: Jobs, shown: Sequence[Record]) -> None:
    """Draw the confusion matrix, the accuracy of each class, and the pictures that it was surest of, of one run."""
    if not shown:
        st.info("Choose a run above, or press Train: its results are here when it has finished.", icon=ICON)
        return
    run = runs.choose_one(shown, "t_result")
    report = None if run.is_under_way else jobs.report(run.id)  # one that goes on may have that of its end before
    if report is None:
        st.info(_why_none(run), icon=ICON)
        return
    counts = report.confusion
    total, right = sum(map(sum, counts)), sum(row[place] for place, row in enumerate(counts))
    what = "test pictures" if report.is_test_set else "validation pictures"
    st.markdown(
        f"**{plain(run.name)}** answers {right:,} of {total:,} {what} correctly: **{100 * right / total:.2f} %**."
    )
    left, beside = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("#### What it takes for what")
        show_chart(charts.confusion_matrix(report.labels, counts, theme=theme()), key=f"confusion-{run.id}")
    with beside:
        st.markdown("#### Accuracy by class")
        by_class = charts.class_accuracies(
            report.labels, report.accuracies, [sum(row) for row in counts], theme=theme()
        )
        show_chart(by_class, key=f"classes-{run.id}")
    _examples("Surest where it is wrong", report.wrong, report, "Not one of the pictures is answered wrongly.")
    _examples("Surest where it is right", report.right, report, "Not one of the pictures is answered correctly.")


def _examples(title: str, examples: Sequence[Example], report: Report, none: str) -> None:
    st.markdown(f"#### {title}", help="Below each picture: the answer, and the probability that the network gives it.")
    if not examples:
        st.caption(none)
        return
    with st.grid(columns="auto", min_column_width=SIDE + 24, gap="small", key=f"examples-{title}"):
        for example in examples:
            answer, label = report.labels[example.answer], report.labels[example.label]
            with st.container(gap="xsmall"):
                st.image(_pixels(example), width=SIDE, alt=f"A {label}, taken for {answer}")
                probability = f"{100 * example.probability:.1f} %"
                truth = "" if answer == label else f", is {plain(label)}"
                st.caption(f"**{plain(answer)}** {probability}{truth}")


def _why_none(run: Record) -> str:
    """Return why there are no results, from how the run stands."""
    if run.is_under_way:
        return "The results are here as soon as the run has finished."
    ended = {State.STOPPED: "was stopped", State.INTERRUPTED: "was interrupted", State.FAILED: "has failed"}
    if run.state in ended:
        return f"This run {ended[run.state]} before its end, so that there are no results. Resume it to have them."
    return "There are no results: the answers of this network are no numbers."


def _pixels(example: Example) -> np.ndarray:
    """Return the picture in its own colours, each pixel a square of whole screen pixels."""
    shape = (example.height, example.width, example.channels)
    pixels = np.frombuffer(example.pixels, np.uint8).reshape(shape)
    times = max(1, SIDE // example.height)
    large = pixels.repeat(times, axis=0).repeat(times, axis=1)
    return large[..., 0] if example.channels == 1 else large

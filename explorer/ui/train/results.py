"""What a run's network does with the validation pictures, when it has finished."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import charts
from explorer.training.jobs import Jobs
from explorer.training.records import Record
from explorer.training.report import Example, Report
from explorer.ui.chart import show_chart, theme
from explorer.ui.markdown import plain
from explorer.ui.train import runs

SIDE = 112  # pixels on the page


def show(jobs: Jobs, shown: Sequence[Record]) -> None:
    """Draw the confusion matrix, the accuracy of each class, and the pictures that it was surest of, of one run."""
    run = runs.choose_one(shown, "t_result")
    if run is None:
        return
    report = jobs.report(run.id)
    if report is None:
        st.info("The results are here when the run has finished.", icon=":material/hourglass_empty:")
        return
    counts = report.confusion
    total, right = sum(map(sum, counts)), sum(row[place] for place, row in enumerate(counts))
    what = "test pictures" if report.is_test_set else "validation pictures"
    st.markdown(
        f"**{plain(run.name)}** answers {right:,} of {total:,} {what} rightly: **{100 * right / total:.2f} %**."
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
    _examples("Surest where it is right", report.right, report, "Not one of the pictures is answered rightly.")


def _examples(title: str, examples: Sequence[Example], report: Report, none: str) -> None:
    st.markdown(f"#### {title}")
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
                st.caption(f"**{plain(answer)}** {probability}{truth}", help="Its answer, and how sure it is of it.")


def _pixels(example: Example) -> np.ndarray:
    """Return the picture in its own colours, each pixel a square of whole screen pixels."""
    shape = (example.height, example.width, example.channels)
    pixels = np.frombuffer(example.pixels, np.uint8).reshape(shape)
    times = max(1, SIDE // example.height)
    large = pixels.repeat(times, axis=0).repeat(times, axis=1)
    return large[..., 0] if example.channels == 1 else large

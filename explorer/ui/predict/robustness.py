"""The picture made worse: how the answer moves."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.charts.probabilities import probability_curves
from explorer.prediction.answer import answer_to
from explorer.prediction.robustness import CHANGES, Change
from explorer.ui.address import choose, explain_address, number
from explorer.ui.chart import show_chart, theme
from explorer.ui.predict import answers
from explorer.ui.predict.album import remember
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question

MOMENTS = 9  # of the curve
CURVES = 3
TILE = 230  # pixels


def show(question: Question) -> None:
    explain_address("robustness", {one.name: number(one.title, 0, one.most) for one in CHANGES.values()})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {name: change.title for name, change in CHANGES.items()}
        change = CHANGES[
            choose(st.segmented_control, "Change", titles, key="change", default=next(iter(titles)), required=True)
        ]
        amount = st.slider(
            f"{change.title} ({change.unit})",
            0.0,
            float(change.most),
            _start(change),
            float(change.step),
            format="%g",
            key=change.name,
            bind="query-params",
            width=320,
            help=change.help,
        )
    changed = change.apply(question.cropped, amount)
    answer = answer_to(question.model, changed)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        note = f"{amount:g} {change.unit}"
        gallery(
            [
                Tile(question.cropped, "As it is", question.picture.alt),
                Tile(changed, change.title, f"The picture after {change.title.lower()}: {note}", note=note),
            ],
            key="changed",
            width=TILE,
        )
        answers.compare(
            [("As it is", question.model, question.answer), (change.title, question.model, answer)],
            key="changed-answers",
        )
    with right:
        best = question.answer.top(CURVES)
        values = remember(("change", *question.key, change.name), lambda: _curves(question, change))
        names = [f"{number}: {question.answer.labels[number]}" for number in best]
        amounts = _amounts(change)
        curves = {name: values[number] for name, number in zip(names, best, strict=True)}
        chart = probability_curves(
            curves, amounts, f"{change.title} ({change.unit})", f"change-{change.name}", now=amount, theme=theme()
        )
        show_chart(chart, key="change-curves")
        st.markdown(_sentence(question, change, values))


def _start(change: Change) -> float:
    return float(round(change.most / 4 / change.step) * change.step)


def _amounts(change: Change) -> list[float]:
    return [float(amount) for amount in np.linspace(0, change.most, MOMENTS)]


def _curves(question: Question, change: Change) -> dict[int, list[float]]:
    found = [answer_to(question.model, change.apply(question.cropped, amount)) for amount in _amounts(change)]
    return {number: [one.probabilities[number] for one in found] for number in range(len(question.answer.labels))}


def _sentence(question: Question, change: Change, values: dict[int, list[float]]) -> str:
    """Say from which amount on the first answer is no longer the most probable class."""
    best = question.answer.top(1)[0]
    for place, amount in enumerate(_amounts(change)):
        if values[best][place] < max(one[place] for one in values.values()):
            return f"From about **{amount:g} {change.unit}** on, the network says something else."
    return f"Up to {change.most:g} {change.unit} the network stays with its first answer."

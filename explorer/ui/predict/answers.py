"""The answers of all networks side by side: the most probable classes as bars that can be clicked."""

from __future__ import annotations

import csv
import io
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from explorer import units
from explorer.prediction.answer import Answer
from explorer.prediction.model import Model
from explorer.ui.address import choose
from explorer.ui.panel import make_panel
from explorer.ui.predict.question import TOP, Question, explain

_panel = make_panel("explorer_answers", (Path(__file__).with_name("answers.css")).read_text())
_DEVICES = {"cpu": "the CPU", "cuda": "the GPU"}
NO_TRUTH = ""


def show(question: Question) -> None:
    """Draw the bars, and follow a click on one."""
    truth = _truth(question)
    parts = [
        answer_html(model, question.answers[name], truth, question.number if model is question.model else None)
        for name, model in question.models.items()
    ]
    picked = _panel(f'<div class="answers">{"".join(parts)}</div>', key="answers")
    if picked:
        name, _, number = picked.rpartition("|")
        explain(question, name, int(number))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _pick_truth(question)
        with st.popover("Data", icon=":material/table:", help="The same numbers as a table"):
            st.dataframe(table(question), hide_index=True)
        st.download_button(
            "CSV",
            lambda: answers_csv(question),
            "answers.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="The probabilities of all classes of all networks on this picture.",
        )


def compare(parts: list[tuple[str, Model, Answer]], key: str) -> None:
    """Draw answers of one network under different circumstances, each with its title."""
    body = "".join(answer_html(model, answer, title=title) for title, model, answer in parts)
    _panel(f'<div class="answers">{body}</div>', key=key)


def answer_html(
    model: Model, answer: Answer, truth: int | None = None, chosen: int | None = None, title: str = ""
) -> str:
    """Return the most probable classes of one answer as bars; the true class comes last if it is not among them."""
    numbers = list(answer.top(TOP))
    if truth is not None and truth < len(answer.labels) and truth not in numbers:
        numbers.append(truth)
    can_be_picked = not title
    rows = "".join(_bar(model, answer, number, truth, chosen, can_be_picked) for number in numbers)
    size = units.shape((model.preprocessing.crop, model.preprocessing.crop))
    took = f"{units.duration(answer.seconds)} on {_DEVICES.get(answer.device, answer.device)}, {size} pixels"
    origin = "" if title else f". {escape(model.origin)}"
    warning = "" if model.is_trained else '<p class="untrained">Random weights: this answer means nothing.</p>'
    return (
        f'<section><h4>{escape(title or model.title)}</h4>{warning}<ol aria-label="The most probable classes">{rows}'
        f'</ol><p class="quiet">{took}{origin}</p></section>'
    )


def _bar(model: Model, answer: Answer, number: int, truth: int | None, chosen: int | None, can_be_picked: bool) -> str:
    share = answer.probabilities[number]
    label = escape(answer.labels[number])
    if number == truth:
        label += f' <span class="truth">true, place {answer.rank(number)}</span>'
    text = f'<span class="label">{label}</span><span class="value">{units.percent(share)}</span>'
    bar = f'<span class="bar" style="--share:{100 * share:.2f}%"></span>'
    if not can_be_picked:
        return f'<li><div class="row">{text}{bar}</div></li>'
    pressed = "true" if number == chosen else "false"
    pick = escape(f"{model.name}|{number}")
    return f'<li><button class="row" data-pick="{pick}" aria-pressed="{pressed}">{text}{bar}</button></li>'


def _truth(question: Question) -> int | None:
    value = st.session_state.get("truth") or st.query_params.get("truth", "")
    return int(value) if value.isascii() and value.isdecimal() else None


def _pick_truth(question: Question) -> None:
    labels = {str(number): label for number, label in enumerate(question.answer.labels)}
    choose(
        st.selectbox,
        "True label",
        {NO_TRUTH: "Not given"} | labels,
        key="truth",
        default=NO_TRUTH,
        width=260,
        help="What is really on the picture, if you know: its place among all classes is shown.",
    )


def table(question: Question) -> pd.DataFrame:
    """Return the most probable classes of every network, a line each."""
    lines = [
        (model.title, place, answer.labels[number], 100 * answer.probabilities[number])
        for name, model in question.models.items()
        for answer in [question.answers[name]]
        for place, number in enumerate(answer.top(TOP), 1)
    ]
    return pd.DataFrame(lines, columns=["Network", "Place", "Class", "Probability (%)"])


def answers_csv(question: Question) -> str:
    """Return the probability of every class of every network, the most probable first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["picture", "network", "place", "class", "probability"])
    for name, model in question.models.items():
        answer = question.answers[name]
        for place, number in enumerate(answer.top(len(answer.labels)), 1):
            row = (question.picture.title, model.title, place, answer.labels[number], answer.probabilities[number])
            writer.writerow(row)
    return text.getvalue()

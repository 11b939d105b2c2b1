"""What it looked at, hidden: does the probability fall?"""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st
from PIL import Image

from explorer import units
from explorer.charts.probabilities import probability_curves
from explorer.prediction.answer import probabilities_of
from explorer.prediction.hiding import Fill, hide
from explorer.ui.address import choose, explain_address, whole_number
from explorer.ui.chart import show_chart, theme
from explorer.ui.predict.album import remember
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question, quoted

FILLS = {"grey": "Grey", "black": "Black", "blur": "Blur"}
SHARES = (0, 5, 10, 20, 30, 40, 60, 80)  # percent
TILE = 230  # pixels
_CLEARLY = 0.01  # of probability
_TELLING = 0.05


def show(question: Question) -> None:
    explain_address("hide", {"hide": whole_number("The share to hide", 0, SHARES[-1])})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = st.slider(
            "Hide",
            0,
            SHARES[-1],
            20,
            5,
            format="%d %%",
            key="hide",
            bind="query-params",
            width=320,
            help="Share of the picture.",
        )
        fill = cast(Fill, choose(st.segmented_control, "With", FILLS, key="fill", default="grey", required=True))
    hottest, coldest = (_hidden(question, which, share, fill) for which in ("hottest", "coldest"))
    whole, without_hottest, without_coldest = probabilities_of(
        question.model, [question.cropped, hottest, coldest], question.number
    )
    label = quoted(question.label)
    st.markdown(
        f"Without the hottest {share} % of its Grad-CAM, the probability of {label} goes from {units.percent(whole)} "
        f"to **{units.percent(without_hottest)}**; without the coldest {share} % to "
        f"**{units.percent(without_coldest)}**. {verdict(whole, without_hottest, without_coldest)}"
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        gallery(
            [
                Tile(question.cropped, "Whole", question.picture.alt, note=units.percent(whole)),
                Tile(hottest, "Hottest hidden", "Without what it looked at", note=units.percent(without_hottest)),
                Tile(coldest, "Coldest hidden", "Without what it ignored", note=units.percent(without_coldest)),
            ],
            key="hidden",
            width=TILE,
        )
        st.markdown(
            "If a heat map tells the truth, hiding the hot part hurts more than hiding as much of the cold part. Edges "
            "of what hides are new to the network too, so a fall has two causes."
        )
    with right:
        curves = remember(("hiding", *question.key, question.number, fill), lambda: _curves(question, fill))
        chart = probability_curves(curves, SHARES, "Hidden (% of the picture)", "hiding", now=share, theme=theme())
        show_chart(chart, key="hiding-curves")


def verdict(whole: float, without_hottest: float, without_coldest: float) -> str:
    """Say whether the map holds, by the probability of the whole picture and of what is left of it."""
    hot, cold = whole - without_hottest, whole - without_coldest
    if whole < _TELLING:
        return "The probability is too small to tell whether the map holds: take a class that the network believes in."
    if max(hot, cold) <= _CLEARLY:
        return "Here the map tells little: the answer stands without either part. Hide more, or try another picture."
    if abs(hot - cold) <= _CLEARLY:
        return "Here the map tells little: both parts cost about as much. Hide another share, or try another picture."
    points = f"{100 * abs(hot - cold):.1f} percentage points"
    if hot > cold:
        return f"Here the map holds: the hot part is worth {points} more than the cold part."
    return f"Do not believe the map here: the cold part is worth {points} more than the hot part."


def _hidden(question: Question, which: str, share: float, fill: Fill) -> Image.Image:
    picture, heat = question.cropped, question.heat()
    side = picture.width
    mask: np.ndarray = getattr(heat, which)(side, share / 100)
    return hide(picture, mask, fill)


def _curves(question: Question, fill: Fill) -> dict[str, tuple[float, ...]]:
    return {
        f"{which} hidden": probabilities_of(
            question.model, [_hidden(question, which, share, fill) for share in SHARES], question.number
        )
        for which in ("hottest", "coldest")
    }

"""Where the network looked for one class: a heat map over the picture."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.prediction.explain import Report, integrated_gradients, occlusion
from explorer.prediction.heat import Heat
from explorer.ui.address import choose
from explorer.ui.predict.album import remember
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question, default_layer, layers_of, quoted

METHODS = {"grad-cam": "Grad-CAM", "occlusion": "Occlusion", "gradients": "Integrated gradients"}
PATCHES = {"3": "a third", "5": "a fifth", "8": "an eighth"}  # of the picture's side
STEPS = 32
TILE = 320  # pixels
HOW = {
    "grad-cam": "The gradient of the class's score says how much each map of one layer speaks for the class; the maps, "
    "weighted so, are added up (Selvaraju et al. 2017). It takes one pass forward and half a pass back.",
    "occlusion": "A grey patch is laid over every place in turn, and the network asked again each time (Zeiler and "
    "Fergus 2013, the paper of ZFNet). It needs no gradient, but dozens of passes.",
    "gradients": f"The gradient with respect to every pixel, averaged over {STEPS} steps from a grey picture to this "
    "one (Sundararajan et al. 2017). What all pixels add is the whole change of the score.",
}


def show(question: Question) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = choose(st.segmented_control, "Method", METHODS, key="method", default="grad-cam", required=True)
        make = {"grad-cam": _grad_cam, "occlusion": _occlusion, "gradients": _gradients}[method]
        heat = make(question)
    picture = question.cropped
    st.markdown(
        f"**Where {question.model.title} looked for {quoted(question.label)}**. Click another bar above to have "
        "another class explained."
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        gallery(
            [
                Tile(picture, "What the network sees", question.picture.alt),
                Tile(
                    heat.over(picture), METHODS[method], f"Heat over the picture: {_hottest(heat)}", note=_hottest(heat)
                ),
            ],
            key="where",
            width=TILE,
        )
    with right:
        st.markdown(f"**What the colours mean**: {heat.meaning} Dark violet is nothing, yellow the most.")
        st.markdown(HOW[method])
        if heat.is_cold:
            st.info("No place speaks for this class here. Try another layer or class.", icon=":material/ac_unit:")


def _hottest(heat: Heat) -> str:
    if heat.is_cold:
        return "no heat anywhere"
    rows, columns = heat.values.shape
    row, column = divmod(int(heat.values.argmax()), columns)
    down = ("top", "middle", "bottom")[min(3 * row // rows, 2)]
    across = ("left", "centre", "right")[min(3 * column // columns, 2)]
    return f"hottest at the {down} {across}"


def _grad_cam(question: Question) -> Heat:
    found = {layer.path: layer.title for layer in layers_of(question.model)}
    path = choose(
        st.selectbox,
        "Layer",
        found,
        key="cam",
        default=default_layer(question.model).path,
        width=420,
        help="The last maps before pooling know most about classes; earlier ones see finer, but know less.",
    )
    return question.heat(path)


def _occlusion(question: Question) -> Heat:
    part = choose(
        st.segmented_control,
        "Patch",
        PATCHES,
        key="patch",
        default="5",
        required=True,
        help="Its side, as a part of the picture's. It moves by half of that.",
    )
    patch = max(2, round(question.model.preprocessing.crop / int(part)))
    return remember(
        ("occlusion", *question.key, question.number, patch),
        lambda: _with_bar(
            lambda report: occlusion(
                question.model, question.image, question.number, patch, max(1, patch // 2), report
            ),
            "Hiding one place after the other",
        ),
    )


def _gradients(question: Question) -> Heat:
    return remember(
        ("gradients", *question.key, question.number),
        lambda: _with_bar(
            lambda report: integrated_gradients(question.model, question.image, question.number, STEPS, report),
            "Going from grey to the picture",
        ),
    )


def _with_bar(make: Callable[[Report], Heat], text: str) -> Heat:
    place = st.empty()
    place.progress(0.0, text)

    def report(share: float) -> None:
        place.progress(share, text)

    heat = make(report)
    place.empty()
    return heat

"""What the network really gets of the picture, and what another size makes of the answer."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer import registry, units
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import Step
from explorer.ui.address import explain_address, whole_number
from explorer.ui.predict import answers
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question, answer_of

LARGEST = 640  # pixels
TILE = 210  # pixels


def show(question: Question) -> None:
    model = _pick_size(question.model)
    preprocessing = model.preprocessing
    steps = preprocessing.steps(question.image)
    tensor = preprocessing.tensor(question.image)
    st.markdown(
        f"**{model.title}** does not get the picture but a tensor of {units.shape((1, *preprocessing.shape))} numbers "
        f"from {tensor.min().item():.2f} to {tensor.max().item():.2f}. This is how it comes about."
    )
    tiles = [Tile(step.picture, step.title, f"{step.title}: {step.how}", note=_numbers(step)) for step in steps]
    back = preprocessing.true_colours(tensor)
    tiles.append(
        Tile(back, "Turned back", "The tensor in true colours again", note="Times the deviation, plus the mean")
    )
    gallery(tiles, key="steps", width=TILE)
    st.markdown("\n".join(f"- **{step.title}**: {step.how}" for step in steps[1:]))
    st.markdown(
        "**Why the fifth looks distorted**: it is the tensor shown as if it were a picture. Normalised values below 0 "
        "become black and those above 1 white. Nothing is lost in it, as the sixth shows: the same tensor, turned back."
    )
    if model is not question.model:
        other = replace(model, name=f"{model.name}@{preprocessing.resize}-{preprocessing.crop}")
        own, changed = _size(question.model), _size(model)
        answers.compare(
            [
                (f"As published: {own}", question.model, question.answer),
                (f"Changed: {changed}", model, answer_of(other, question.picture)),
            ],
            key="sizes",
        )


def _pick_size(model: Model) -> Model:
    """Draw the sizes; return the network with these, the network itself with its own."""
    arch = registry.get(model.arch)
    least, most = arch.size_range(dict(model.options) or arch.defaults)
    own = model.preprocessing
    explain_address(
        "steps",
        {
            "resize": whole_number("The size to resize to", least, LARGEST),
            "crop": whole_number("The size to crop to", least, most or LARGEST),
        },
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        resize = st.number_input(
            "Resize to",
            min_value=least,
            max_value=LARGEST,
            value=own.resize,
            key="resize",
            bind="query-params",
            width=130,
            help="The short side of the picture in pixels before its middle is cut out. A larger one shows less of the "
            "picture, larger. Below the crop, black is put around.",
        )
        crop = st.number_input(
            "Crop to",
            min_value=least,
            max_value=most or LARGEST,
            value=own.crop,
            key="crop",
            bind="query-params",
            disabled=least == most,
            width=130,
            help=f"Height and width of what the network gets, in pixels. {arch.title} {arch.size_rule}.",
        )
    if (resize, crop) == (own.resize, own.crop):
        return model
    return replace(model, preprocessing=own.sized(resize, crop))


def _size(model: Model) -> str:
    return f"resized to {model.preprocessing.resize}, cropped to {model.preprocessing.crop}"


def _numbers(step: Step) -> str:
    digits = "g" if isinstance(step.least, int) else ".2f"
    return f"{units.shape(step.shape)}, {step.least:{digits}} to {step.most:{digits}}"

"""The filters of the first convolution: the only ones that can be looked at as pictures."""

from __future__ import annotations

import streamlit as st

from explorer import units
from explorer.prediction.features import filters, first_convolution
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question

MOST = 96
TILE = 64  # pixels
WEAK = 0.1  # of the strongest filter's length: hardly does anything


def show(question: Question) -> None:
    model = question.model
    path, convolution = first_convolution(model)
    pictures = filters(model)
    lengths = convolution.weight.detach().flatten(1).norm(dim=1).cpu()
    weak = int((lengths < WEAK * lengths.max()).sum())
    channels = "RGB" if convolution.in_channels == 3 else "grey"
    size = units.shape(convolution.weight.shape[2:])
    st.markdown(
        f"**`{path}`** of {model.title} has {units.exact(len(pictures))} filters of {size} pixels ({channels}). "
        "Mid-grey is a weight of 0; each filter is scaled to its own largest weight. "
        f"{weak} of them {'is' if weak == 1 else 'are'} shorter than a tenth of the longest, so hardly in use."
    )
    tiles = [
        Tile(picture, str(number), f"Filter {number}, length {length:.2f}", note=f"{length:.2f}", is_sharp=True)
        for number, (picture, length) in enumerate(zip(pictures[:MOST], lengths.tolist(), strict=False))
    ]
    gallery(tiles, key="filters", width=TILE)
    shown = f"The first {MOST} are shown. " if len(pictures) > MOST else ""
    st.caption(f"{shown}Below each filter its number and its length: the root of the sum of its squared weights.")
    st.markdown(
        "**What looking is good for**: Zeiler and Fergus looked at AlexNet's first filters in 2013, found some dead, "
        "and the layer behind them full of artefacts of the stride of 4. They made the filters smaller "
        f"({units.shape((7, 7))}, stride 2): that is ZFNet. Trained filters show edges and colours, untrained noise."
    )

"""The feature maps of any layer, the strongest channels first, and one of them closely."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer import units
from explorer.prediction.features import FeatureMaps, feature_maps
from explorer.prediction.field import field_box, influence
from explorer.prediction.heat import Heat
from explorer.ui.address import choose
from explorer.ui.predict import state
from explorer.ui.predict.album import remember
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question, first_layer, layers_of, row_of

COUNTS = {"16": "16", "32": "32", "64": "64"}
LEAST_SIDE = 88  # pixels of a tile


def show(question: Question) -> None:
    found = {layer.path: layer.title for layer in layers_of(question.model)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = choose(
            st.selectbox,
            "Layer",
            found,
            key="layer",
            default=first_layer(question.model).path,
            width=420,
            help="In depth order: edges and colours first, then textures, then parts of things.",
        )
        count = choose(st.segmented_control, "Channels", COUNTS, key="maps", default="16", required=True)
    maps = maps_of(question, path)
    total = len(maps.strongest)
    shown = maps.strongest[: int(count)]
    st.markdown(
        f"The {len(shown)} strongest of **{units.exact(total)} maps**, {units.shape(maps.values.shape[1:])} each: "
        "dark is a map's least value, yellow its highest. Below each its channel and the mean of its absolute values. "
        "Click one to see what excites it."
    )
    chosen = _channel(maps)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picked = gallery(
            [_tile(maps, channel, channel == chosen) for channel in shown], key="maps-gallery", width=LEAST_SIDE
        )
    if picked and int(picked) != chosen:
        state.write("channel", picked)
        st.rerun()
    with right:
        _closely(question, maps, chosen)


def maps_of(question: Question, path: str) -> FeatureMaps:
    return remember(("maps", *question.key, path), lambda: feature_maps(question.model, question.image, path))


def _channel(maps: FeatureMaps) -> int:
    asked = state.read("channel")
    is_channel = asked.isascii() and asked.isdecimal() and int(asked) < len(maps.strongest)
    return int(asked) if is_channel else maps.strongest[0]


def _tile(maps: FeatureMaps, channel: int, is_chosen: bool) -> Tile:
    strength = f"{maps.strengths[channel]:.2g}"
    return Tile(
        maps.picture(channel),
        str(channel),
        f"Map of channel {channel}, mean absolute value {strength}",
        pick=str(channel),
        note=strength,
        is_sharp=True,
        is_chosen=is_chosen,
    )


def _closely(question: Question, maps: FeatureMaps, channel: int) -> None:
    """Draw one map over the picture, and the part of the picture where it is highest."""
    picture, values = question.cropped, maps.values[channel]
    row, column = maps.peak(channel)
    tiles = [
        Tile(Heat(values - values.min(), "").over(picture), f"Channel {channel} over the picture", "The map as heat")
    ]
    field = row_of(question.model, maps.path).receptive_field
    if field is not None and field.has_even_steps:
        box = field_box(field, (row, column), picture.width)
        seen = _effective(question, maps.path, (row, column), channel)
        tiles += [
            Tile(box.cut_from(picture), "What its peak sees", "The part of the picture that excites the map the most"),
            Tile(seen.over(picture), "What counts there", "The pixels that change the peak, as heat"),
        ]
    gallery(tiles, key="closely", width=170)
    st.markdown(
        f"**Channel {channel}** is highest, {float(values[row, column]):.3g}, at row {row} and column {column}. "
        "The gradient of that value shows which pixels matter to it: what Zeiler and Fergus found with a network "
        "turned round (2013), a gradient gives today."
    )


def _effective(question: Question, path: str, unit: tuple[int, int], channel: int) -> Heat:
    heat = remember(
        ("influence", *question.key, path, unit, channel),
        lambda: influence(question.model, question.image, path, unit, channel),
    )
    return Heat(np.sqrt(heat.values), heat.meaning)

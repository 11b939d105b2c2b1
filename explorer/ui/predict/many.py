"""All pictures at once: what every network says of each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer import samples, units
from explorer.ui.address import choose
from explorer.ui.predict import album
from explorer.ui.predict.album import Picture
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import Question, answer_of

WHICH = {"own": "My pictures", "samples": "Samples"}
TILE = 190  # pixels


def show(question: Question) -> None:
    which = choose(
        st.segmented_control,
        "Pictures",
        WHICH,
        key="which",
        default="own" if album.own() else "samples",
        required=True,
    )
    pictures = list(album.own().values()) if which == "own" else [album.find(name) for name in samples.names()]
    if not pictures:
        st.info("Give pictures of your own on the left: several at once by upload.", icon=":material/upload:")
        return
    table = _table(question, pictures)
    gallery([_tile(question, picture) for picture in pictures], key="many", width=TILE)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Probability (%)": st.column_config.NumberColumn(format="%.1f"),
            "Time (ms)": st.column_config.NumberColumn(format="%.0f"),
        },
        alt=f"The first answer of every network to {len(pictures)} pictures.",
    )
    st.download_button(
        "CSV",
        table.to_csv(index=False, lineterminator="\n"),
        "pictures.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _tile(question: Question, picture: Picture) -> Tile:
    lines = []
    for model in question.models.values():
        answer = answer_of(model, picture)
        number = answer.top(1)[0]
        said = f"{answer.labels[number]}, {units.percent(answer.probabilities[number])}"
        lines.append(said if len(question.models) == 1 else f"{model.title}: {said}")
    side = min(picture.image.size)
    left, top = (picture.image.width - side) // 2, (picture.image.height - side) // 2
    square = picture.image.crop((left, top, left + side, top + side)).resize((TILE, TILE))
    return Tile(square, picture.title, picture.alt, note="; ".join(lines))


def _table(question: Question, pictures: list[Picture]) -> pd.DataFrame:
    bar = st.progress(0.0, "Asking about every picture")
    lines = []
    for done, picture in enumerate(pictures, 1):
        for model in question.models.values():
            answer = answer_of(model, picture)
            number = answer.top(1)[0]
            probability = 100 * answer.probabilities[number]
            milliseconds = 1000 * answer.seconds
            lines.append((picture.title, model.title, answer.labels[number], probability, milliseconds, answer.device))
        bar.progress(done / len(pictures), "Asking about every picture")
    bar.empty()
    columns = ["Picture", "Network", "Class", "Probability (%)", "Time (ms)", "Device"]
    return pd.DataFrame(lines, columns=columns)

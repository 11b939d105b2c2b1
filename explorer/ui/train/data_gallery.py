"""The pictures that a run learns from: classes, sizes, some of each class. A data set that is not here is fetched."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import charts, data, units
from explorer.data import Dataset, MissingDataError
from explorer.data.gallery import Gallery, gallery, strip
from explorer.ui.chart import show_chart, theme
from explorer.ui.markdown import plain
from explorer.ui.train import own_pictures

CLASSES_A_PAGE = 10
_SECONDS_BETWEEN = 0.2  # updates of a progress bar

DEFINITIONS = {
    "Classes": "The things that a network is to tell apart.",
    "Training pictures": "What a run learns from. A share of them is set aside to measure on, unless the test pictures "
    "are used for that.",
    "Test pictures": "Pictures that came apart from the others, to measure on.",
    "Size": "Height and width of the pictures that runs get, unless another size is asked for. Photographs are cut to "
    "the square in their middle.",
    "Channels": "Grey pictures have one number for each pixel, colour pictures three.",
}


def show(name: str) -> None:
    """Draw the gallery of a data set, and below it the form for pictures of one's own."""
    _show_gallery(data.get(name))
    own_pictures.show()


def _show_gallery(dataset: Dataset) -> None:
    """Draw the gallery; where the data set is not on this machine, what to do, and a button that does it."""
    _title(dataset)
    if not dataset.is_available():
        _offer_download(dataset)
        return
    try:
        looks = _gallery(dataset.name)
    except MissingDataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _numbers(dataset)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _classes(looks)
    with right:
        st.markdown("#### Width and height")
        show_chart(charts.picture_sizes(dataset.title, looks.sizes, theme=theme()), key=f"sizes-{dataset.name}")
    _samples(dataset.name, looks)


@st.cache_data(max_entries=16, show_spinner="Looking at the pictures")
def _gallery(name: str) -> Gallery:
    return gallery(name)


def _title(dataset: Dataset) -> None:
    where = f"[{dataset.source.removeprefix('https://').removeprefix('http://')}]({dataset.source})"
    origin = f"{where} · {plain(dataset.licence)}" if dataset.source else "given by a visitor"
    st.markdown(f"### {plain(dataset.title)}")
    st.caption(origin)


def _numbers(dataset: Dataset) -> None:
    size = units.shape((dataset.native_size, dataset.native_size))
    figures = {
        "Classes": units.exact(len(dataset.classes)),
        "Training pictures": units.exact(dataset.train_pictures),
        "Test pictures": units.exact(dataset.test_pictures) if dataset.test_pictures else "none",
        "Size": f"{size} px",
        "Channels": "1, grey" if dataset.channels == 1 else "3, colour",
    }
    with st.grid(columns="auto", min_column_width=165, gap="small", key="gallery-headline"):
        for label, figure in figures.items():
            st.metric(label, figure, help=DEFINITIONS[label], border=True)


def _classes(looks: Gallery) -> None:
    st.markdown("#### Pictures of each class")
    most = max(*looks.train, *looks.test)
    table = pd.DataFrame({"Class": looks.classes, "Training": looks.train})
    if any(looks.test):
        table["Test"] = looks.test
    bar = partial(st.column_config.ProgressColumn, min_value=0, max_value=most, format="localized")
    st.dataframe(
        table,
        hide_index=True,
        key="gallery-classes",
        alt="The classes of the data set with the pictures of each",
        column_config={
            "Training": bar(help="Training pictures of this class"),
            "Test": bar(help="Test pictures of this class"),
        },
    )


def _samples(name: str, looks: Gallery) -> None:
    st.markdown("#### The first pictures of each class")
    pages = -(-len(looks.classes) // CLASSES_A_PAGE)
    page = st.pagination(pages, key=f"gallery-page-{name}") if pages > 1 else 1
    shown = range(len(looks.classes))[(page - 1) * CLASSES_A_PAGE : page * CLASSES_A_PAGE]
    with st.grid(columns="auto", min_column_width=320, gap="medium", key="gallery-samples"):
        for label in shown:
            with st.container(gap="xsmall"):
                st.markdown(f"**{plain(looks.classes[label])}**")
                count = len(looks.samples[label])
                alt = f"{count} training pictures of the class {looks.classes[label]}, side by side"
                st.image(strip(looks.samples[label]), alt=alt)


def _offer_download(dataset: Dataset) -> None:
    st.info(plain(dataset.missing()), icon=":material/cloud_download:")
    size = units.short_bytes(dataset.download_bytes)
    if dataset.downloader and st.button(f"Download {size}", icon=":material/download:", type="primary"):
        bar = st.progress(0.0, text="Asking for the pictures")
        try:
            dataset.download(_progress_on(bar, dataset.title))
        except MissingDataError as error:
            bar.empty()
            st.error(plain(str(error)), icon=":material/cloud_off:")
        else:
            st.rerun()


def _progress_on(bar: DeltaGenerator, title: str) -> Callable[[int, int], None]:
    """Return what shows the bytes that have come on a bar, a few times a second."""
    shown_at = 0.0

    def show_bytes(done: int, total: int) -> None:
        nonlocal shown_at
        if done < total and time.monotonic() - shown_at < _SECONDS_BETWEEN:
            return
        shown_at = time.monotonic()
        bar.progress(
            min(1.0, done / max(1, total)), text=f"{title}: {units.short_bytes(done)} of {units.short_bytes(total)}"
        )

    return show_bytes

"""Where the picture comes from: a sample, a file, the camera, the clipboard, or one's own hand."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from PIL import Image

from explorer import samples
from explorer.pictures import MOST_BYTES, BadImage, decode_image
from explorer.ui.address import choose, forget_notes, one_of
from explorer.ui.markdown import plain
from explorer.ui.predict import album, inputs, state
from explorer.ui.predict.album import OWN, Picture
from explorer.ui.predict.gallery import Tile, gallery
from explorer.ui.predict.question import OF_ONE_PICTURE

SOURCES = {"samples": "Samples", "upload": "Upload", "camera": "Camera", "paste": "Paste", "draw": "Draw"}
THUMBNAIL = 132  # pixels
_SEEN, _ROUND = "files-seen", "uploader-round"


def check_picture(name: str) -> None:
    """Refuse a name that is no sample and no picture of this visitor."""
    if name.startswith(OWN) and name not in album.own():
        raise ValueError("Pictures of one's own stay with the one who gave them, so a link cannot show them.")
    one_of("The picture", (*samples.names(), *album.own()))(name)


def pick_picture() -> Picture:
    """Draw the sources, and the pictures to choose from; return the chosen one."""
    source = choose(st.segmented_control, "Picture", SOURCES, key="from", default="samples", required=True)
    {"samples": _no_more, "upload": _upload, "camera": _camera, "paste": _paste, "draw": _draw}[source]()
    _show_own() if source != "samples" else _show_samples()
    picture = album.find(chosen())
    if source != "samples" and picture.name in samples.names():
        st.info(
            f"Until you give a picture, all answers are about the sample: {picture.title}.", icon=":material/image:"
        )
    return picture


def chosen() -> str:
    """Return the name of the chosen picture; it is in the address."""
    first = samples.names()[0]
    name = state.read("picture", first)
    if name not in (*samples.names(), *album.own()):
        name = first
    state.write("picture", name, first)
    return name


def _take(name: str) -> None:
    """Change to another picture; what was said of the one before no longer counts."""
    state.write("picture", name, samples.names()[0])
    state.drop(*OF_ONE_PICTURE)
    forget_notes()


def _show_samples() -> None:
    _choose_from([album.find(name) for name in samples.names()], "samples-gallery")
    sample = samples.get(chosen()) if chosen() in samples.names() else None
    if sample:
        st.caption(f"[{sample.credit}]({sample.link}), from {sample.source}")


def _show_own() -> None:
    pictures = list(album.own().values())
    if not pictures:
        st.caption("What you give stays in this session: it is not written to disk, not logged, and gone with the tab.")
        return
    _choose_from(pictures, "own-gallery")
    st.button("Forget my pictures", icon=":material/delete:", on_click=_forget)


def _choose_from(pictures: Iterable[Picture], key: str) -> None:
    now = chosen()
    tiles = [
        Tile(_thumbnail(one.image), one.title, one.alt, pick=one.name, is_chosen=one.name == now) for one in pictures
    ]
    picked = gallery(tiles, key=key, width=THUMBNAIL - 40)
    if picked and picked != now:
        _take(picked)
        st.rerun()


def _thumbnail(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side)).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)


def _forget() -> None:
    album.forget()
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # a new uploader, which holds no files
    st.session_state.pop(_SEEN, None)
    _take(samples.names()[0])


# The sources


def _no_more() -> None:
    """Samples are there already."""


def _upload() -> None:
    files = st.file_uploader(
        "Your pictures",
        key=f"picture-files-{st.session_state.get(_ROUND, 0)}",
        accept_multiple_files=True,
        max_upload_size=MOST_BYTES // 2**20,
        label_visibility="collapsed",
        help=f"JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP or PPM; the latest {album.MOST_OWN} are kept.",
    )
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    for file in files:
        if file.file_id not in seen:
            seen.add(file.file_id)
            _keep(file.name, file.getvalue())


def _camera() -> None:
    shot = st.camera_input("Take a picture", key="camera", label_visibility="collapsed")
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if shot is not None and shot.file_id not in seen:
        seen.add(shot.file_id)
        _keep("from the camera", shot.getvalue())


def _paste() -> None:
    try:
        data = inputs.paste("paste")
    except BadImage as error:
        _complain("What you pasted", error)
        return
    if data is not None:
        _keep("pasted", data)


def _draw() -> None:
    st.caption("For networks that have learned digits; others see a white stroke on black.")
    try:
        data = inputs.drawing("drawing")
    except BadImage as error:
        _complain("The drawing", error)
        return
    if data is not None:
        album.forget_drawings()
        if data:
            _keep("drawn", data, is_drawn=True)
        else:
            _take(samples.names()[0])


def _keep(title: str, data: bytes, is_drawn: bool = False) -> None:
    try:
        _take(album.add(title, decode_image(data), is_drawn).name)
    except BadImage as error:
        _complain(title, error)


def _complain(what: str, error: BadImage) -> None:
    st.error(f"{plain(what)}: {error}", icon=":material/broken_image:")

"""Which picture to work on: a sample, or one's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from explorer import samples
from explorer.convolution import Numbers
from explorer.pictures import MOST_BYTES, BadImage, decode_image
from explorer.ui.address import choose, forget_notes, one_of

OWN = "own"
LONGEST_SIDE = 432  # pixels, that of the samples
_CHOICES = {name: samples.get(name).title for name in samples.names()} | {OWN: "My own"}
CHECKS = {"picture": one_of("The picture", _CHOICES)}


@dataclass(frozen=True)
class Picture:
    """A picture to work on, with what is on it and whom to thank for it."""

    image: Image.Image  # RGB
    alt: str
    credit: str

    def grey(self) -> Numbers:
        """Return its brightness [H, W], 0 to 255."""
        return np.asarray(self.image.convert("L"), np.float64)

    def channels(self) -> Numbers:
        """Return its colours [3, H, W], 0 to 255."""
        return np.asarray(self.image, np.float64).transpose(2, 0, 1)

    def square(self, side: int) -> Picture:
        """Return the middle of it, `side` pixels high and wide."""
        return Picture(ImageOps.fit(self.image, (side, side), Image.Resampling.LANCZOS), self.alt, self.credit)


def pick_picture() -> Picture | None:
    """Draw the choice; None as long as there is no picture of one's own."""
    name = choose(
        st.selectbox,
        "Picture",
        _CHOICES,
        key="picture",
        default=samples.names()[0],
        on_change=forget_notes,
        width=140,
    )
    if name != OWN:
        return _sample(name)
    given = st.file_uploader(
        "A picture of your own",
        key="picture-file",
        max_upload_size=MOST_BYTES // 2**20,
        width=320,
        help="It stays on this server's memory for as long as the page is open, and is not part of the link.",
    )
    if given is None:
        st.info("Choose a picture from your device.", icon=":material/upload:")
        return None
    try:
        return Picture(_decoded(given.getvalue()), "A picture of your own", "")
    except BadImage as error:
        st.error(str(error), icon=":material/broken_image:")
        return None


@st.cache_resource(max_entries=len(_CHOICES), show_spinner=False)
def _sample(name: str) -> Picture:
    sample = samples.get(name)
    return Picture(sample.image(), sample.alt, sample.credit)


@st.cache_data(max_entries=32, show_spinner=False)
def _decoded(data: bytes) -> Image.Image:
    image = decode_image(data)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image

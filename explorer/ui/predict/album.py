"""The pictures of one visitor. They live in the session and nowhere else: not on disk, not in a log, not in a cache."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st
from PIL import Image

from explorer import samples
from explorer.pictures import decode_image

MOST_OWN = 16
KEPT_PIXELS = 1_500_000  # of each; networks look at a quarter of that at most
MOST_REMEMBERED = 48
_OWN, _COUNT, _MADE = "own-pictures", "own-pictures-given", "made-of-pictures"
OWN = "own-"

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture to ask about: RGB, upright, with what is on it and whom to thank for it."""

    name: str  # of a sample, or OWN with a number
    title: str
    image: Image.Image
    alt: str
    credit: str = ""
    link: str = ""
    is_drawn: bool = False

    @property
    def is_own(self) -> bool:
        return self.name.startswith(OWN)


def add(title: str, image: Image.Image, is_drawn: bool = False) -> Picture:
    """Keep a picture for as long as the page is open, and return it. Of too many the oldest is let go."""
    number = st.session_state.get(_COUNT, 0) + 1
    st.session_state[_COUNT] = number
    picture = Picture(f"{OWN}{number}", title, _kept(image), f"Your picture {title}", is_drawn=is_drawn)
    pictures = own() | {picture.name: picture}
    st.session_state[_OWN] = dict(list(pictures.items())[-MOST_OWN:])
    return picture


def own() -> dict[str, Picture]:
    """Return the visitor's own pictures, the oldest first."""
    found: dict[str, Picture] = st.session_state.get(_OWN, {})
    return found


def forget() -> None:
    """Let all own pictures go, and all that was made of them."""
    for key in (_OWN, _MADE):
        st.session_state.pop(key, None)


def forget_drawings() -> None:
    """Let what was drawn go: the field to draw on holds one digit."""
    st.session_state[_OWN] = {name: picture for name, picture in own().items() if not picture.is_drawn}


def find(name: str) -> Picture:
    """Return a sample or an own picture. An unknown name raises KeyError."""
    return own()[name] if name.startswith(OWN) else _sample(name)


def remember(key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """Return what was made under this key in this session, or make it now. Only the latest are kept."""
    made: dict[tuple[Any, ...], Any] = st.session_state.setdefault(_MADE, {})
    result = made.pop(key) if key in made else make()
    made[key] = result
    while len(made) > MOST_REMEMBERED:
        del made[next(iter(made))]
    return result


@st.cache_resource(max_entries=32, show_spinner=False)
def _sample(name: str) -> Picture:
    sample = samples.get(name)
    return Picture(name, sample.title, decode_image(sample.data()), sample.alt, sample.credit, sample.link)


def _kept(image: Image.Image) -> Image.Image:
    scale = math.sqrt(KEPT_PIXELS / (image.width * image.height))
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)

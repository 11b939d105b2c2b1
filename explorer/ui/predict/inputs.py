"""Pictures that the browser makes: drawn with the mouse or a finger, or pasted from the clipboard."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import streamlit as st

from explorer.pictures import MOST_BYTES, BadImage

_HERE = Path(__file__).parent
_CSS = (_HERE / "inputs.css").read_text()
_DRAWING = """
<div class="drawing">
  <canvas role="img" aria-label="Draw a digit here"></canvas>
  <button type="button">Clear</button>
</div>
"""
_PASTE = """
<div class="paste" tabindex="0" role="button" aria-label="Paste a picture here">
  <span>Click here, then press Ctrl + V (on a Mac: Command + V).</span>
</div>
"""
_drawing = st.components.v2.component("explorer_drawing", html=_DRAWING, css=_CSS, js=(_HERE / "canvas.js").read_text())
_paste = st.components.v2.component("explorer_paste", html=_PASTE, css=_CSS, js=(_HERE / "paste.js").read_text())


def drawing(key: str) -> bytes | None:
    """Draw the field to draw on; return the drawing when a stroke was finished, empty when it was cleared."""
    given = _drawing(key=key, on_given_change=_nothing, height=300).given
    return None if given is None else _decoded(given)


def paste(key: str) -> bytes | None:
    """Draw the field to paste into; return the file that was pasted just now."""
    given = _paste(key=key, data={"most": MOST_BYTES}, on_given_change=_nothing).given
    return None if given is None else _decoded(given)


def _decoded(text: str) -> bytes:
    """What comes from a browser may be anything."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadImage("The browser sent something that is not a picture.") from error


def _nothing() -> None:
    """Stand for a callback: with one, the result always has its attribute."""

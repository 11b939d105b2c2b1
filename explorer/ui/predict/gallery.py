"""Pictures side by side, each with a caption; they can be clicked where that means something."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from explorer.ui.panel import make_panel

_panel = make_panel("explorer_gallery", (Path(__file__).with_name("gallery.css")).read_text())


@dataclass(frozen=True)
class Tile:
    """One picture of a gallery. `pick` is what a click on it means; `is_sharp` shows its pixels as squares."""

    picture: Image.Image
    caption: str
    alt: str
    pick: str = ""
    note: str = ""  # a second line, smaller
    is_sharp: bool = False
    is_chosen: bool = False
    can_be_pointed_at: bool = False


def gallery(tiles: Sequence[Tile], *, key: str, width: int) -> str | None:
    """Draw tiles of about this width in pixels; return the `pick` of the one just clicked, or "x,y" of a point."""
    body = "".join(_figure(tile) for tile in tiles)
    return _panel(f'<div class="gallery" style="--tile:{width}px">{body}</div>', key=key)


def data_url(picture: Image.Image, is_sharp: bool = False) -> str:
    """Return a picture as an address that holds it: exact where pixels count, else as a JPEG."""
    file = io.BytesIO()
    if is_sharp:
        picture.save(file, "PNG")
    else:
        picture.convert("RGB").save(file, "JPEG", quality=88)
    kind = "png" if is_sharp else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"


def _figure(tile: Tile) -> str:
    classes = " ".join(word for word, holds in (("sharp", tile.is_sharp), ("point", tile.can_be_pointed_at)) if holds)
    point = " data-point" if tile.can_be_pointed_at else ""
    image = f'<img src="{data_url(tile.picture, tile.is_sharp)}" alt="{escape(tile.alt)}" class="{classes}"{point}>'
    note = f"<small>{escape(tile.note)}</small>" if tile.note else ""
    caption = f"<figcaption>{escape(tile.caption)}{note}</figcaption>" if tile.caption or tile.note else ""
    if not tile.pick:
        return f"<figure>{image}{caption}</figure>"
    state = ' aria-pressed="true"' if tile.is_chosen else ' aria-pressed="false"'
    return f'<figure><button data-pick="{escape(tile.pick)}"{state}>{image}{caption}</button></figure>'

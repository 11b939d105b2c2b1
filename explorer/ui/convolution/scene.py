"""A picture with rectangles on it, as SVG: what units of feature maps see."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from explorer.ui.panel import make_panel

CSS = Path(__file__).with_name("scene.css").read_text()
show_scene = make_panel("explorer_scene", CSS)


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: left and top edge, width and height, and how it is drawn ("size" or "least")."""

    left: float
    top: float
    width: float
    height: float
    look: str
    label: str = ""


@dataclass(frozen=True)
class View:
    """The part of the plane that is drawn: the picture and a margin of so many pixels on each side."""

    width: int
    height: int
    margin: float

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return where in the picture a point lies that is given as shares of the drawing, 0 to 1."""
        return x * (self.width + 2 * self.margin) - self.margin, y * (self.height + 2 * self.margin) - self.margin


def scene(
    image: Image.Image, view: View, boxes: Sequence[Box], centres: Sequence[tuple[float, float]], unit: Box, alt: str
) -> str:
    """Return the drawing: the picture, dots at the centres of all units, boxes, and the cell of the unit itself.

    A grey picture is kept to the digit, one in colour as a JPEG.
    """
    margin, width, height = view.margin, view.width + 2 * view.margin, view.height + 2 * view.margin
    line = max(width, height) / 260
    dots = "".join(f'<circle class="centre" cx="{x:g}" cy="{y:g}" r="{line * 0.8:g}"/>' for x, y in centres)
    cell = f'<rect class="unit" {_place(unit)}/>'
    drawn = "".join(_box(box) for box in boxes)
    return (
        f'<svg class="scene" data-point viewBox="{-margin:g} {-margin:g} {width:g} {height:g}" role="img" '
        f'aria-label="{escape(alt)}" style="--line:{line:g}">'
        f'<rect class="outside" x="{-margin:g}" y="{-margin:g}" width="{width:g}" height="{height:g}"/>'
        f'<image href="{_data(image)}" width="{view.width}" height="{view.height}"/>{dots}{drawn}{cell}</svg>'
    )


def _box(box: Box) -> str:
    label = f"<title>{escape(box.label)}</title>" if box.label else ""
    return (
        f'<g class="{box.look}"><rect class="halo" {_place(box)}/><rect class="field" {_place(box)}>{label}</rect></g>'
    )


def _place(box: Box) -> str:
    return f'x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" height="{box.height:g}"'


def _data(image: Image.Image) -> str:
    file = io.BytesIO()
    kind = "png" if image.mode == "L" else "jpeg"
    image.save(file, kind, quality=88)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"

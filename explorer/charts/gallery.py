"""The pictures of a data set: how wide and how high they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from explorer import units
from explorer.charts.figure import FONT, Chart, axis, draw
from explorer.palette import KINDS, Theme

PictureSize = tuple[int, int, int]  # width and height in pixels, and how many pictures have them

_LEAST_MARK, _MOST_MARK = 7, 34  # pixels; the area of a mark goes with its pictures


def picture_sizes(title: str, sizes: Sequence[PictureSize], *, theme: Theme = "light") -> Chart:
    """Return the heights of pictures against their widths, one mark for all of one size, with the line of squares."""
    ordered = sorted(sizes, key=lambda size: (-size[2], size))
    most = 1.08 * max(max(width, height) for width, height, _ in ordered)
    axes = {"range": [0, most], "tickformat": ",d", "nticks": 7}
    layout = {
        "height": 420,
        "hovermode": "closest",
        "showlegend": False,
        "xaxis": axis("Width (pixels)", **axes),
        "yaxis": axis("Height (pixels)", **axes),
    }
    figure = draw([_squares(most, theme), _marks(ordered, theme)], layout, f"sizes-{title}")
    table = pd.DataFrame(ordered, columns=["Width (pixels)", "Height (pixels)", "Pictures"])
    return Chart(figure, _alt(title, ordered), table)


def _squares(most: float, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": [0, 0.12 * most, most],
        "y": [0, 0.12 * most, most],
        "text": ["", "square", ""],
        "textposition": "bottom right",
        "textfont": FONT,
        "line": {"color": KINDS["other"].tone(theme).mark, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _marks(sizes: Sequence[PictureSize], theme: Theme) -> dict[str, Any]:
    largest = max(count for _, _, count in sizes)
    tone = KINDS["conv"].tone(theme)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [width for width, _, _ in sizes],
        "y": [height for _, height, _ in sizes],
        "customdata": [_hover(size) for size in sizes],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": [max(_LEAST_MARK, _MOST_MARK * math.sqrt(count / largest)) for _, _, count in sizes],
            "color": tone.mark,
            "opacity": 0.6 if len(sizes) > 1 else 1,
            "line": {"width": 1, "color": tone.line},
        },
    }


def _hover(size: PictureSize) -> str:
    width, height, count = size
    what = "picture" if count == 1 else "pictures"
    return f"<b>{units.shape((width, height))} pixels</b><br>{units.exact(count)} {what}"


def _alt(title: str, sizes: Sequence[PictureSize]) -> str:
    total = sum(count for _, _, count in sizes)
    width, height, count = sizes[0]
    if len(sizes) == 1:
        return f"All {total:,} pictures of {title} have {units.shape((width, height))} pixels."
    widths, heights = [size[0] for size in sizes], [size[1] for size in sizes]
    return (
        f"The {total:,} pictures of {title} have {len(sizes):,} sizes: {min(widths):,} to {max(widths):,} pixels wide "
        f"and {min(heights):,} to {max(heights):,} high. The most frequent is {units.shape((width, height))}, of "
        f"{count:,} pictures."
    )

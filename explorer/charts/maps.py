"""Feature maps along the network: their size and their channels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from explorer import units
from explorer.analysis.grouping import Group
from explorer.analysis.rows import Analysis, Shape
from explorer.charts.figure import MOST_LABELS, Chart, axis, draw, group_name, ticks
from explorer.palette import KINDS, Theme

MapSize = tuple[int, int | None, int | None]  # channels, height, width


def feature_maps(analysis: Analysis, groups: Sequence[Group], *, theme: Theme = "light") -> Chart:
    """Return the height of feature maps and their channels behind each group, in two panels.

    Of tokens there are only the features; groups that put out vectors are left out.
    """
    height, width = analysis.input_shape[-2:]
    found = [(group_name(group), _map_size(analysis, group, height / width)) for group in groups]
    names = [name for name, size in found if size is not None]
    sizes = [size for _, size in found if size is not None]
    hover = [_map_hover(name, size) for name, size in zip(names, sizes, strict=True)]
    sides = _steps([size[1] for size in sizes], hover, "y", KINDS["conv"].tone(theme).mark)
    channels = _steps([size[0] for size in sizes], hover, "y2", KINDS["activation"].tone(theme).mark)
    bottom = axis("", **ticks(names, MOST_LABELS), anchor="y2", showgrid=False, tickangle=-90)
    layout = {
        "height": 520,
        "showlegend": False,
        "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
        "hovermode": "closest",
        "xaxis": bottom | {"range": [-0.5, len(sizes) - 0.5]},
        "yaxis": axis("Height (pixels)", domain=[0.55, 1], rangemode="tozero", nticks=5),
        "yaxis2": axis("Channels", domain=[0, 0.45], rangemode="tozero", nticks=5),
    }
    columns = {name: [size[place] for size in sizes] for place, name in enumerate(("Channels", "Height", "Width"))}
    table = pd.DataFrame({"Layer": names} | columns)
    figure = draw([sides, channels], layout, f"{analysis.name}-maps")
    return Chart(figure, _map_alt(analysis, sizes), table)


def _map_size(analysis: Analysis, group: Group, aspect: float) -> MapSize | None:
    """Channels, height and width of the last map of a group; of tokens, only their features."""
    if len(group.output_shape) == 3 and group.group != "conv":
        return group.output_shape[2], None, None
    shapes = [*(analysis.by_path[path].output_shape for path in group.rows), group.output_shape]
    maps = [shape for shape in shapes if len(shape) == 4]
    return _channels_and_sides(maps[-1], aspect) if maps else None


def _channels_and_sides(shape: Shape, aspect: float) -> MapSize:
    """Swin keeps its channels last: of the two readings, take the one whose sides fit the picture's aspect better."""
    first, last = (shape[1], shape[2], shape[3]), (shape[3], shape[1], shape[2])
    return min((first, last), key=lambda size: abs(math.log(size[1] / size[2] / aspect)))


def _steps(values: Sequence[int | None], hover: Sequence[str], axis: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(values))),
        "y": list(values),
        "yaxis": axis,
        "line": {"color": colour, "width": 3, "shape": "hvh"},
        "marker": {"size": 6 if len(values) <= 60 else 1},
        "customdata": list(hover),
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _map_hover(name: str, size: MapSize) -> str:
    channels, height, width = size
    if height is None or width is None:
        return f"<b>{name}</b><br>{units.exact(channels)} features for each token"
    return f"<b>{name}</b><br>{units.shape((height, width))} pixels, {units.exact(channels)} channels"


def _map_alt(analysis: Analysis, sizes: Sequence[MapSize]) -> str:
    maps = [(channels, height, width) for channels, height, width in sizes if height is not None and width is not None]
    if not maps:
        return f"{analysis.title} has no feature maps."
    first, last = maps[0], maps[-1]
    return (
        f"Along {analysis.title}, feature maps go from {units.shape(first[1:])} with {first[0]:,} channels behind the "
        f"first layer to {units.shape(last[1:])} with {last[0]:,} channels."
    )

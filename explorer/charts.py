"""Analyses as Plotly figures, each with the sentence that says what one sees and the numbers as a table.

Figures take their fonts from the theme of the page; only marks are coloured here, from the one palette.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from explorer import units
from explorer.analysis.grouping import Group
from explorer.analysis.rows import GROUPS, Analysis, BlockRow, LayerRow, Shape
from explorer.palette import KINDS, Theme

if TYPE_CHECKING:
    from explorer.analysis.memory import TrainingMemory
    from explorer.analysis.storage_trace import Moment

FONT_SIZE = 14  # pixels; the least that a projector's last row can read
_MOST_BARS_ACROSS = 26  # with more, bars stand upright and every few have a label
_MOST_LABELS = 12
_LABEL_LENGTH = 18
_PATTERNS = {"conv": "", "linear": "/", "norm": ".", "activation": "\\", "pool": "-", "join": "x", "other": "+"}
_CLEAR = "rgba(0,0,0,0)"
_FONT = {"size": FONT_SIZE}


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure, what one sees in it with its main numbers, and its data."""

    figure: go.Figure
    alt: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Quantity:
    """One of the numbers that every row has."""

    field: str  # of LayerRow, BlockRow, Group and Analysis
    word: str
    axis: str
    scale: int  # what the axis counts in
    tick_format: str
    text: Callable[[int], str]  # rounded
    exact: Callable[[int], str]

    def of(self, row: LayerRow | BlockRow | Group | Analysis) -> int:
        value: int = getattr(row, self.field)
        return value


QUANTITIES = {
    "params": Quantity(
        "params", "parameters", "Parameters", 1, "~s", units.short, lambda n: f"{units.exact(n)} parameters"
    ),
    "macs": Quantity(
        "macs", "MACs", "MACs (multiply-accumulates)", 1, "~s", units.short, lambda n: f"{units.exact(n)} MACs"
    ),
    "activation_bytes": Quantity(
        "activation_bytes",
        "activation memory",
        "Activation memory (MiB)",
        2**20,
        ",~r",
        units.short_bytes,
        lambda n: f"{units.short_bytes(n)} ({units.exact(n)} bytes)",
    ),
}


# Parameters, MACs or memory along the network


def by_group(
    analysis: Analysis, groups: Sequence[Group], quantity: str, *, logarithmic: bool = False, theme: Theme = "light"
) -> Chart:
    """Return bars of one of QUANTITIES for groups of layers, first on top, split by kind of layer.

    Long networks get upright bars. On a logarithmic axis, where parts of a bar cannot be compared, each bar has the
    colour of its largest part.
    """
    what = QUANTITIES[quantity]
    groups = [group for group in groups if any(each.of(group) for each in QUANTITIES.values())]
    parts = [_parts(analysis, group, what) for group in groups]
    if logarithmic:
        parts = [{max(part, key=lambda kind: part[kind]): sum(part.values())} if part else {} for part in parts]
    across = len(groups) <= _MOST_BARS_ACROSS
    hover = [_group_hover(group, what, what.of(analysis)) for group in groups]
    traces = [_bars(kind, parts, hover, what, theme, across=across) for kind in GROUPS if any(kind in p for p in parts)]
    if across:
        traces.append(_totals(groups, what))
    layout = _group_layout(groups, what, logarithmic=logarithmic, across=across)
    figure = _figure(traces, layout, f"{analysis.name}-{quantity}-{logarithmic}")
    return Chart(figure, _group_alt(analysis, groups, what), _group_table(analysis, groups, what))


def _name(group: Group) -> str:
    """A stage by its size of feature map, all else by its path."""
    name = group.title if group.kind == "stage" else group.path
    return f"{name} {units.TIMES}{group.repeat}" if group.repeat > 1 and group.kind != "stage" else name


def _parts(analysis: Analysis, group: Group, what: Quantity) -> dict[str, int]:
    found: dict[str, int] = {}
    for path in group.rows:
        row = analysis.by_path[path]
        if value := what.of(row):
            found[row.group] = found.get(row.group, 0) + value
    return found


def _bars(
    kind: str, parts: Sequence[dict[str, int]], hover: Sequence[str], what: Quantity, theme: Theme, *, across: bool
) -> dict[str, Any]:
    places = [place for place, part in enumerate(parts) if kind in part]
    values = [parts[place][kind] / what.scale for place in places]
    return {
        "type": "bar",
        "name": KINDS[kind].word,
        "orientation": "h" if across else "v",
        "x": values if across else places,
        "y": places if across else values,
        "marker": _marker(kind, theme),
        "customdata": [hover[place] for place in places],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _marker(kind: str, theme: Theme) -> dict[str, Any]:
    pattern = {"shape": _PATTERNS[kind], "fillmode": "overlay", "size": 7, "solidity": 0.25}
    return {"color": KINDS[kind].tone(theme).mark, "pattern": pattern, "line": {"width": 0}}


def _totals(groups: Sequence[Group], what: Quantity) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [what.of(group) / what.scale for group in groups if what.of(group)],
        "y": [place for place, group in enumerate(groups) if what.of(group)],
        "text": [f" {what.text(what.of(group))}" for group in groups if what.of(group)],
        "textposition": "middle right",
        "textfont": _FONT,
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _group_hover(group: Group, what: Quantity, total: int) -> str:
    value = what.of(group)
    return f"<b>{_name(group)}</b><br>{group.title}<br>{what.exact(value)}<br>{units.percent(value / max(total, 1))} of all"


def _group_layout(groups: Sequence[Group], what: Quantity, *, logarithmic: bool, across: bool) -> dict[str, Any]:
    values = [what.of(group) / what.scale for group in groups]
    value_axis = _axis(what.axis, tickformat=what.tick_format, range=_value_range(values, across, logarithmic))
    value_axis |= {"type": "log", "dtick": 1} if logarithmic else {"nticks": 5}
    names = _axis("", **_labels([_name(group) for group in groups], 1 if across else _MOST_LABELS), showgrid=False)
    names["range"] = [len(groups) - 0.5, -0.5] if across else [-0.5, len(groups) - 0.5]
    height = 150 + 26 * max(len(groups), 6) if across else 520
    axes = (value_axis, names) if across else (names | {"tickangle": -90}, value_axis)
    return {"barmode": "stack", "bargap": 0.25, "height": height, "xaxis": axes[0], "yaxis": axes[1]}


def _value_range(values: Sequence[float], across: bool, logarithmic: bool) -> list[float]:
    """Room for the text behind the longest bar; a logarithmic axis starts at the power of ten below the shortest."""
    present = [value for value in values if value] or [1.0]
    room = 1.35 if across else 1.05
    if not logarithmic:
        return [0, max(present) * room]
    low, high = math.floor(math.log10(min(present))), math.log10(max(present))
    return [low, low + (max(high - low, 1)) * room]


def _labels(paths: Sequence[str], most: int) -> dict[str, Any]:
    """Ticks for places that are paths, at most so many; 1 stands for all of them."""
    step = 1 if most == 1 else math.ceil(len(paths) / most)
    places = list(range(0, len(paths), step))
    return {"tickmode": "array", "tickvals": places, "ticktext": [_short_path(paths[place]) for place in places]}


def _short_path(path: str) -> str:
    return path if len(path) <= _LABEL_LENGTH else f"\N{HORIZONTAL ELLIPSIS}{path[-_LABEL_LENGTH + 1 :]}"


def _group_alt(analysis: Analysis, groups: Sequence[Group], what: Quantity) -> str:
    total = what.of(analysis)
    largest = sorted(groups, key=what.of, reverse=True)[:3]
    listed = ", ".join(
        f"{_name(group)} {what.text(what.of(group))} ({units.percent(what.of(group) / max(total, 1))})"
        for group in largest
    )
    return (
        f"{what.word.capitalize() if what.word.islower() else what.word} of {analysis.title}, "
        f"{what.text(total)} in {len(groups)} bars from first to last. The largest: {listed}."
    )


def _group_table(analysis: Analysis, groups: Sequence[Group], what: Quantity) -> pd.DataFrame:
    values = [what.of(group) for group in groups]
    return pd.DataFrame(
        {
            "Layer": [_name(group) for group in groups],
            "What": [group.title for group in groups],
            _column(what): values,
            "Share": [value / max(what.of(analysis), 1) for value in values],
        }
    )


def _column(what: Quantity) -> str:
    return what.axis.split(" (")[0] + (" (bytes)" if what.scale > 1 else "")


# Cumulative shares


_CURVES = {"params": ("linear", "solid"), "macs": ("conv", "dash"), "activation_bytes": ("activation", "dot")}


def cumulative(analysis: Analysis, *, theme: Theme = "light") -> Chart:
    """Return how parameters, MACs and activation memory add up from the first layer to the last, in percent."""
    rows = [row for row in analysis.rows if any(what.of(row) for what in QUANTITIES.values())]
    running = {field: _running_share(rows, what) for field, what in QUANTITIES.items()}
    traces = [_cumulative_curve(field, rows, shares, theme) for field, shares in running.items()]
    layout = {
        "height": 460,
        "hovermode": "closest",
        "xaxis": _axis("Layer, in the order in which they run", nticks=6, rangemode="tozero"),
        "yaxis": _axis("Share of the whole (%)", range=[0, 103], dtick=25),
    }
    table = pd.DataFrame({"Layer": [row.path for row in rows], "Kind": [row.kind for row in rows]})
    for field, what in QUANTITIES.items():
        table[f"{what.word.capitalize() if what.word.islower() else what.word}, running share"] = running[field]
    return Chart(_figure(traces, layout, f"{analysis.name}-cumulative"), _cumulative_alt(analysis, running), table)


def _running_share(rows: Sequence[LayerRow], what: Quantity) -> list[float]:
    total = max(sum(map(what.of, rows)), 1)
    return [value / total for value in accumulate(map(what.of, rows))]


def _cumulative_curve(field: str, rows: Sequence[LayerRow], shares: Sequence[float], theme: Theme) -> dict[str, Any]:
    what, (kind, dash) = QUANTITIES[field], _CURVES[field]
    sums = accumulate(map(what.of, rows))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": what.word,
        "x": list(range(1, len(rows) + 1)),
        "y": [100 * share for share in shares],
        "line": {"color": KINDS[kind].tone(theme).mark, "dash": dash, "width": 3, "shape": "hv"},
        "customdata": [
            f"<b>{row.path}</b><br>up to here {what.exact(value)}<br>{units.percent(share)} of all"
            for row, value, share in zip(rows, sums, shares, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _cumulative_alt(analysis: Analysis, running: dict[str, list[float]]) -> str:
    halves = [
        f"{what.word} after {units.percent(_place_of_half(running[field]))} of the layers"
        for field, what in QUANTITIES.items()
    ]
    return f"Running shares along {analysis.title}. Half is reached: {', '.join(halves)}."


def _place_of_half(shares: Sequence[float]) -> float:
    return (next((place for place, share in enumerate(shares) if share >= 0.5), 0) + 1) / max(len(shares), 1)


# Where parameters live


def treemap(analysis: Analysis, *, theme: Theme = "light") -> Chart:
    """Return areas in proportion to parameters: blocks, what is inside them, and layers in the colour of their kind."""
    blocks = [block for block in analysis.blocks if block.params]
    rows = [row for row in analysis.rows if row.params]
    ids = [block.path for block in blocks] + [row.path for row in rows]
    known = {block.path for block in blocks}
    parents = [_parent_id(block.parent, known) for block in blocks] + [_parent_id(row.parent, known) for row in rows]
    labels = [_treemap_name(block.path, analysis.title) for block in blocks] + [row.name for row in rows]
    values = [block.params for block in blocks] + [row.params for row in rows]
    tones = [KINDS["other"].tone(theme)] * len(blocks) + [KINDS[row.group].tone(theme) for row in rows]
    kinds = [block.kind for block in blocks] + [f"{row.kind}, {KINDS[row.group].word}" for row in rows]
    trace = {
        "type": "treemap",
        "ids": [f"id:{path}" for path in ids],
        "labels": labels,
        "parents": parents,
        "values": values,
        "branchvalues": "total",
        "marker": {
            "colors": [tone.fill for tone in tones],
            "line": {"width": 1, "color": tones[0].line if tones else _CLEAR},
            "pad": {"t": 24, "l": 3, "r": 3, "b": 3},
        },
        "text": [f"{units.short(value)}, {units.percent(value / max(analysis.params, 1))}" for value in values],
        "textinfo": "label+text",
        "textfont": {"size": FONT_SIZE, "color": [tone.text for tone in tones]},
        "customdata": [
            f"<b>{path or analysis.title}</b><br>{kind}<br>{units.exact(value)} parameters<br>"
            f"{units.percent(value / max(analysis.params, 1))} of all"
            for path, kind, value in zip(ids, kinds, values, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "tiling": {"pad": 2},
        "maxdepth": 4,
        "pathbar": {"textfont": _FONT, "thickness": 28},
        "root": {"color": _CLEAR},
    }
    layout = {
        "height": 560,
        "uniformtext": {"minsize": FONT_SIZE, "mode": "hide"},
        "annotations": [_kind_key({row.group for row in rows}, theme)],
        "margin": {"l": 4, "r": 4, "t": 44, "b": 8},
    }
    table = pd.DataFrame(
        {
            "Path": [row.path for row in rows],
            "Kind": [row.kind for row in rows],
            "Parameters": [row.params for row in rows],
        }
    )
    return Chart(_figure([trace], layout, f"{analysis.name}-treemap"), _treemap_alt(analysis, rows), table)


def _parent_id(parent: str | None, known: set[str]) -> str:
    return "" if parent is None or parent not in known else f"id:{parent}"


def _treemap_name(path: str, title: str) -> str:
    return path.rpartition(".")[2] or title


def _kind_key(groups: Iterable[str], theme: Theme) -> dict[str, Any]:
    """A line that says which colour is which kind, since a treemap has no legend."""
    present = set(groups)
    words = [
        f'<span style="color:{KINDS[kind].tone(theme).mark}">\N{BLACK SQUARE}</span> {KINDS[kind].word}'
        for kind in GROUPS
        if kind in present
    ]
    return {
        "text": "   ".join(words),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
        "font": {"size": FONT_SIZE + 1},
    }


def _treemap_alt(analysis: Analysis, rows: Sequence[LayerRow]) -> str:
    shares = [(KINDS[kind].word, sum(row.params for row in rows if row.group == kind)) for kind in GROUPS]
    listed = ", ".join(f"{word} {units.percent(count / max(analysis.params, 1))}" for word, count in shares if count)
    largest = max(rows, key=lambda row: row.params, default=None)
    most = f" The largest layer is {largest.path} with {units.exact(largest.params)}." if largest else ""
    return f"Where the {units.exact(analysis.params)} parameters of {analysis.title} live: {listed}.{most}"


# Feature maps


def feature_maps(analysis: Analysis, groups: Sequence[Group], *, theme: Theme = "light") -> Chart:
    """Return the height and width of feature maps and their channels behind each group, in two panels."""
    height, width = analysis.input_shape[-2:]
    sizes = [_map_size(group.output_shape, height / width) for group in groups]
    hover = [_map_hover(group) for group in groups]
    sides = _steps([size[1] for size in sizes], hover, "y", KINDS["conv"].tone(theme).mark)
    channels = _steps([size[0] for size in sizes], hover, "y2", KINDS["activation"].tone(theme).mark)
    names = _labels([_name(group) for group in groups], _MOST_LABELS)
    bottom = _axis("", **names, anchor="y2", showgrid=False, tickangle=-90, range=[-0.5, len(groups) - 0.5])
    layout = {
        "height": 560,
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": bottom,
        "yaxis": _axis("Height (pixels)", domain=[0.55, 1], rangemode="tozero", nticks=5),
        "yaxis2": _axis("Channels", domain=[0, 0.45], rangemode="tozero", nticks=5),
    }
    table = pd.DataFrame(
        {
            "Layer": [_name(group) for group in groups],
            "Channels": [size[0] for size in sizes],
            "Height": [size[1] for size in sizes],
            "Width": [size[2] for size in sizes],
        }
    )
    return Chart(_figure([sides, channels], layout, f"{analysis.name}-maps"), _map_alt(analysis, sizes), table)


def _map_size(shape: Shape, aspect: float) -> tuple[int, int | None, int | None]:
    """Channels, height and width of an output; no height and width for vectors and tokens.

    Swin keeps its channels last: of the two readings, the one whose sides fit the picture's aspect is taken.
    """
    if len(shape) != 4:
        return shape[-1], None, None
    channels_first, channels_last = (shape[1:], (shape[3], shape[1], shape[2]))
    misfit = [abs(math.log(sides[1] / sides[2] / aspect)) for sides in (channels_first, channels_last)]
    return channels_first if misfit[0] <= misfit[1] else channels_last


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


def _map_hover(group: Group) -> str:
    return f"<b>{_name(group)}</b><br>{group.title}<br>puts out {units.shape(group.output_shape[1:])}"


def _map_alt(analysis: Analysis, sizes: Sequence[tuple[int, int | None, int | None]]) -> str:
    maps = [(channels, height, width) for channels, height, width in sizes if height is not None and width is not None]
    if not maps:
        return f"{analysis.title} has no feature maps."
    first, last = maps[0], maps[-1]
    return (
        f"Along {analysis.title}, feature maps go from {units.shape(first[1:])} with {first[0]:,} channels behind the "
        f"first layer to {units.shape(last[1:])} with {last[0]:,} channels."
    )


# The memory of a training step


_MOST_MOMENTS = 600
_PARTS = {
    "params": ("parameters", "conv"),
    "gradients": ("gradients", "linear"),
    "optimizer_state": ("optimizer state", "norm"),
    "activations": ("activations", "activation"),
    "other": ("other", "other"),
}


def memory_curve(memory: TrainingMemory, *, theme: Theme = "light") -> Chart:
    """Return the live bytes over one training step in MiB, by what they are, with its phases and its peak."""
    places = _thinned(memory)
    moments = [memory.curve[place] for place in places]
    traces = [_area(part, places, moments, theme) for part in _PARTS]
    traces.append(_peak_mark(memory, theme))
    layout = {
        "height": 480,
        "hovermode": "closest",
        "xaxis": _axis("Operations of one training step, in order", **_phase_ticks(memory), showgrid=False),
        "yaxis": _axis("Memory (MiB)", tickformat=",~r", nticks=6, range=[0, 1.18 * memory.peak / 2**20]),
        "shapes": [_phase_line(phase.start, theme) for phase in memory.phases[1:]],
    }
    table = pd.DataFrame(
        {"Phase": [moment.phase for moment in moments], "Operation": [moment.label for moment in moments]}
        | {f"{word.capitalize()} (bytes)": [getattr(m, part) for m in moments] for part, (word, _) in _PARTS.items()}
        | {"Sum (bytes)": [moment.live for moment in moments]}
    )
    return Chart(_figure(traces, layout, f"{memory.name}-memory-curve"), _curve_alt(memory), table)


def _thinned(memory: TrainingMemory) -> list[int]:
    """Places in the curve, at most about _MOST_MOMENTS: of each stretch the highest moment, so the peak is kept."""
    length = math.ceil(len(memory.curve) / _MOST_MOMENTS)
    starts = range(0, len(memory.curve), length)
    stretches = [range(start, min(start + length, len(memory.curve))) for start in starts]
    return [max(stretch, key=lambda place: memory.curve[place].live) for stretch in stretches]


def _area(part: str, places: Sequence[int], moments: Sequence[Moment], theme: Theme) -> dict[str, Any]:
    word, kind = _PARTS[part]
    colour = KINDS[kind].tone(theme).mark
    return {
        "type": "scatter",
        "mode": "lines",
        "name": word,
        "stackgroup": "parts",
        "x": list(places),
        "y": [getattr(moment, part) / 2**20 for moment in moments],
        "line": {"width": 0, "shape": "hv", "color": colour},
        "fillcolor": colour,
        "fillpattern": {"shape": _PATTERNS[kind], "fillmode": "overlay", "size": 8, "solidity": 0.25},
        "customdata": [
            f"<b>{moment.phase}</b><br>{moment.label}<br>{word} {units.mebibytes(getattr(moment, part))}<br>"
            f"of {units.mebibytes(moment.live)} in use"
            for moment in moments
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _peak_mark(memory: TrainingMemory, theme: Theme) -> dict[str, Any]:
    is_late = memory.peak_at > len(memory.curve) / 2
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [memory.peak_at],
        "y": [memory.peak / 2**20],
        "text": [f"peak {units.mebibytes(memory.peak)}"],
        "textposition": "top left" if is_late else "top right",
        "textfont": {"size": FONT_SIZE + 1},
        "marker": {"size": 11, "symbol": "diamond", "color": KINDS["other"].tone(theme).text},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _phase_ticks(memory: TrainingMemory) -> dict[str, Any]:
    """The name of each phase below its middle; one too short for its name is left to the hover."""
    wide = [phase for phase in memory.phases if phase.stop - phase.start > 0.12 * len(memory.curve)]
    middles = [(phase.start + phase.stop) / 2 for phase in wide]
    return {"tickmode": "array", "tickvals": middles, "ticktext": [phase.name for phase in wide], "tickangle": 0}


def _phase_line(start: int, theme: Theme) -> dict[str, Any]:
    line = {"color": KINDS["other"].tone(theme).line, "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": start, "x1": start, "y0": 0, "y1": 1, "line": line}


def _curve_alt(memory: TrainingMemory) -> str:
    phase = memory.curve[memory.peak_at].phase
    return (
        f"Memory over one training step with {memory.batch_size} pictures and {memory.optimizer}: it peaks at "
        f"{units.mebibytes(memory.peak)} in the {phase} phase. {_parts_in_words(memory)}"
    )


def _parts_in_words(memory: TrainingMemory) -> str:
    sizes = {word: getattr(memory, part) for part, (word, _) in _PARTS.items()}
    listed = [f"{word} {units.mebibytes(size)} ({units.percent(size / memory.peak)})" for word, size in sizes.items()]
    return f"At the peak: {', '.join(listed)}."


def memory_parts(memory: TrainingMemory, *, theme: Theme = "light") -> Chart:
    """Return what the memory at the peak of a training step is used for, as one stacked bar in MiB."""
    layout = {
        "height": 230,
        "barmode": "stack",
        "xaxis": _axis("Memory at the peak (MiB)", tickformat=",~r", nticks=5),
        "yaxis": {"visible": False},
    }
    sizes = [getattr(memory, part) for part in _PARTS]
    table = pd.DataFrame(
        {
            "Part": [word.capitalize() for word, _ in _PARTS.values()],
            "Bytes": sizes,
            "Share": [size / memory.peak for size in sizes],
        }
    )
    traces = [_part_bar(part, memory, theme) for part in _PARTS if getattr(memory, part)]
    return Chart(_figure(traces, layout, f"{memory.name}-memory-parts"), _parts_in_words(memory), table)


def _part_bar(part: str, memory: TrainingMemory, theme: Theme) -> dict[str, Any]:
    word, kind = _PARTS[part]
    size = getattr(memory, part)
    share = units.percent(size / memory.peak)
    return {
        "type": "bar",
        "orientation": "h",
        "name": word,
        "x": [size / 2**20],
        "y": [0],
        "marker": _marker(kind, theme),
        "customdata": [f"<b>{word}</b><br>{units.mebibytes(size)} ({units.exact(size)} bytes)<br>{share} of the peak"],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


# What all figures share


def _axis(title: str, **more: Any) -> dict[str, Any]:
    heading = {"title": {"text": title, "font": _FONT, "standoff": 10}} if title else {}
    return {"tickfont": _FONT, "automargin": True, "zeroline": False, **heading, **more}


def _figure(traces: Sequence[dict[str, Any]], layout: dict[str, Any], key: str) -> go.Figure:
    """Traces and layout are right by construction, and tested; validating them again would take most of the time."""
    shared = {
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "font": _FONT,
        "hoverlabel": {"font": _FONT, "align": "left"},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left", "font": _FONT},
        "margin": {"l": 8, "r": 16, "t": 72, "b": 8},
        "uirevision": key,
    }
    return go.Figure({"data": list(traces), "layout": shared | layout}, _validate=False)

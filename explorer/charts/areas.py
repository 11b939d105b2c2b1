"""Where parameters live, as areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from explorer import units
from explorer.analysis.grouping import Group
from explorer.analysis.rows import GROUPS, Analysis, LayerRow
from explorer.charts.figure import FONT_SIZE, Chart, draw, group_name
from explorer.palette import KINDS, Theme


def treemap(analysis: Analysis, groups: Sequence[Group], *, theme: Theme = "light") -> Chart:
    """Return areas in proportion to parameters: the groups, and inside them layers in the colour of their kind."""
    rows = [row for row in analysis.rows if row.params]
    held = {path: group for group in groups for path in group.rows}
    leaves = Counter(held[row.path].path for row in rows if row.path in held)
    nodes = [_Node("root", "", analysis.title, analysis.params, "the whole network", "other")]
    nodes += [
        _Node(f"group:{group.path}", "root", _heading(group), group.params, group.title, "other")
        for group in groups
        if leaves[group.path] > 1
    ]
    shown = sorted(rows, key=lambda row: -row.params)[:_MOST_AREAS]
    drawn = [_leaf(row, held.get(row.path), leaves) for row in rows]
    nodes += _with_small_ones_merged(drawn, {f"row:{row.path}" for row in shown})
    layout = {
        "height": 520,
        "uniformtext": {"minsize": FONT_SIZE, "mode": "hide"},
        "annotations": [_kind_key({row.group for row in rows}, theme)],
        "margin": {"l": 4, "r": 4, "t": 44, "b": 8},
    }
    table = pd.DataFrame(
        {
            "Layer": [row.path for row in rows],
            "Kind": [row.kind for row in rows],
            "Parameters": [row.params for row in rows],
            "Share": [row.params / analysis.params for row in rows],
        }
    )
    figure = draw([_treemap(nodes, analysis, theme)], layout, f"{analysis.name}-treemap")
    return Chart(figure, _treemap_alt(analysis, rows), table)


_MOST_AREAS = 150  # that are drawn on their own; a browser takes seconds for thousands, and nobody can see them
_SHORT_NAME = 12  # letters
_LEAST_WRITTEN = (
    0.003  # of the area around it; on less no text fits, and a browser would measure each before it hides it
)


@dataclass(frozen=True)
class _Node:
    """One area of the treemap."""

    key: str
    parent: str
    name: str
    params: int
    what: str
    kind: str


def _heading(group: Group) -> str:
    """A name that fits a narrow area: "encoder_layer_0" without what holds it, but "layer1.0" whole."""
    last = group.path.rpartition(".")[2]
    return group_name(group) if group.kind == "stage" or last.isdigit() else last


def _leaf(row: LayerRow, group: Group | None, leaves: Counter[str]) -> _Node:
    parent = f"group:{group.path}" if group is not None and leaves[group.path] > 1 else "root"
    inside = row.path
    if group is not None and parent != "root":
        shared = group.path.rpartition(".")[0] if group.repeat > 1 else group.path  # of blocks drawn as one, the number
        inside = row.path.removeprefix(f"{shared}.")
    return _Node(f"row:{row.path}", parent, inside, row.params, f"{row.kind}, {KINDS[row.group].word}", row.group)


def _with_small_ones_merged(leaves: Sequence[_Node], kept: Collection[str]) -> Iterator[_Node]:
    """Yield the leaves that are kept, and the others of each group as one area for each kind."""
    small: dict[tuple[str, str], list[_Node]] = {}
    for leaf in leaves:
        if leaf.key in kept:
            yield leaf
        else:
            small.setdefault((leaf.parent, leaf.kind), []).append(leaf)
    for (parent, kind), merged in small.items():
        params = sum(leaf.params for leaf in merged)
        name = f"{len(merged)} more {KINDS[kind].word}"
        yield _Node(f"more:{kind}:{parent}", parent, name, params, "layers, drawn as one", kind)


def _treemap(nodes: Sequence[_Node], analysis: Analysis, theme: Theme) -> dict[str, Any]:
    shares = [units.percent(node.params / max(analysis.params, 1)) for node in nodes]
    around = {node.key: node.params for node in nodes}
    tones = [KINDS[node.kind].tone(theme) for node in nodes]
    return {
        "type": "treemap",
        "ids": [node.key for node in nodes],
        # Above an area that holds others Plotly writes its label, in the others their text.
        "labels": [f"{node.name}  {share}" for node, share in zip(nodes, shares, strict=True)],
        "parents": [node.parent for node in nodes],
        "values": [node.params for node in nodes],
        "branchvalues": "total",
        "text": [
            f"{_on_lines(node.name)}<br>{units.short(node.params)}"
            * (node.params >= _LEAST_WRITTEN * around.get(node.parent, 0))
            for node in nodes
        ],
        "textinfo": "text",
        "textfont": {"size": FONT_SIZE, "color": [tone.text for tone in tones]},
        "marker": {
            "colors": [tone.fill for tone in tones],
            "line": {"width": 1, "color": KINDS["other"].tone(theme).line},
            "pad": {"t": 26, "l": 3, "r": 3, "b": 3},
        },
        "customdata": [
            f"<b>{node.name}</b><br>{node.what}<br>{units.exact(node.params)} parameters<br>{share} of all"
            for node, share in zip(nodes, shares, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "tiling": {"pad": 2},
        "pathbar": {"visible": False},
    }


def _on_lines(name: str) -> str:
    """A long path on two lines: few areas are as wide as "branch3x3.conv3x3.conv"."""
    return name if len(name) <= _SHORT_NAME else name.replace(".", ".<br>", 1)


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

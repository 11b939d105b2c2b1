"""What a diagram draws: groups of rows, and who reads whose output."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from explorer.analysis.dataflow import Tree
from explorer.analysis.folding import Group
from explorer.analysis.rows import INPUT, Analysis, LayerRow, Shape
from explorer.analysis.wording import layer_title

IN, OUT = "diagram:in", "diagram:out"  # the ends of a diagram; no module path holds a colon with letters behind it

IDENTITY = "Identity"


@dataclass(frozen=True)
class Edge:
    """One group reads another's output; `shape` is that output's, with the batch."""

    source: str  # path of a group, or IN
    target: str  # path of a group, or OUT
    shape: Shape
    is_skip: bool = False  # goes past groups that another way leads through


@dataclass(frozen=True)
class Flow:
    """A network or a block as groups, in the order in which they run, and the edges between them."""

    groups: tuple[Group, ...]
    edges: tuple[Edge, ...]
    input_shape: Shape
    output_shape: Shape

    @property
    def is_chain(self) -> bool:
        """Whether each group reads the one before it and nothing else."""
        places = [IN, *(group.path for group in self.groups), OUT]
        return [(edge.source, edge.target) for edge in self.edges] == list(itertools.pairwise(places))


def flow(analysis: Analysis, groups: Sequence[Group]) -> Flow:
    """Return groups of one diagram with the edges between them.

    A concatenation of all that came before, as in a dense block, reads the concatenation before it and what is new:
    the same numbers with far fewer edges.
    """
    live = Tree(analysis).live
    reads = _running_concats([row for row in analysis.rows if row.path in live])
    reads = _past_identities(analysis, reads)
    groups = [group for group in groups if not all(analysis.by_path[path].kind == IDENTITY for path in group.rows)]
    groups = [part for group in groups for part in _with_concat_outside(analysis, group, reads)]
    owner = {path: group.path for group in groups for path in group.rows}
    edges: dict[tuple[str, str], Edge] = {}
    for group in groups:
        for source in (source for path in group.rows for source in reads.get(path, ()) if source in live):
            ends = (owner.get(source, IN), group.path)
            if ends[0] != ends[1]:
                edges.setdefault(ends, Edge(*ends, _shape(analysis, source)))
    for path in _outputs(analysis, owner, reads):
        edges.setdefault((owner[path], OUT), Edge(owner[path], OUT, analysis.by_path[path].output_shape))
    return Flow(
        tuple(groups),
        _with_skips(list(edges.values()), [group.path for group in groups]),
        next((edge.shape for edge in edges.values() if edge.source == IN), groups[0].input_shape),
        next(edge.shape for edge in edges.values() if edge.target == OUT),
    )


def _shape(analysis: Analysis, source: str) -> Shape:
    return analysis.input_shape if source == INPUT else analysis.by_path[source].output_shape


def _outputs(analysis: Analysis, owner: Mapping[str, str], reads: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The rows whose outputs leave the diagram: read outside, or the last to run."""
    others = (path for path in reads if path not in owner and analysis.by_path[path].kind != IDENTITY)
    outside = {source for path in others for source in reads[path]}
    return [path for path in owner if path in outside] or [[path for path in owner if path in reads][-1]]


def _past_identities(analysis: Analysis, reads: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What each row reads when what passes its input on is left out, as the shortcut of a residual unit may be."""
    stands_for: dict[str, str] = {}
    past: dict[str, tuple[str, ...]] = {}
    for path, sources in reads.items():
        past[path] = tuple(stands_for.get(source, source) for source in sources)
        if analysis.by_path[path].kind == IDENTITY:
            stands_for[path] = past[path][0]
    return past


def _running_concats(rows: Sequence[LayerRow]) -> dict[str, tuple[str, ...]]:
    """What each row reads, where concatenations that begin alike are built upon each other."""
    reads = {row.path: row.inputs for row in rows}
    concats: dict[tuple[str, ...], str] = {}
    for row in rows:
        if row.kind != "cat":
            continue
        for length in range(len(row.inputs) - 1, 1, -1):
            before = concats.get(row.inputs[:length])
            if before is not None:
                reads[row.path] = (before, *row.inputs[length:])
                break
        concats.setdefault(row.inputs, row.path)
    return reads


def _with_concat_outside(analysis: Analysis, group: Group, reads: Mapping[str, tuple[str, ...]]) -> list[Group]:
    """Draw the concatenation at the entrance of a dense layer in front of it."""
    first, *rest = (analysis.by_path[path] for path in group.rows)
    if first.kind != "cat" or len(reads[first.path]) < 2 or not group.can_be_opened or group.repeat > 1:
        return [group]
    concat = replace(
        group,
        path=first.path,
        title=layer_title(first),
        kind=first.kind,
        group="join",
        rows=(first.path,),
        params=0,
        macs=0,
        activation_bytes=first.activation_bytes,
        output_shape=first.output_shape,
        members=(first.path,),
        can_be_opened=False,
    )
    bytes_left = group.activation_bytes - first.activation_bytes
    layer = replace(
        group, rows=tuple(row.path for row in rest), activation_bytes=bytes_left, input_shape=first.output_shape
    )
    return [concat, layer]


def _with_skips(edges: list[Edge], order: Sequence[str]) -> tuple[Edge, ...]:
    place = {path: i for i, path in enumerate((IN, *order, OUT))}
    after: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        after[edge.source].append(edge.target)

    def leads(source: str, target: str) -> bool:
        """Whether a way of more than one edge leads from source to target."""
        waiting, seen = [path for path in after[source] if path != target], set[str]()
        while waiting:
            path = waiting.pop()
            if path == target:
                return True
            if path not in seen and place[path] < place[target]:
                seen.add(path)
                waiting.extend(after[path])
        return False

    return tuple(replace(edge, is_skip=leads(edge.source, edge.target)) for edge in edges)

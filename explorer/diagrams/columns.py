"""A long graph as columns side by side, as a newspaper sets text: it is cut where everything flows through one group."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from explorer.diagrams.flow import IN, OUT, Flow

_LEAST_IN_COLUMN = 7
_MOST_COLUMNS = 6


def columns(flow: Flow, map_sizes: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Return the paths of a flow's groups in columns, ends included; none if one column is enough.

    Groups with feature maps of one size stay together where that is not too long.
    """
    most = max(_LEAST_IN_COLUMN, math.ceil(len(flow.groups) / _MOST_COLUMNS))
    sizes = {group.path: map_sizes[group.rows[-1]] for group in flow.groups}
    found: list[list[str]] = [[]]
    for run in _runs(_pieces(flow), sizes, most):
        if found[-1] and len(found[-1]) + len(run) > most:
            found.append([])
        found[-1].extend(run)
    if len(found) == 1:
        return ()
    found[0].insert(0, IN)
    found[-1].append(OUT)
    return tuple(tuple(column) for column in found)


def _pieces(flow: Flow) -> Iterator[list[str]]:
    """Cut the flow wherever all that goes on is the output of the last group before the cut."""
    order = [IN, *(group.path for group in flow.groups), OUT]
    place = {path: i for i, path in enumerate(order)}
    last_read = [0] * len(order)
    for edge in flow.edges:
        last_read[place[edge.source]] = max(last_read[place[edge.source]], place[edge.target])
    piece: list[str] = []
    for i in range(1, len(order) - 1):
        piece.append(order[i])
        if max(last_read[:i]) <= i:
            yield piece
            piece = []
    if piece:
        yield piece


def _runs(pieces: Iterable[list[str]], sizes: Mapping[str, str], most: int) -> Iterator[list[str]]:
    """Join pieces with feature maps of one size; a run that is too long comes in parts of about equal length."""
    for _, same in groupby(pieces, lambda piece: sizes[piece[-1]]):
        together = list(same)
        length = sum(map(len, together))
        part = math.ceil(length / math.ceil(length / most))
        run: list[str] = []
        for piece in together:
            if run and len(run) + len(piece) > part:
                yield run
                run = []
            run.extend(piece)
        yield run

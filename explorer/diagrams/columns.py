"""A long chain as columns side by side, as a newspaper sets text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import groupby

from explorer.diagrams.flow import IN, OUT, Flow

_COLUMNS = 6  # more groups than fit into so many make the columns longer


def columns(flow: Flow, map_sizes: Mapping[str, str], high: int) -> tuple[tuple[str, ...], ...]:
    """Return the paths of a chain's groups in columns, its ends included; none where it is no chain or short.

    A column holds up to `high` groups, more where there are very many. Groups with feature maps of one size stay
    together unless they are too many.
    """
    most = max(high, math.ceil(len(flow.groups) / _COLUMNS))
    if not flow.is_chain or len(flow.groups) <= most:
        return ()
    found: list[list[str]] = [[]]
    for run in _runs(flow, map_sizes, most):
        if found[-1] and len(found[-1]) + len(run) > most:
            found.append([])
        found[-1].extend(run)
    found[0].insert(0, IN)
    found[-1].append(OUT)
    return tuple(tuple(column) for column in found)


def _runs(flow: Flow, map_sizes: Mapping[str, str], most: int) -> Iterator[list[str]]:
    """Runs of one feature-map size; what is too long for a column comes in parts of about equal length."""
    for _, same in groupby(flow.groups, lambda group: map_sizes[group.rows[-1]]):
        paths = [group.path for group in same]
        length = math.ceil(len(paths) / math.ceil(len(paths) / most))
        yield from (paths[i : i + length] for i in range(0, len(paths), length))

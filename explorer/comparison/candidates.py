"""Every registered network as a candidate: its totals and its published error, and which of them nothing beats."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from explorer import registry
from explorer.comparison.accuracy import CIFAR10, IMAGENET, Error, Metric, Origin, published_error

DATASETS = (IMAGENET, CIFAR10)


@dataclass(frozen=True)
class Candidate:
    """A network as published, at one input size: what it costs for one picture."""

    name: str
    title: str
    family: str
    year: int
    side: int  # height and width of the picture
    params: int
    macs: int
    activation_bytes: int
    weight_bytes: int
    depth: int


@dataclass(frozen=True)
class Rated:
    """A candidate with one published error. It costs what the network costs on pictures like those it was tested on."""

    candidate: Candidate
    error: Error


def candidate(name: str, side: int | None = None) -> Candidate:
    """Return what a network costs on one picture of this height and width, of its own input size for None."""
    from explorer.analysis import analyze

    arch = registry.get(name)
    size = None if side is None else (arch.input_size[0], side, side)
    analysis = analyze(name, input_size=size)
    return Candidate(
        name=name,
        title=arch.title,
        family=arch.family,
        year=arch.year,
        side=analysis.input_shape[-1],
        params=analysis.params,
        macs=analysis.macs,
        activation_bytes=analysis.activation_bytes,
        weight_bytes=analysis.weight_bytes,
        depth=analysis.depth,
    )


def rated(
    candidates: Iterable[Candidate], metric: Metric, origins: Sequence[Origin], dataset: str = IMAGENET
) -> tuple[Rated, ...]:
    """Return the candidates with an error from the first of these origins that has one; others are left out."""
    found = []
    for one in candidates:
        errors = (published_error(one.name, metric, origin, dataset=dataset) for origin in origins)
        error = next((error for error in errors if error is not None), None)
        if error is not None:
            there = one if error.side in (None, one.side) else candidate(one.name, error.side)
            found.append(Rated(there, error))
    return tuple(found)


def front(points: Sequence[Rated], cost: Callable[[Candidate], int]) -> tuple[Rated, ...]:
    """Return the Pareto front, cheapest first: those that no other beats or equals in error at no higher cost."""
    kept: list[Rated] = []
    for point in sorted(points, key=lambda one: (cost(one.candidate), one.error.percent)):
        if not kept or point.error.percent < kept[-1].error.percent:
            kept.append(point)
    return tuple(kept)


class Survey:
    """All candidates, found once in a thread of its own, so that nobody has to wait for all of them on a page."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._found: list[Candidate] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def start(self) -> None:
        """Start it, unless it has been."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="survey", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until all are found."""
        self.start()
        if self._thread is not None:
            self._thread.join()

    @property
    def progress(self) -> float:
        """The share that is found, from 0 to 1."""
        return len(self._found) / len(self._names)

    @property
    def next_name(self) -> str | None:
        """The network that is being analyzed; None when all are done."""
        return self._names[len(self._found)] if len(self._found) < len(self._names) else None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What is found so far, in the order of publication. What went wrong on the way is raised here."""
        if self._error is not None:
            raise self._error
        return tuple(self._found)

    def _run(self) -> None:
        try:
            for name in self._names:
                self._found.append(candidate(name))
        except Exception as error:
            self._error = error


survey = Survey(registry.names())

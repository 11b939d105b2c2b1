"""One network of a comparison with everything that is known about it. torch is imported when one is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Architecture
from explorer.comparison.accuracy import METRICS, ORIGINS, Error, Metric, Origin, published_error
from explorer.comparison.entry import Entry

if TYPE_CHECKING:
    from explorer.analysis.memory import TrainingMemory


@dataclass(frozen=True, eq=False)
class Case:
    """A network as compared: its analysis, the memory of a training step, and its published errors.

    `step` is None where it cannot be trained with this batch.
    """

    entry: Entry
    analysis: Analysis
    step: TrainingMemory | None
    errors: Mapping[tuple[Metric, Origin], Error | None]

    @property
    def label(self) -> str:
        return self.entry.label

    @property
    def arch(self) -> Architecture:
        return self.entry.arch

    @property
    def peak(self) -> int | None:
        """Bytes at the peak of a training step."""
        return self.step.peak if self.step else None

    @property
    def input(self) -> str:
        """Channels, height and width of the picture it takes: "3x224x224"."""
        return units.shape(self.analysis.input_shape[1:])


def case(entry: Entry, *, batch_size: int, optimizer: str) -> Case:
    """Return what is known about one network. What it cannot take raises ValueError."""
    from explorer.analysis import analyze

    analysis = analyze(entry.name, input_size=entry.input_size, options=entry.options)
    errors = {
        (metric, origin): published_error(entry.name, metric, origin, options=entry.options)
        for metric in METRICS
        for origin in ORIGINS
    }
    return Case(entry, analysis, _step(entry, batch_size, optimizer), errors)


def _step(entry: Entry, batch_size: int, optimizer: str) -> TrainingMemory | None:
    from explorer.analysis import training_memory

    try:
        return training_memory(entry.name, batch_size, optimizer, input_size=entry.input_size, options=entry.options)
    except ValueError:  # one picture is not enough for its batch norms
        return None

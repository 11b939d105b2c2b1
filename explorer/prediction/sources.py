"""Every network that can be asked: those of the app, of torchvision, of training runs, and of chance."""

from __future__ import annotations

import difflib

from explorer.download import Progress
from explorer.prediction.embedded import Embedded
from explorer.prediction.model import Model
from explorer.prediction.source import Entry, Source
from explorer.prediction.torchvision_weights import TorchvisionWeights
from explorer.prediction.untrained import Untrained

_sources: list[Source] = [Embedded(), TorchvisionWeights(), Untrained()]


def add(source: Source) -> None:
    """Have one more source listed and asked, before those that are here: training runs, say."""
    _sources.insert(0, source)


def entries() -> dict[str, Entry]:
    """Return every network that there is at this moment, by name."""
    return {entry.name: entry for source in _sources for entry in source.entries()}


def load(name: str, progress: Progress | None = None) -> Model:
    """Load a network with its weights. An unknown name raises KeyError with the nearest; see `Source.load`."""
    for source in _sources:
        if any(entry.name == name for entry in source.entries()):
            return source.load(name, progress)
    trained = [entry.name for entry in entries().values() if entry.is_trained]
    near = difflib.get_close_matches(name, trained, n=3, cutoff=0.4)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise KeyError(f"There are no weights called {name!r}.{hint}")

"""Loaded networks: each once, shared by all, the least recently asked let go when memory gets short."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from functools import lru_cache

import psutil
import torch

from explorer.download import Progress
from explorer.prediction import sources
from explorer.prediction.model import Model, device

Load = Callable[[str, Progress | None], Model]

SHARE_OF_MEMORY = 0.25  # of the device's, that networks may take
LEAST_FREE_BYTES = 2**30  # what has to stay free for everything else


class ModelCache:
    """Networks by name. A network that is let go stays with those who still hold it."""

    def __init__(self, load: Load, budget_bytes: int, free_bytes: Callable[[], int]) -> None:
        self._load = load
        self._budget_bytes = budget_bytes
        self._free_bytes = free_bytes
        self._models: OrderedDict[str, Model] = OrderedDict()  # the least recently asked first
        self._lock = threading.Lock()
        self._loading: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, name: str, progress: Progress | None = None, version: str | None = None) -> Model:
        """Return the network of this name, loaded if it is not yet. Those who ask meanwhile wait for it.

        Of a network that is here in another version than the one asked for, the latest is loaded.
        """
        with self._lock:
            turn = self._loading[name]
        with turn:
            model = self._found(name)
            if model is None or version not in (None, model.version):
                model = self._load(name, progress)
                self._keep(model)
            self._release()
            return model

    def names(self) -> tuple[str, ...]:
        """Return which networks are loaded, the least recently asked first."""
        with self._lock:
            return tuple(self._models)

    def _found(self, name: str) -> Model | None:
        with self._lock:
            if name in self._models:
                self._models.move_to_end(name)
            return self._models.get(name)

    def _keep(self, model: Model) -> None:
        with self._lock:
            self._models[model.name] = model
            self._models.move_to_end(model.name)

    def _release(self) -> None:
        """Let others go than the one just asked, as long as memory is short: other programs may need it too."""
        with self._lock:
            while len(self._models) > 1 and self._is_too_full():
                self._models.popitem(last=False)

    def _is_too_full(self) -> bool:
        held = sum(model.weight_bytes for model in self._models.values())
        return held > self._budget_bytes or self._free_bytes() < LEAST_FREE_BYTES


def get(name: str, progress: Progress | None = None, version: str | None = None) -> Model:
    """Return a network that is ready to be asked. See `sources.load` for what can go wrong."""
    return _shared().get(name, progress, version)


def is_loaded(name: str) -> bool:
    return name in _shared().names()


@lru_cache(maxsize=1)
def _shared() -> ModelCache:
    return ModelCache(
        load=lambda name, progress: sources.load(name, progress),
        budget_bytes=int(SHARE_OF_MEMORY * _memory()[1]),
        free_bytes=lambda: _memory()[0],
    )


def _memory() -> tuple[int, int]:
    """Return the free bytes and all bytes of the device on which networks stand."""
    if device().type == "cuda":
        return torch.cuda.mem_get_info()
    memory = psutil.virtual_memory()
    return memory.available, memory.total

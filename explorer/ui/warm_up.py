"""Heavy imports, once, in a thread that starts with the server, so that no page has to wait for its own."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

FIRST_NETWORK = "googlenet"  # what Explore opens with

_started = threading.Lock()
_thread: threading.Thread | None = None


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start the warm-up with the server."""
    start()
    yield


def start() -> threading.Thread:
    """Start the warm-up unless it has been, and return its thread."""
    global _thread
    with _started:
        if _thread is None:
            _thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
            _thread.start()
    return _thread


def is_ready() -> bool:
    return _thread is not None and not _thread.is_alive()


def wait() -> None:
    """Wait until torch is there. Without the app's lifespan, as in tests, it starts here."""
    start().join()


def _warm_up() -> None:
    """Import torch and analyze the first network, so that the first visitor finds it done.

    Freezing what is loaded spares every later garbage collection a walk over 400,000 objects that never die.
    """
    import torch

    from explorer.analysis.summary import analyze

    torch.set_num_threads(1)
    analyze(FIRST_NETWORK)
    gc.collect()
    gc.freeze()

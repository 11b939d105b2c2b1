"""Heavy imports, once, in a thread that starts with the server, so that no page has to wait for its own.

Once a visitor can be served, every network is analyzed as it was published, so that nobody waits for that either.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from explorer import registry

AHEAD_SHARE = 0.25  # of one core, that goes into networks which nobody has asked for yet
FIRST_NETWORK = "googlenet"  # what Explore opens with

_lock = threading.Lock()
_thread: threading.Thread | None = None
_can_analyze = threading.Event()


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start the warm-up with the server."""
    start()
    threading.Thread(target=_analyze_ahead, name="analysis ahead", daemon=True).start()
    yield


def start() -> None:
    """Start the warm-up unless it has been."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
            _thread.start()


def is_ready() -> bool:
    return _can_analyze.is_set()


def wait() -> None:
    """Wait until networks can be analyzed. Without the app's lifespan, as in tests, the warm-up starts here."""
    start()
    _can_analyze.wait()


def wait_visibly(*heights: int) -> None:
    """Wait until networks can be analyzed. Meanwhile say what for, over places as high as what is to come."""
    place = st.empty()  # every time, so that what follows keeps its place
    if is_ready():
        return
    with place.container():
        st.caption("Starting PyTorch. This takes a few seconds, once after the server starts.")
        for height in heights:
            st.skeleton(height=height)
    wait()
    place.empty()


def _warm_up() -> None:
    """Import torch and analyze the first network, so that the first visitor finds it done; then import the rest.

    torch imports its compiler when some operation first runs on meta, which takes seconds; torchvision takes two.
    Freezing what is loaded spares every later garbage collection a walk over 400,000 objects that never die, and a
    higher threshold lets an analysis of a thousand layers run through without one.
    """
    try:
        import torch

        from explorer.analysis import analyze, training_memory
        from explorer.diagrams.engine import render

        torch.set_num_threads(1)
        analyze(FIRST_NETWORK)
        training_memory(FIRST_NETWORK)
    finally:
        _can_analyze.set()
    render("digraph{}")  # compiles Graphviz
    import torch._dynamo
    import torchvision.models  # noqa: F401

    _freeze()
    gc.set_threshold(50_000, 20, 100)


def _freeze() -> None:
    gc.collect()
    gc.freeze()


def _analyze_ahead() -> None:
    """Analyze all networks with their defaults, one after the other, with rests in which visitors have the machine."""
    start()
    assert _thread is not None
    _thread.join()
    from explorer.analysis import analyze, training_memory

    for name in registry.names():
        begun = time.perf_counter()
        analyze(name)
        training_memory(name)
        time.sleep((time.perf_counter() - begun) * (1 / AHEAD_SHARE - 1))
    _freeze()

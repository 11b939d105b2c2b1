"""The memory that a run really takes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch.autograd.profiler import profile

PROFILED_STEP = 2  # of those since the run began or went on; the optimizer makes its state in the first
_ONE_PROFILER = threading.Lock()  # torch allows one in a process


class MemoryMeter:
    """The most memory that a run has taken so far, its pictures included, as torch's allocators count it.

    On a GPU that is what was allocated beyond what was when the meter was made (on MPS, of the moments when `read` was
    called). On a CPU torch only counts in its profiler: there it is the peak of one training step, the second or the
    only one, on top of `held_bytes`, what the run holds between two steps.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._before = self._allocated()
        self._most: int | None = None
        self._steps = 0

    def start(self) -> None:
        """Count from here."""
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)

    @contextmanager
    def step(self, held_bytes: Callable[[], int], is_last: bool) -> Iterator[None]:
        """Measure the training step within, where that takes a profiler."""
        self._steps += 1
        is_due = self._steps == PROFILED_STEP or (is_last and self._steps < PROFILED_STEP)
        if self._device.type != "cpu" or not is_due:
            yield
            return
        held = held_bytes()
        os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # the profiler else says that there is no GPU
        with _ONE_PROFILER, profile(profile_memory=True) as profiled:
            yield
        self._most = held + _peak_bytes(profiled)

    def read(self) -> int | None:
        """Return the most bytes so far; None on a CPU before the step that is measured."""
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device) - self._before
        if self._device.type == "mps":
            self._most = max(self._most or 0, self._allocated() - self._before)
        return self._most

    def _allocated(self) -> int:
        if self._device.type == "cuda":
            return torch.cuda.memory_allocated(self._device)
        return torch.mps.current_allocated_memory() if self._device.type == "mps" else 0


def _peak_bytes(profiled: profile) -> int:
    """Return the most bytes that were live at a time, of those allocated while the profiler ran."""
    live = most = 0
    assert profiled.kineto_results is not None
    for event in sorted(profiled.kineto_results.events(), key=lambda event: event.start_ns()):
        if event.name() == "[memory]":
            live += event.nbytes()  # type: ignore[attr-defined]
            most = max(most, live)
    return most

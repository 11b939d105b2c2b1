"""The times of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Gate:
    """Opens when it is first asked, and then not again before so many seconds have passed."""

    def __init__(self, seconds: float, is_open: bool = True) -> None:
        self._seconds = seconds
        self._opens_at = 0.0 if is_open else time.perf_counter() + seconds

    def opens(self) -> bool:
        """Return whether it is open, and close it."""
        now = time.perf_counter()
        if now < self._opens_at:
            return False
        self._opens_at = now + self._seconds
        return True


class Question:
    """Asks a yes-or-no question at most once in so many seconds; a yes stays a yes."""

    def __init__(self, ask: Callable[[], bool], seconds: float) -> None:
        self._ask, self._gate, self._answer = ask, Gate(seconds), False

    def __call__(self) -> bool:
        if not self._answer and self._gate.opens():
            self._answer = self._ask()
        return self._answer


class Stopwatch:
    """Seconds of a run, and of its steps without the pauses in which it is measured."""

    def __init__(self, seconds_before: float, step: int) -> None:
        self._start = time.perf_counter() - seconds_before
        self._paused = 0.0
        self._first: tuple[float, int] | None = None  # seconds without pauses, and step; the first lap warms up
        self._latest = (time.perf_counter(), step)
        self._steps_per_second: float | None = None

    def seconds(self) -> float:
        """Return the seconds since the run started, with those before an interruption and not those of it."""
        return time.perf_counter() - self._start

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Do not count what happens within as training."""
        start = time.perf_counter()
        yield
        self._paused += time.perf_counter() - start

    def lap(self, step: int) -> float | None:
        """Return the steps a second since the lap before; without a new step the same as then."""
        now = time.perf_counter() - self._paused
        before, step_before = self._latest
        if step > step_before:
            self._steps_per_second = (step - step_before) / (now - before)
            self._latest = (now, step)
            self._first = self._first or self._latest
        return self._steps_per_second

    @property
    def step_seconds(self) -> float | None:
        """The mean time of a step in all laps but the first, which warms up; None before the second."""
        if self._first is None or self._first == self._latest:
            return None
        return (self._latest[0] - self._first[0]) / (self._latest[1] - self._first[1])

"""The times of a run."""

from __future__ import annotations

import time
from collections.abc import Callable


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
    """The seconds of a run, and the pace of its steps."""

    def __init__(self, seconds_before: float) -> None:
        self._start = time.perf_counter() - seconds_before
        self._skipped = 0.0
        self._laps: list[tuple[float, int]] = []  # seconds and step: the start, the end of the first lap, the latest
        self._steps_per_second: float | None = None

    def seconds(self) -> float:
        """Return the seconds since the run started, with those before an interruption and without those of it."""
        return time.perf_counter() - self._start

    def begin_laps(self, step: int) -> None:
        """Count steps from here."""
        self._laps = [(time.perf_counter() - self._skipped, step)]

    def skip(self, seconds: float) -> None:
        """Do not count the latest seconds as training."""
        self._skipped += seconds

    def lap(self, step: int) -> float | None:
        """Return the steps a second since the lap before; the same as then without a new step."""
        now = time.perf_counter() - self._skipped
        before, step_before = self._laps[-1]
        if step > step_before:
            self._steps_per_second = (step - step_before) / (now - before)
            self._laps = [*self._laps[:2], (now, step)]
        return self._steps_per_second

    @property
    def step_seconds(self) -> float | None:
        """The mean time of a step in all laps but the first, in which the device warms up; None before the second."""
        if len(self._laps) < 3:
            return None
        (start, first), (end, last) = self._laps[1:]
        return (end - start) / (last - first)

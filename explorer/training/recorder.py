"""What a worker tells of its run, written into the store from a thread of its own: training never waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from explorer.training.database import StoreError
from explorer.training.events import Event, Plan
from explorer.training.records import Record, State
from explorer.training.store import Line, Store, write_event

if TYPE_CHECKING:
    from explorer.training.report import Report

BEAT_SECONDS = 0.25  # between two signs of life; a request to stop is heard with the next
RETRY_SECONDS = 1.0  # between two tries while the database is gone
PATIENCE_SECONDS = 600.0  # for a database that is gone when the run has ended
MOST_LINES = 1000  # in one transaction

T = TypeVar("T")


def persist(act: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """Return what an act on the store returns, tried again and again while the database is gone."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return act()
        except StoreError:
            if time.monotonic() > deadline:
                raise
        time.sleep(RETRY_SECONDS)


class Recorder:
    """Keeps the events of one run, and hears what is asked of it. Events wait here while the database is gone.

    Use it as a context; leaving it waits until all is written.
    """

    def __init__(self, store: Store, run: Record, last_number: int) -> None:
        self.problem: str | None = None  # what to tell the viewers while the run goes on
        self.is_lost = False  # the run was deleted, or has gone on elsewhere
        self._store, self._run, self._number = store, run, last_number
        self._lines: list[Line] = []
        self._plan: Plan | None = None
        self._is_stopping = False
        self._closes_at: float | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=f"recorder of {run.id}", daemon=True)

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closes_at = time.monotonic() + PATIENCE_SECONDS
            self._changed.notify()
        self._thread.join()

    def tell(self, event: Event) -> None:
        """Have an event written soon."""
        with self._changed:
            self._number += 1
            self._lines.append(Line(self._number, event.step, write_event(event)))
            self._plan = event.plan or self._plan
            self._changed.notify()

    def asks_to_stop(self) -> bool:
        """Return whether the run is to end: someone stopped it, or it is lost."""
        return self._is_stopping or self.is_lost

    def settle(self, state: State, problem: str | None, report: Report | None) -> None:
        """Write how the run has ended, after all of its events. Call it when the context is left."""
        if not self.is_lost:
            self.is_lost = not persist(lambda: self._store.settle(self._run, state, problem, report))

    def _work(self) -> None:
        while not self.is_lost and not self._is_done():
            with self._changed:
                self._changed.wait_for(lambda: self._lines or self._closes_at, BEAT_SECONDS)
            self._write()

    def _is_done(self) -> bool:
        return self._closes_at is not None and (not self._lines or time.monotonic() > self._closes_at)

    def _write(self) -> None:
        """Write what there is to write, and a sign of life."""
        with self._changed:
            lines, plan = self._lines[:MOST_LINES], self._plan
        try:
            state = self._store.write(self._run, lines, plan, self.problem)
        except StoreError:
            time.sleep(RETRY_SECONDS)
            return
        with self._changed:
            del self._lines[: len(lines)]
            self._plan = None if self._plan is plan else self._plan
        self.is_lost = state is None
        self._is_stopping = self._is_stopping or state is State.STOPPING

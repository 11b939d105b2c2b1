"""The curve of a run for those who watch it: they ask often, and the store is asked seldom."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from explorer.training.database import StoreError
from explorer.training.records import HELD, Record, State
from explorer.training.store import Line, Store

FRESH_SECONDS = 0.1  # for so long, all who ask are told the same
GONE_SECONDS = 1.0  # for so long, a store that does not answer is not asked again
MOST_LINES = 2000  # in one answer; who is further behind asks again
KEPT_LINES = 2 * MOST_LINES  # of the latest of a run
KEPT_RUNS = 32


class Feed:
    """What to tell those who watch runs. `explain` says in a sentence what a run waits for, if it does."""

    def __init__(self, store: Store, explain: Callable[[Record], str]) -> None:
        self._store, self._explain = store, explain
        self._tails: OrderedDict[str, _Tail] = OrderedDict()  # the least recently asked first
        self._lock = threading.Lock()

    def read(self, run_id: str, since: int) -> str | None:
        """Return how a run stands and its events with numbers above `since`, as JSON; None if there is no such run.

        A watcher asks next with the `next` of this answer, at once where `is_behind`, not again where it `is_over`.
        Another `curve` than before means that the run went on from a checkpoint: what came after that is void, and the
        curve is to be read again from 0. A store that does not answer raises StoreError.
        """
        with self._lock:
            tail = self._tails.setdefault(run_id, _Tail())
            self._tails.move_to_end(run_id)
            if len(self._tails) > KEPT_RUNS:
                self._tails.popitem(last=False)
        with tail.lock:
            if time.monotonic() >= tail.read_again_at:
                self._refresh(tail, run_id)
            if tail.problem:
                raise StoreError(tail.problem)
            run, lines = tail.run, tail.lines
        if run is None:
            return None
        first = lines[0].number if lines else 1
        new = self._store.lines(run_id, since, MOST_LINES) if since + 1 < first else lines[since + 1 - first :]
        return _write(run, tail.waits_for, new[:MOST_LINES], since, len(new) > MOST_LINES or since + 1 < first)

    def _refresh(self, tail: _Tail, run_id: str) -> None:
        """Read what is new of a run, or keep why that is not to be had: all who wait for it are told."""
        try:
            self._read(tail, run_id)
            tail.problem, seconds = "", FRESH_SECONDS
        except StoreError as error:
            tail.problem, seconds = str(error), GONE_SECONDS
        tail.read_again_at = time.monotonic() + seconds

    def _read(self, tail: _Tail, run_id: str) -> None:
        """Read the state first, because all lines are there once that says that the run is over."""
        run = self._store.get(run_id)
        if run and tail.run and _curve(run) == _curve(tail.run):
            last = tail.lines[-1].number if tail.lines else 0
            tail.lines = [*tail.lines, *self._store.lines(run_id, last, KEPT_LINES)][-KEPT_LINES:]
        else:
            tail.lines = self._store.last_lines(run_id, KEPT_LINES) if run else []
        tail.run, tail.waits_for = run, self._explain(run) if run else ""


class _Tail:
    """The latest that is known of one run."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.run: Record | None = None
        self.waits_for = ""
        self.lines: list[Line] = []
        self.problem = ""  # why nothing can be known now
        self.read_again_at = -float("inf")


def _curve(run: Record) -> int:
    """Return which curve of a run its events belong to: a worker not heard of yet has not deleted what is void."""
    return run.attempt - (run.beats == 0 and run.state in (*HELD, State.INTERRUPTED))


def _write(run: Record, waits_for: str, lines: list[Line], since: int, is_behind: bool) -> str:
    """Return the answer. The events are JSON already."""
    head = {
        "state": run.state,
        "curve": _curve(run),
        "is_over": not run.is_under_way and not is_behind,
        "is_behind": is_behind,
        "problem": run.problem,
        "waits_for": waits_for,
        "plan": run.plan.to_dict() if run.plan else None,
        "next": lines[-1].number if lines else since,
    }
    return f'{json.dumps(head)[:-1]}, "events": [{",".join(line.body for line in lines)}]}}'

"""A thread of the web server that looks after the runs: it wakes workers for those that wait, and finds lost ones."""

from __future__ import annotations

import logging
import threading
import time
from typing import NamedTuple

from explorer.training.cluster import Cluster, knock
from explorer.training.database import StoreError
from explorer.training.records import HELD, JobError, Record
from explorer.training.store import Store
from explorer.training.worker import Setting

LOOK_SECONDS = 2.0  # between two looks at the store
START_LOOK_SECONDS = 0.1  # while the cluster starts
RETRY_SECONDS = 2.0  # after the cluster did not answer
KNOCK_SECONDS = 30.0  # between two knocks at a cluster whose slots are all taken: it may have grown
STOP_SECONDS = 15.0  # for a knock to end
SILENCE_SECONDS = 10.0  # without a sign of life, after which a worker is lost

LOST = "Its worker was lost."

log = logging.getLogger(__name__)


class Sign(NamedTuple):
    """The latest sign of life of a run's worker, and when it was first seen, by this machine's clock."""

    attempt: int
    beats: int
    seen_at: float


class Caretaker:
    """Looks after all runs of a store. Several may, from several servers: what they do is done once."""

    def __init__(
        self, store: Store, cluster: Cluster, setting: Setting, silence_seconds: float = SILENCE_SECONDS
    ) -> None:
        self.is_starting = False  # the cluster
        self.problem: str | None = None  # why no run starts, in one sentence
        self._store, self._cluster, self._setting, self._silence_seconds = store, cluster, setting, silence_seconds
        self._signs: dict[str, Sign] = {}
        self._slots = 0
        self._knocked_at = -float("inf")
        self._address: str | None = None  # of the scheduler that was knocked at last
        self._is_wanted = self._is_warmth_wanted = False
        self._woken = threading.Event()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._work, name="caretaker of runs", daemon=True)

    def start(self) -> None:
        """Begin to look after the runs, until `stop` or the end of the process."""
        self._thread.start()

    def stop(self) -> None:
        """Look after them no more, and let go of the store."""
        self._is_stopped = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def wake(self) -> None:
        """Have the workers look into the queue now."""
        self._is_wanted = True
        self._woken.set()

    def warm_up(self) -> None:
        """Have the workers started, unless they are there. It may be asked at each look at a page."""
        self._is_warmth_wanted = True
        self._woken.set()

    def tend(self) -> float:
        """Do what there is to do now; return after how many seconds to look again."""
        try:
            under_way = self._store.under_way()
            held = [run for run in under_way if run.state in HELD]
            self._find_lost(held)
        except StoreError:
            self._signs.clear()  # nobody can be heard now
            return LOOK_SECONDS
        is_due = self._is_wanted or self._is_knock_due(len(under_way) - len(held), len(held))
        return self._knock(is_due) if is_due or self._is_warmth_wanted else LOOK_SECONDS

    def _find_lost(self, held: list[Record]) -> None:
        """Give up the runs whose workers have been silent for too long."""
        now = time.monotonic()
        heard = {}
        for run in held:
            sign = self._signs.get(run.id)
            if sign is None or (sign.attempt, sign.beats) != (run.attempt, run.beats):
                sign = Sign(run.attempt, run.beats, now)
            heard[run.id] = sign
            if now - sign.seen_at >= self._silence_seconds:
                self._store.interrupt(run, LOST)
        self._signs = heard

    def _is_knock_due(self, waiting: int, held: int) -> bool:
        """Return whether runs wait though workers should be free, or might have been added."""
        return waiting > 0 and (held < self._slots or time.monotonic() - self._knocked_at > KNOCK_SECONDS)

    def _knock(self, is_due: bool) -> float:
        """Knock at the cluster, at one that is known only where that is due; return after how long to look again."""
        try:
            entrance = self._cluster.enter()
            self.is_starting = entrance is None
            if entrance is not None and (is_due or entrance.address != self._address):
                self._slots = knock(entrance, self._setting, self._store.ticket())
                self._address, self._knocked_at = entrance.address, time.monotonic()
        except JobError as error:
            self.problem = str(error)
            return RETRY_SECONDS
        self.problem = None
        if entrance is None:
            return START_LOOK_SECONDS
        self._is_wanted = self._is_warmth_wanted = False
        return LOOK_SECONDS

    def _work(self) -> None:
        while not self._is_stopped:
            self._woken.clear()
            try:
                seconds = self.tend()
            except Exception:
                log.exception("The caretaker of runs goes on after an error")
                seconds = RETRY_SECONDS
            self._woken.wait(seconds)

"""How fast runs would be that nobody has started yet: pages ask, and workers that are free try it out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from explorer.training.database import Database, trials
from explorer.training.spec import RunSpec

KEEP_SECONDS = 3600.0  # a pace; a machine changes
PROBLEM_SECONDS = 60.0  # what kept a run from being tried out; memory gets free again
INTEREST_SECONDS = 10.0  # after which nobody waits for an answer any more
LOST_SECONDS = 120.0  # after which a worker that tries something out is taken for lost
LOST = "Its worker was lost while it tried this out."
_NO_MATTER = (  # for how fast a run is, and whether it can be trained
    *("epochs", "steps", "seconds", "validate_every", "dropout_while_measuring", "seed"),
    *("learning_rate", "weight_decay", "schedule", "warmup", "drops", "drop_factor", "patience"),
)


class Pace(NamedTuple):
    """How fast a run is on a worker's device."""

    step_seconds: float  # of training
    picture_seconds: float  # of measuring one validation picture


class Trial(NamedTuple):
    """What is known of a run's pace: it, or why there is none, in one sentence; neither until it was tried out."""

    pace: Pace | None = None
    problem: str | None = None


class Wanted(NamedTuple):
    """A run that someone asks about, as JSON: this process may not know its data set."""

    key: str
    spec_json: str


class Trials:
    """The trials of one database. It raises StoreError where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, spec: RunSpec) -> tuple[Trial, bool]:
        """Return what is known of a run's pace, and whether workers have to be told that someone asks."""
        key, now = _key(spec), time.time()
        known = select(trials).where(trials.c.key == key, trials.c.stale_at > now)
        with self._database.transaction() as connection:
            row = connection.execute(known).one_or_none()
        if row is not None and row.step_seconds is not None:
            return Trial(Pace(row.step_seconds, row.picture_seconds)), False
        if row is not None and row.problem is None and row.taken_at is not None and row.taken_at < now - LOST_SECONDS:
            return Trial(problem=LOST), False
        if row is not None and (row.problem or row.asked_at > now - INTEREST_SECONDS / 2):
            return Trial(problem=row.problem), False
        with self._database.transaction() as connection:
            connection.execute(delete(trials).where(trials.c.stale_at <= now))
            connection.execute(_put(connection, key, spec, now))
        return Trial(), True

    def take(self) -> Wanted | None:
        """Give the run that was asked about last to a worker; None if no page waits for an answer.

        Pages that wait go on asking: what was asked much earlier than something else, nobody waits for any more.
        """
        last = select(func.max(trials.c.asked_at)).scalar_subquery()  # by the clock of those who ask
        wanted = (
            *(trials.c.step_seconds.is_(None), trials.c.problem.is_(None), trials.c.taken_at.is_(None)),
            trials.c.asked_at > last - INTEREST_SECONDS,
            trials.c.stale_at > time.time(),
        )
        latest = select(trials.c.key).where(*wanted).order_by(trials.c.asked_at.desc()).limit(1)
        one = latest.with_for_update(skip_locked=True).scalar_subquery()
        take = update(trials).where(trials.c.key == one, *wanted).values(taken_at=time.time())
        with self._database.transaction() as connection:
            row = connection.execute(take.returning(trials.c.key, trials.c.spec_json)).one_or_none()
        return Wanted(*row) if row else None

    def answer(self, wanted: Wanted, trial: Trial) -> None:
        """Keep what a worker has found out; a trial that says nothing gives it back."""
        values: dict[str, Any] = {"step_seconds": None, "picture_seconds": None, "problem": trial.problem}
        if trial.pace is not None:
            values |= trial.pace._asdict()
        if trial == Trial():
            values["taken_at"] = None
        else:
            values["stale_at"] = time.time() + (KEEP_SECONDS if trial.pace else PROBLEM_SECONDS)
        with self._database.transaction() as connection:
            connection.execute(update(trials).where(trials.c.key == wanted.key).values(values))


def _put(connection: Connection, key: str, spec: RunSpec, now: float) -> Insert:
    """Return what asks for a trial, or asks once more."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    asked = {"asked_at": now, "stale_at": now + LOST_SECONDS}
    row = dialect.insert(trials).values(key=key, spec_json=spec.to_json(), **asked)
    is_open = and_(trials.c.step_seconds.is_(None), trials.c.problem.is_(None))
    return row.on_conflict_do_update(index_elements=["key"], set_=asked, where=is_open)


def _key(spec: RunSpec) -> str:
    """Return what stands for all runs that are as fast as this one."""
    matters = {name: value for name, value in dataclasses.asdict(spec).items() if name not in _NO_MATTER}
    return hashlib.sha256(json.dumps(matters, sort_keys=True).encode()).hexdigest()

"""How fast runs would be that nobody has started yet: pages ask, and workers that are free try it out."""

from __future__ import annotations

import hashlib
import json
import time
from typing import NamedTuple

from sqlalchemy import Connection, Insert, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from explorer.training.database import Database, trials
from explorer.training.spec import RunSpec

KEEP_SECONDS = 24 * 3600.0  # a pace; a machine changes
PROBLEM_SECONDS = 60.0  # what kept a run from being tried out; memory gets free again
INTEREST_SECONDS = 10.0  # after which nobody waits for an answer any more
LOST_SECONDS = 120.0  # after which a worker that tries something out is taken for lost
_WHAT_COUNTS = ("architecture", "options", "dataset", "input_shape", "num_classes", "optimizer", "precision")


class Pace(NamedTuple):
    """How fast a run is on a worker's device."""

    step_seconds: float  # of training, once it is warm
    batch_seconds: float  # of measuring as many validation pictures as are in a step


class Trial(NamedTuple):
    """What is known of a run's pace: it, or why there is none, in one sentence; neither until it was tried out."""

    pace: Pace | None = None
    problem: str | None = None


class Trials:
    """The trials of one database. It raises StoreError where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, spec: RunSpec) -> tuple[Trial, bool]:
        """Return what is known of a run's pace, and whether workers have to be told that someone asks."""
        key, now = _key(spec), time.time()
        with self._database.transaction() as connection:
            old = or_(
                trials.c.answered_at < now - KEEP_SECONDS,
                and_(trials.c.problem.is_not(None), trials.c.answered_at < now - PROBLEM_SECONDS),
                and_(trials.c.answered_at.is_(None), trials.c.asked_at < now - LOST_SECONDS),
            )
            row = connection.execute(select(trials, old.label("is_old")).where(trials.c.key == key)).one_or_none()
            if row is None or row.is_old:
                connection.execute(delete(trials).where(old))
                connection.execute(_insert_once(connection, key, spec, now))
                return Trial(), True
            if row.answered_at is None:
                is_due = row.asked_at < now - INTEREST_SECONDS / 2
                if is_due:
                    connection.execute(update(trials).where(trials.c.key == key).values(asked_at=now))
                return Trial(), is_due
        return Trial(Pace(row.step_seconds, row.batch_seconds) if row.problem is None else None, row.problem), False

    def take(self) -> RunSpec | None:
        """Give the run that was asked about last to a worker; None if nobody waits for an answer."""
        now = time.time()
        wanted = (
            trials.c.answered_at.is_(None),
            trials.c.asked_at > now - INTEREST_SECONDS,
            or_(trials.c.taken_at.is_(None), trials.c.taken_at < now - LOST_SECONDS),
        )
        latest = select(trials.c.key).where(*wanted).order_by(trials.c.asked_at.desc()).limit(1)
        one = latest.with_for_update(skip_locked=True).scalar_subquery()
        with self._database.transaction() as connection:
            take = update(trials).where(trials.c.key == one, *wanted).values(taken_at=now)
            spec_json = connection.execute(take.returning(trials.c.spec_json)).scalar_one_or_none()
        return RunSpec.from_json(spec_json) if spec_json else None

    def answer(self, spec: RunSpec, trial: Trial) -> None:
        """Keep what a worker has found out."""
        found = trial.pace._asdict() if trial.pace else {"problem": trial.problem}
        with self._database.transaction() as connection:
            mine = trials.c.key == _key(spec)
            connection.execute(update(trials).where(mine).values(answered_at=time.time(), **found))


def _insert_once(connection: Connection, key: str, spec: RunSpec, now: float) -> Insert:
    """Return what asks for a trial; where two ask at the same moment, the second changes nothing."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"key": key, "spec_json": spec.to_json(), "asked_at": now}
    return dialect.insert(trials).values(row).on_conflict_do_nothing()


def _key(spec: RunSpec) -> str:
    """Return what stands for all runs that are as fast as this one."""
    batch = (spec.augmentation, min(spec.batch_size, spec.pictures or spec.batch_size))
    counts = [batch, *(getattr(spec, name) for name in _WHAT_COUNTS)]
    return hashlib.sha256(json.dumps(counts, sort_keys=True).encode()).hexdigest()

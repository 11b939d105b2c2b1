"""Runs, their events and their reports, kept in SQL.

All that passes between the web server and the workers passes through here. A worker's writes name the attempt that it
works on: one that was given up for lost, and whose run has gone on elsewhere, cannot write into it any more.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, literal, select, update

from explorer.settings import Limits
from explorer.training.database import Database, events, queue, reports, runs
from explorer.training.events import Event, Plan
from explorer.training.records import HELD, RESUMABLE, UNDER_WAY, JobError, Record, State
from explorer.training.spec import RunSpec
from explorer.training.trials import Trials

if TYPE_CHECKING:
    from explorer.training.report import Report

ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike: an id may be read aloud
ID_LENGTH = 10


class LimitError(JobError):
    """A limit forbids it."""


class Line(NamedTuple):
    """An event as the store keeps it: its number in the run, from 1, its step, and the event as JSON."""

    number: int
    step: int
    body: str


class Store:
    """The runs in one database. A database that cannot be used raises StoreError everywhere."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self.trials = Trials(self._database)

    def add(self, spec: RunSpec, owner: str, name: str, limits: Limits, is_teacher: bool = False) -> Record:
        """Queue a run. A full queue, or too many runs of one owner, raise LimitError."""
        with self._database.transaction() as connection:
            ticket = _draw_ticket(connection)
            _check_limits(connection, owner, limits, is_teacher)
            values = {
                "id": "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH)),
                "name": name,
                "spec_json": spec.to_json(),
                "owner": owner,
                "state": State.QUEUED,
                "ticket": ticket,
                "attempt": 0,
                "beats": 0,
                "created_at": time.time(),
            }
            row = connection.execute(insert(runs).values(values).returning(*runs.c)).one()
        return Record.from_row(row)

    def get(self, run_id: str) -> Record | None:
        """Return the run of this id, if there is one."""
        with self._database.transaction() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
        return Record.from_row(row) if row else None

    def latest(self, most: int = 100) -> list[Record]:
        """Return the runs that were asked for last, the newest first."""
        return self._select(select(runs).order_by(runs.c.created_at.desc()).limit(most))

    def under_way(self) -> list[Record]:
        """Return the runs that wait or train, in the order of their turns."""
        return self._select(select(runs).where(runs.c.state.in_(UNDER_WAY)).order_by(runs.c.ticket))

    def has_waiting(self) -> bool:
        """Return whether a run waits for a worker."""
        waiting = select(runs.c.id).where(runs.c.state == State.QUEUED).limit(1)
        with self._database.transaction() as connection:
            return connection.execute(waiting).one_or_none() is not None

    def ticket(self) -> int:
        """Return the latest ticket that was drawn."""
        with self._database.transaction() as connection:
            return connection.execute(select(queue.c.ticket)).scalar_one()

    def count_before(self, run: Record) -> int:
        """Return how many runs wait before this one."""
        waiting = select(func.count()).where(runs.c.state == State.QUEUED, runs.c.ticket < run.ticket)
        with self._database.transaction() as connection:
            return connection.execute(waiting).scalar_one()

    def request_stop(self, run_id: str) -> None:
        """Take a run out of the queue, or have its worker stop it. One that has ended stays as it is."""
        with self._database.transaction() as connection:
            waiting = (runs.c.id == run_id, runs.c.state == State.QUEUED)
            connection.execute(update(runs).where(*waiting).values(state=State.STOPPED, ended_at=time.time()))
            held = (runs.c.id == run_id, runs.c.state.in_(HELD))
            connection.execute(update(runs).where(*held).values(state=State.STOPPING))

    def requeue(self, run_id: str, owner: str, limits: Limits, is_teacher: bool = False) -> bool:
        """Queue a run again that has stopped, failed or was interrupted; return whether it was one."""
        with self._database.transaction() as connection:
            ticket = _draw_ticket(connection)
            _check_limits(connection, owner, limits, is_teacher)
            fresh = {"state": State.QUEUED, "ticket": ticket, "ended_at": None, "problem": None}
            resumable = (runs.c.id == run_id, runs.c.state.in_(RESUMABLE))
            return connection.execute(update(runs).where(*resumable).values(fresh)).rowcount == 1

    def rename(self, run_id: str, name: str) -> None:
        """Call a run something else."""
        with self._database.transaction() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(name=name))

    def delete(self, run_id: str) -> None:
        """Forget a run, its events and its report."""
        with self._database.transaction() as connection:
            connection.execute(delete(runs).where(runs.c.id == run_id))

    def lines(self, run_id: str, since: int = 0, most: int = 10_000) -> list[Line]:
        """Return the events of a run with numbers above `since`, in their order."""
        later = select(events.c.number, events.c.step, events.c.body).where(
            events.c.run_id == run_id, events.c.number > since
        )
        with self._database.transaction() as connection:
            return [Line(*row) for row in connection.execute(later.order_by(events.c.number).limit(most))]

    def last_lines(self, run_id: str, most: int) -> list[Line]:
        """Return the last events of a run, in their order."""
        newest = select(events.c.number, events.c.step, events.c.body).where(events.c.run_id == run_id)
        with self._database.transaction() as connection:
            rows = connection.execute(newest.order_by(events.c.number.desc()).limit(most)).all()
        return [Line(*row) for row in reversed(rows)]

    def events(self, run_id: str) -> list[Event]:
        """Return all events of a run, without plans and reports."""
        return [read_event(line.body) for line in self.lines(run_id, most=10_000_000)]

    def report(self, run_id: str) -> Report | None:
        """Return what a finished run's network does with the validation pictures; None before it has finished."""
        from explorer.training.report import Report  # imports torch

        with self._database.transaction() as connection:
            body = connection.execute(select(reports.c.body).where(reports.c.run_id == run_id)).scalar_one_or_none()
        return Report.from_dict(json.loads(body)) if body else None

    def claim(self, worker: str) -> Record | None:
        """Give the run whose turn it is to a worker; None if no run waits. No two workers are given the same."""
        waiting = select(runs.c.id).where(runs.c.state == State.QUEUED).order_by(runs.c.ticket).limit(1)
        first = waiting.with_for_update(skip_locked=True).scalar_subquery()
        taken = {
            "state": State.STARTING,
            "attempt": runs.c.attempt + 1,
            "beats": 0,
            "started_at": time.time(),
            "worker": worker,
        }
        with self._database.transaction() as connection:
            take = update(runs).where(runs.c.id == first, runs.c.state == State.QUEUED).values(taken)
            row = connection.execute(take.returning(*runs.c)).one_or_none()
        return Record.from_row(row) if row else None

    def rewind(self, run: Record, step: int) -> int:
        """Forget what came after a step, from which a worker goes on; return the number of the last event left.

        It is the worker's first sign of life: what was void is gone from then on.
        """
        with self._database.transaction() as connection:
            connection.execute(_of(run).values(beats=runs.c.beats + 1))
            connection.execute(delete(reports).where(reports.c.run_id == run.id))
            connection.execute(delete(events).where(events.c.run_id == run.id, events.c.step > step))
            last = select(func.max(events.c.number)).where(events.c.run_id == run.id)
            return connection.execute(last).scalar_one() or 0

    def write(
        self, run: Record, lines: Sequence[Line], plan: Plan | None = None, problem: str | None = None
    ) -> State | None:
        """Keep what a worker tells of its run, and return the state that the run is in: "stopping" asks it to stop.

        None says that the run is this worker's no more. What was kept already may be told again.
        """
        is_first = runs.c.state.in_((State.STARTING, State.INTERRUPTED)) if lines else runs.c.state == State.INTERRUPTED
        values: dict[str, Any] = {
            "beats": runs.c.beats + 1,
            "state": case((is_first, literal(State.RUNNING, runs.c.state.type)), else_=runs.c.state),
            "ended_at": None,
            "problem": problem,
        }
        if plan is not None:
            values["plan_json"] = json.dumps(plan.to_dict())
        with self._database.transaction() as connection:
            state = connection.execute(_of(run).values(values).returning(runs.c.state)).scalar_one_or_none()
            if state is None:
                return None
            if lines:
                connection.execute(delete(events).where(events.c.run_id == run.id, events.c.number >= lines[0].number))
                connection.execute(insert(events), [{"run_id": run.id, **line._asdict()} for line in lines])
        return cast(State, state)

    def settle(self, run: Record, state: State, problem: str | None = None, report: Report | None = None) -> bool:
        """Keep how a worker's run has ended; return False if the run was its no more."""
        ended = {"state": state, "problem": problem, "ended_at": time.time()}
        with self._database.transaction() as connection:
            if connection.execute(_of(run).values(ended)).rowcount == 0:
                return False
            if report is not None:
                body = json.dumps(report.to_dict())
                connection.execute(insert(reports).values(run_id=run.id, body=body))
        return True

    def interrupt(self, run: Record, problem: str) -> bool:
        """Give a run up for lost, unless its worker has been heard since this record was read; return whether.

        Its worker may be heard again later, and then goes on, unless the run was to stop.
        """
        silent = (runs.c.id == run.id, runs.c.attempt == run.attempt, runs.c.beats == run.beats, runs.c.state.in_(HELD))
        state = case(
            (runs.c.state == State.STOPPING, literal(State.STOPPED, runs.c.state.type)),
            else_=literal(State.INTERRUPTED, runs.c.state.type),
        )
        lost = {"state": state, "problem": problem, "ended_at": time.time()}
        with self._database.transaction() as connection:
            return connection.execute(update(runs).where(*silent).values(lost)).rowcount == 1

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _select(self, statement: Any) -> list[Record]:
        with self._database.transaction() as connection:
            return [Record.from_row(row) for row in connection.execute(statement)]


def write_event(event: Event) -> str:
    """Return an event as one line of JSON, without what it does not carry; NaN and infinity become their names."""
    known = {name: _write_value(value) for name, value in event.to_dict().items() if value is not None}
    return json.dumps(known, separators=(",", ":"), allow_nan=False)


def read_event(body: str) -> Event:
    """Return the event that `write_event` wrote."""
    values = json.loads(body)
    return Event(**{name: value if name == "ended" else _read_value(value) for name, value in values.items()})


def _write_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _read_value(value: Any) -> Any:
    return float(value) if isinstance(value, str) else value


def _of(run: Record) -> Any:
    """Return an update of a run, as long as it is the worker's that was given this record."""
    mine: tuple[ColumnElement[bool], ...] = (
        runs.c.id == run.id,
        runs.c.attempt == run.attempt,
        runs.c.state.in_((*HELD, State.INTERRUPTED)),
    )
    return update(runs).where(*mine)


def _draw_ticket(connection: Connection) -> int:
    return connection.execute(update(queue).values(ticket=queue.c.ticket + 1).returning(queue.c.ticket)).scalar_one()


def _check_limits(connection: Connection, owner: str, limits: Limits, is_teacher: bool) -> None:
    """Raise LimitError where one more run is too many. A teacher's own runs are not counted."""
    waiting = select(func.count()).where(runs.c.state == State.QUEUED)
    if connection.execute(waiting).scalar_one() >= limits.queue_length:
        most = limits.queue_length
        raise LimitError(f"The queue is full: {most} {'run waits' if most == 1 else 'runs wait'}. Try again later.")
    theirs = select(func.count()).where(runs.c.owner == owner, runs.c.state.in_(UNDER_WAY))
    if not is_teacher and connection.execute(theirs).scalar_one() >= limits.runs_per_person:
        most = limits.runs_per_person
        raise LimitError(
            f"You have {most} {'run' if most == 1 else 'runs'} waiting or under way, the most for one person."
        )

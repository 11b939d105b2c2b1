"""The tables in which runs are kept, and the way to them: SQLite or PostgreSQL, by the URL alone."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from explorer.training.records import JobError, State

VERSION = 1  # of the tables; another one needs another database
PATIENCE_SECONDS = 5  # for a connection, an answer or a lock
CONNECTIONS = 8
MAKING_TABLES = 1_996_071_112  # the number of PostgreSQL's lock for that; any other would do

metadata = MetaData()
_state = Enum(State, native_enum=False, length=16, values_callable=lambda states: [state.value for state in states])

runs = Table(
    "runs",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("spec_json", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("state", _state, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("beats", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("worker", Text),
    Column("plan_json", Text),
    Column("problem", Text),
    Index("runs_by_state", "state", "ticket"),
)

events = Table(
    "events",
    metadata,
    Column("run_id", String(16), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("step", Integer, nullable=False),
    Column("body", Text, nullable=False),  # an Event as JSON
)

reports = Table(
    "reports",
    metadata,
    Column("run_id", String(16), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("body", Text, nullable=False),  # a Report as JSON
)

# How fast runs are that were not started: see trials.py.
trials = Table(
    "trials",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("spec_json", Text, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("taken_at", Float),
    Column("stale_at", Float, nullable=False),
    Column("step_seconds", Float),
    Column("picture_seconds", Float),
    Column("problem", Text),
)

# One row. To raise the ticket locks it, so those who add runs take turns, and no limit is passed by two at once.
queue = Table(
    "queue",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
)


class StoreError(JobError):
    """The database cannot be used now. Nothing has been changed."""


class Database:
    """A database with the tables in it, made when they are first needed. It may come and go: each use tries anew."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
            self._engine = _make_engine(str(url))
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise StoreError(f"The address of the database is not understood: {_first_line(error)}.") from None
        self._is_ready = False
        self._preparing = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection; what is done with it is kept whole, or not at all where an exception leaves the block.

        A database that does not do its part raises StoreError.
        """
        try:
            self._prepare()
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, NoConnectionError, OSError) as error:
            self._is_ready = False  # it may be another database the next time, with no tables
            raise StoreError(self._explain(error)) from error

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self._preparing:
            if self._is_ready:
                return
            if self.url.get_backend_name() == "sqlite" and self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            _make_tables(self._engine)
            self._is_ready = True

    def _explain(self, error: Exception) -> str:
        shown = self.url.render_as_string(hide_password=True)
        cause = _first_line(getattr(error, "orig", None) or error)
        if "full" in cause or "No space left" in cause:
            return f"The disk with the database of runs is full ({shown})."
        fails = "cannot be used" if isinstance(error, ProgrammingError) else "does not answer"
        return f"The database of runs {fails} ({shown}): {cause}."


def _make_engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})
        event.listen(engine, "connect", _set_up_sqlite)
        return engine
    given_up = {"connect_timeout": PATIENCE_SECONDS, "tcp_user_timeout": 2000 * PATIENCE_SECONDS}
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=CONNECTIONS,
        pool_timeout=PATIENCE_SECONDS,
        connect_args={**given_up, "options": f"-c statement_timeout={2000 * PATIENCE_SECONDS}"},
    )


def _set_up_sqlite(connection: Any, _: Any) -> None:
    """Let readers read while one writes (WAL), and do not wait for the disk at each write: it is written in order."""
    _change_to_wal(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _change_to_wal(connection: Any) -> None:
    """Try until nobody else does it at the moment: SQLite itself does not wait for that, for all its timeout."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends_at:
                raise
            time.sleep(0.02)


def _make_tables(engine: Engine) -> None:
    """Make the tables unless they are there. Processes that would do it at the same moment take turns."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(MAKING_TABLES)))
        metadata.create_all(connection)
        version = connection.execute(select(queue.c.version)).scalar_one_or_none()
        if version is None:
            connection.execute(queue.insert().values(id=1, ticket=0, version=VERSION))
    if version not in (None, VERSION):
        raise StoreError(f"The database of runs has tables of version {version}; this is made for version {VERSION}.")


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")

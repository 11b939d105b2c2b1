"""What the tests of runs need: databases of both kinds, and a way to wait for others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import torch
from postgres import Postgres, find_programs

from explorer.training.store import Store

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Let workers keep what Python compiles: else each compiles torch anew, which takes most of its start."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    programs = find_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL on this machine (apt-get install postgresql)")
    server = Postgres(programs)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.sqlite'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.make_database(f"runs_{next(_numbers)}")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """A store in a new database, of each kind in turn."""
    opened = Store(database)
    yield opened
    opened.close()


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    """Small networks train on one thread: two wait for each other, for long where the machine is busy."""
    torch.set_num_threads(1)


@pytest.fixture
def eventually() -> Callable[[Callable[[], object], float], None]:
    """Wait until something is true, and fail when it is not within so many seconds."""

    def wait(is_true: Callable[[], object], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_true():
            assert time.monotonic() < deadline, f"not within {seconds} s"
            threading.Event().wait(0.02)

    return wait

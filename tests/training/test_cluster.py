"""A Dask cluster that someone else looks after: a scheduler and two workers, started as the README says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from explorer.training.cluster import ClusterError, Entrance, knock
from explorer.training.jobs import Jobs, connect
from explorer.training.records import JobError, State, Visitor
from explorer.training.spec import RunSpec
from explorer.training.worker import Setting

DASK = Path(sys.executable).with_name("dask")
ROOT = Path(__file__).parents[2]
ME = Visitor("me")
LONG = RunSpec("lenet5_modern", "digits", epochs=9_000)

Eventually = Callable[..., None]


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    folder = tmp_path_factory.mktemp("dask")
    address = f"tcp://127.0.0.1:{find_port()}"
    worker = ["worker", address, "--nworkers", "2", "--nthreads", "1", "--resources", "CPU=1", "--host", "127.0.0.1"]
    commands = [
        ["scheduler", "--host", address, "--no-dashboard"],
        [*worker, "--preload", "explorer.training.worker", "--no-dashboard", "--local-directory", str(folder)],
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with (folder / "log").open("w") as log:
        started = [subprocess.Popen([DASK, *command], env=environment, stdout=log, stderr=log) for command in commands]
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait(60)


@pytest.fixture
def jobs(scheduler: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """The jobs of a web server that the environment tells of the scheduler, with a database of each kind in turn."""
    monkeypatch.setenv("EXPLORER_SCHEDULER", scheduler)
    monkeypatch.setenv("EXPLORER_DATABASE", database)
    monkeypatch.setenv("EXPLORER_ARTIFACTS", f"file://{tmp_path / 'files'}")
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    opened = connect()
    yield opened
    for run in opened.under_way():
        opened.stop(run.id, ME)
    opened.close()


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_two_workers_train_two_runs_at_once_and_the_third_waits(jobs: Jobs, eventually: Eventually) -> None:
    first, second, third = (jobs.submit(LONG, ME) for _ in range(3))
    eventually(lambda: [jobs.get(run.id).state for run in (first, second)] == [State.RUNNING] * 2, 180)
    assert jobs.get(third.id).state is State.QUEUED
    assert jobs.explain_wait(jobs.get(third.id)) == "It is the next."
    jobs.stop(second.id, ME)
    eventually(lambda: jobs.get(third.id).state is State.RUNNING, 60)
    assert (jobs.get(first.id).state, jobs.get(second.id).state) == (State.RUNNING, State.STOPPED)
    assert jobs.checkpoint(second.id)


def test_a_scheduler_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.training.cluster.ANSWER_SECONDS", 0.2)
    address = f"tcp://127.0.0.1:{find_port()}"
    with pytest.raises(ClusterError, match=f"The training cluster at {address} does not answer"):
        knock(Entrance(address), Setting("sqlite://", "nowhere", 60, None), 0)


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "nosuch://127.0.0.1:1", "tcp://127.0.0.1"])
def test_an_address_that_cannot_be_used_is_one_sentence(address: str) -> None:
    with pytest.raises(ClusterError, match=f"The training cluster at {address} cannot be asked: "):
        knock(Entrance(address), Setting("sqlite://", "nowhere", 60, None), 0)


def test_knocking_in_vain_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.training.cluster.ANSWER_SECONDS", 0.2)
    entrance = Entrance(f"tcp://127.0.0.1:{find_port()}")

    def knock_in_vain() -> tuple[int, int]:
        with pytest.raises(ClusterError):
            knock(entrance, Setting("sqlite://", "nowhere", 60, None), 0)
        return threading.active_count(), psutil.Process().num_fds()

    first = knock_in_vain()
    assert max(knock_in_vain() for _ in range(3)) <= first


def test_workers_that_see_another_database_are_told_of(scheduler: str, tmp_path: Path) -> None:
    setting = Setting(f"sqlite:///{tmp_path / 'theirs.sqlite'}", str(tmp_path), 60, None)
    assert knock(Entrance(scheduler), setting, ticket=0) == 2
    with pytest.raises(ClusterError, match="sees another database of runs than this server"):
        knock(Entrance(scheduler), setting, ticket=1)


def test_workers_that_cannot_reach_the_database_are_told_of(scheduler: str, tmp_path: Path) -> None:
    setting = Setting(f"postgresql+psycopg:///runs?host={tmp_path}", str(tmp_path), 60, None)
    with pytest.raises(ClusterError, match="cannot use the database of runs"):
        knock(Entrance(scheduler), setting, ticket=0)


def test_the_jobs_are_the_same_until_a_setting_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "one"))
    first = connect()
    assert connect() is first
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "two"))
    second = connect()
    assert second is not first
    second.close()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EXPLORER_QUEUE_LENGTH", "many", "EXPLORER_QUEUE_LENGTH is a whole number from 1, not 'many'"),
        ("EXPLORER_RUN_SECONDS", "0", "EXPLORER_RUN_SECONDS is a whole number from 1"),
        ("EXPLORER_DATABASE", "nonsense", "address of the database is not understood"),
        ("EXPLORER_ARTIFACTS", "nosuch://bucket", "place for checkpoints is not understood"),
    ],
)
def test_a_bad_setting_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setenv(name, value)
    with pytest.raises(JobError, match=sentence):
        connect()

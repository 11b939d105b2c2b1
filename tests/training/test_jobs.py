"""Runs on a real cluster of our own: processes that are started, killed, found again and that end themselves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import local
import psutil
import pytest
from local import Server

from explorer.training.background import NICENESS
from explorer.training.caretaker import LOST
from explorer.training.records import State, Visitor
from explorer.training.spec import RunSpec

ROOT = Path(__file__).parents[2]
ME = Visitor("me")
SHORT = RunSpec("lenet5_modern", "digits", steps=20, pictures=400)
LONG = RunSpec("lenet5_modern", "digits", epochs=9_000)

Eventually = Callable[..., None]


@pytest.fixture(scope="module")
def cluster_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The place of a cluster that these tests share; it is ended with all of its processes."""
    folder = tmp_path_factory.mktemp("cluster")
    yield folder
    assert not local.end(folder)


@pytest.fixture
def idle_seconds() -> float:
    return 300.0


@pytest.fixture
def server(database: str, tmp_path: Path, cluster_folder: Path, idle_seconds: float) -> Iterator[Server]:
    """A server with a database of each kind in turn."""
    opened = Server(database, str(tmp_path), cluster_folder, idle_seconds)
    yield opened
    opened.close()


def test_a_run_trains_in_processes_of_their_own(server: Server, cluster_folder: Path, eventually: Eventually) -> None:
    run = server.jobs.submit(SHORT, ME)
    eventually(lambda: not server.run(run.id).is_under_way, 180)
    assert server.run(run.id).state is State.FINISHED
    group = local.processes(cluster_folder)
    assert {os.getsid(process.pid) for process in group} == {group[0].pid}
    assert local.worker(cluster_folder) in group


def test_the_web_server_comes_before_training(server: Server, cluster_folder: Path) -> None:
    worker = local.worker(cluster_folder)
    assert worker.nice() == NICENESS
    session = Path(f"/proc/{worker.pid}/autogroup")
    assert not session.exists() or session.read_text().strip().endswith(f"nice {NICENESS}")
    assert int(worker.environ()["OMP_NUM_THREADS"]) == max(1, (psutil.cpu_count() or 1) - 1)


def test_only_who_has_its_certificate_gets_into_the_cluster(server: Server, cluster_folder: Path) -> None:
    (contact,) = cluster_folder.glob("*.json")
    assert contact.stat().st_mode & 0o777 == 0o600
    assert json.loads(contact.read_text())["address"].startswith("tls://127.0.0.1:")
    for process in local.processes(cluster_folder):
        listening = [found for found in process.net_connections() if found.status == psutil.CONN_LISTEN]
        assert {found.laddr.ip for found in listening} <= {"127.0.0.1"}


def test_a_run_is_stopped_while_it_trains(server: Server, eventually: Eventually) -> None:
    run = server.jobs.submit(LONG, ME)
    eventually(lambda: server.run(run.id).state is State.RUNNING, 60)
    server.jobs.stop(run.id, ME)
    eventually(lambda: not server.run(run.id).is_under_way, 20)
    assert server.run(run.id).state is State.STOPPED
    assert server.jobs.events(run.id)[-1].ended == "stopped"
    assert server.jobs.checkpoint(run.id)


def test_runs_that_wait_know_their_place(server: Server, eventually: Eventually) -> None:
    first, second, third = (server.jobs.submit(LONG, ME) for _ in range(3))
    eventually(lambda: server.run(first.id).state is State.RUNNING, 60)
    waits = [server.jobs.explain_wait(server.run(run.id)) for run in (first, second, third)]
    assert waits == ["", "It is the next.", "1 run is before it."]
    server.jobs.stop(first.id, ME)
    eventually(lambda: server.run(second.id).state is State.RUNNING, 60)
    assert server.run(third.id).state is State.QUEUED


def test_a_run_outlives_the_server_and_the_next_one_finds_it(
    server: Server, database: str, tmp_path: Path, cluster_folder: Path, eventually: Eventually
) -> None:
    program = f"""
import pathlib, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from local import Server
from explorer.training.records import Visitor
from explorer.training.spec import RunSpec
server = Server({database!r}, {str(tmp_path)!r}, pathlib.Path({str(cluster_folder)!r}))
print(server.jobs.submit(RunSpec("lenet5_modern", "digits", epochs=9_000), Visitor("me")).id, flush=True)
sys.stdin.read()
"""
    leader = local.processes(cluster_folder)[0].pid
    other = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,
        text=True,
    )
    with other:
        assert other.stdout is not None
        run_id = other.stdout.readline().strip()
        eventually(lambda: server.run(run_id).state is State.RUNNING, 60)
        os.killpg(other.pid, signal.SIGINT)  # as Ctrl-C does
    seen = len(server.jobs.events(run_id))
    eventually(lambda: len(server.jobs.events(run_id)) > seen, 60)
    assert local.processes(cluster_folder)[0].pid == leader
    assert json.loads(server.jobs.feed.read(run_id, 0) or "")["state"] == "running"


def test_a_run_whose_worker_is_killed_is_interrupted_and_goes_on(
    server: Server, cluster_folder: Path, eventually: Eventually
) -> None:
    run = server.jobs.submit(LONG, ME)
    eventually(lambda: len(server.jobs.events(run.id)) > 2, 60)
    local.worker(cluster_folder).kill()
    eventually(lambda: server.run(run.id).state is State.INTERRUPTED, 60)
    assert server.run(run.id).problem == LOST
    assert len(server.jobs.events(run.id)) > 2
    another = server.jobs.submit(SHORT, ME)
    eventually(lambda: server.run(another.id).state is State.FINISHED, 180)
    server.jobs.resume(run.id, ME)
    eventually(lambda: server.run(run.id).state is State.RUNNING, 60)


@pytest.mark.parametrize("idle_seconds", [1.0])
def test_a_lost_cluster_is_replaced_and_ends_itself_when_idle(
    server: Server, cluster_folder: Path, eventually: Eventually
) -> None:
    run = server.jobs.submit(LONG, ME)
    eventually(lambda: server.run(run.id).state is State.RUNNING, 60)
    lost = local.processes(cluster_folder)
    for leader in local.leaders(cluster_folder):
        leader.kill()
    eventually(lambda: server.run(run.id).state is State.INTERRUPTED, 60)
    another = server.jobs.submit(SHORT, ME)
    eventually(lambda: server.run(another.id).state is State.FINISHED, 180)
    eventually(lambda: not local.processes(cluster_folder), 60)
    eventually(lambda: not [process for process in lost if _runs(process)], 60)


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE

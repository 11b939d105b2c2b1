"""The caretaker of runs: when it knocks at the cluster, and which runs it gives up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.settings import Limits
from explorer.training import caretaker as caretaker_module
from explorer.training.caretaker import LOOK_SECONDS, LOST, RETRY_SECONDS, START_LOOK_SECONDS, Caretaker
from explorer.training.cluster import ClusterError, Entrance
from explorer.training.database import StoreError
from explorer.training.records import Record, State
from explorer.training.spec import RunSpec
from explorer.training.store import Store
from explorer.training.worker import Setting

SETTING = Setting("sqlite://", "nowhere", 60, None)
SLOTS = 2


class FakeCluster:
    """A cluster that does as it is told."""

    def __init__(self) -> None:
        self.entrance: Entrance | None = Entrance("tcp://nowhere:1")
        self.problem = ""

    def enter(self) -> Entrance | None:
        if self.problem:
            raise ClusterError(self.problem)
        return self.entrance


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


@pytest.fixture
def knocks(monkeypatch: pytest.MonkeyPatch) -> list[Entrance]:
    """The entrances that were knocked at."""
    made: list[Entrance] = []
    monkeypatch.setattr(caretaker_module, "knock", lambda entrance, *_: made.append(entrance) or SLOTS)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def caretaker(store: Store, cluster: FakeCluster, knocks: list[Entrance]) -> Caretaker:
    """One that gives a worker up when it is silent for two looks."""
    return Caretaker(store, cluster, SETTING, silence_seconds=0)


def add(store: Store) -> Record:
    return store.add(RunSpec("lenet5_modern", "digits", epochs=1), "me", "a run", Limits())


def state(store: Store, run: Record) -> State:
    found = store.get(run.id)
    assert found is not None
    return found.state


def test_without_runs_it_lets_the_cluster_be(caretaker: Caretaker, knocks: list[Entrance]) -> None:
    assert caretaker.tend() == LOOK_SECONDS
    assert not knocks


def test_it_wakes_the_workers_when_the_train_page_is_opened(caretaker: Caretaker, knocks: list[Entrance]) -> None:
    for _ in range(30):
        caretaker.warm_up()
        caretaker.tend()
    assert len(knocks) == 1


def test_a_cluster_that_was_lost_is_warmed_up_again(
    caretaker: Caretaker, cluster: FakeCluster, knocks: list[Entrance]
) -> None:
    for address in ("tcp://nowhere:1", "tcp://nowhere:2"):
        cluster.entrance = Entrance(address)
        caretaker.warm_up()
        caretaker.tend()
    assert [entrance.address for entrance in knocks] == ["tcp://nowhere:1", "tcp://nowhere:2"]


def test_a_run_that_was_just_queued_is_knocked_for_at_once(caretaker: Caretaker, knocks: list[Entrance]) -> None:
    for _ in range(2):
        caretaker.wake()
        caretaker.tend()
    assert len(knocks) == 2


def test_it_knocks_for_a_run_that_another_server_has_queued(
    caretaker: Caretaker, store: Store, knocks: list[Entrance]
) -> None:
    add(store)
    caretaker.tend()
    assert len(knocks) == 1


def test_it_does_not_knock_again_while_all_slots_are_taken(
    caretaker: Caretaker, store: Store, knocks: list[Entrance]
) -> None:
    caretaker.wake()
    caretaker.tend()
    for _ in range(SLOTS + 1):
        add(store)
    for _ in range(SLOTS):
        store.claim("here")
    caretaker.tend()
    assert len(knocks) == 1


def test_it_looks_often_while_the_cluster_starts(caretaker: Caretaker, cluster: FakeCluster) -> None:
    cluster.entrance = None
    caretaker.wake()
    assert (caretaker.tend(), caretaker.is_starting) == (START_LOOK_SECONDS, True)
    cluster.entrance = Entrance("tcp://nowhere:1")
    assert (caretaker.tend(), caretaker.is_starting) == (LOOK_SECONDS, False)


def test_it_says_why_no_run_starts_and_tries_again(
    caretaker: Caretaker, cluster: FakeCluster, knocks: list[Entrance]
) -> None:
    cluster.problem = "The training cluster does not answer."
    caretaker.wake()
    assert (caretaker.tend(), caretaker.problem) == (RETRY_SECONDS, cluster.problem)
    cluster.problem = ""
    caretaker.tend()
    assert (caretaker.problem, len(knocks)) == (None, 1)


def test_a_run_whose_worker_is_silent_is_interrupted(store: Store, caretaker: Caretaker) -> None:
    run = add(store)
    store.claim("here")
    caretaker.tend()
    assert state(store, run) is State.INTERRUPTED
    assert [found.problem for found in store.latest()] == [LOST]


def test_a_run_that_gives_signs_of_life_is_let_be(store: Store, cluster: FakeCluster, knocks: list[Entrance]) -> None:
    patient = Caretaker(store, cluster, SETTING, silence_seconds=1000)
    run = add(store)
    claimed = store.claim("here")
    assert claimed is not None
    for _ in range(3):
        store.write(claimed, [])
        patient.tend()
    assert state(store, run) is State.STARTING


def test_a_worker_is_not_silent_while_the_database_is_gone(
    store: Store, cluster: FakeCluster, knocks: list[Entrance], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(caretaker_module.time, "monotonic", lambda: now[0])
    watchful = Caretaker(store, cluster, SETTING, silence_seconds=10)
    run = add(store)
    store.claim("here")
    watchful.tend()
    with monkeypatch.context() as gone:
        gone.setattr(store, "under_way", lambda: (_ for _ in ()).throw(StoreError("gone")))
        now[0] = 60.0
        watchful.tend()
    watchful.tend()
    assert state(store, run) is State.STARTING
    now[0] = 71.0
    watchful.tend()
    assert state(store, run) is State.INTERRUPTED


def test_a_run_that_cannot_be_marked_as_lost_now_is_marked_later(
    store: Store, caretaker: Caretaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = add(store)
    store.claim("here")
    with monkeypatch.context() as full:
        full.setattr(store, "interrupt", lambda run, why: (_ for _ in ()).throw(StoreError("The disk is full.")))
        assert caretaker.tend() == LOOK_SECONDS
    caretaker.tend()
    assert state(store, run) is State.INTERRUPTED

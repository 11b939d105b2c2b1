"""What watchers of a run are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer.settings import Limits
from explorer.training import feed as feed_module
from explorer.training.database import StoreError
from explorer.training.events import Event, Plan
from explorer.training.feed import Feed
from explorer.training.records import Record, State
from explorer.training.spec import RunSpec
from explorer.training.store import Line, Store, write_event


class Watched:
    """A run with so many events, and the feed that tells of it."""

    def __init__(self, store: Store) -> None:
        self.store, self.feed = store, Feed(store, lambda run: f"It is {run.state}.")
        self.run = store.add(RunSpec("lenet5_modern", "digits", epochs=1), "me", "a run", Limits())

    def claim(self) -> Record:
        run = self.store.claim("here")
        assert run is not None
        self.run = run
        return run

    def write(self, first: int, last: int) -> None:
        lines = [Line(n, n, write_event(Event(n, 1, n / 4))) for n in range(first, last + 1)]
        self.store.write(self.run, lines)

    def read(self, since: int = 0) -> dict[str, Any]:
        answer = self.feed.read(self.run.id, since)
        assert answer is not None
        told: dict[str, Any] = json.loads(answer)
        return told

    def steps(self, since: int = 0) -> list[int]:
        return [event["step"] for event in self.read(since)["events"]]


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A run in SQLite whose watchers are told the latest each time."""
    monkeypatch.setattr(feed_module, "FRESH_SECONDS", 0.0)
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield Watched(store)
    store.close()


def test_a_watcher_is_told_what_is_new(watched: Watched) -> None:
    watched.claim()
    watched.write(1, 3)
    assert (watched.steps(), watched.read()["next"]) == ([1, 2, 3], 3)
    watched.write(4, 5)
    assert (watched.steps(3), watched.steps(5)) == ([4, 5], [])


def test_the_plan_is_told_as_soon_as_it_is_known(watched: Watched) -> None:
    plan = Plan("CPU, 1 threads", "float32", 12, 4, 16, 64, 90, 4, 2**20, 2**30)
    assert watched.read()["plan"] is None
    watched.store.write(watched.claim(), [Line(1, 0, write_event(Event(0, 0, 0.1)))], plan)
    assert watched.read()["plan"] == plan.to_dict()


def test_a_run_that_waits_says_what_for(watched: Watched) -> None:
    assert watched.read()["waits_for"] == "It is queued."


def test_there_is_nothing_to_tell_of_an_unknown_run(watched: Watched) -> None:
    assert watched.feed.read("nobody", 0) is None


def test_a_deleted_run_is_unknown(watched: Watched) -> None:
    watched.read()
    watched.store.delete(watched.run.id)
    assert watched.feed.read(watched.run.id, 0) is None


def test_a_number_beyond_the_last_event_is_answered_with_none(watched: Watched) -> None:
    watched.claim()
    watched.write(1, 3)
    assert watched.steps(2**31 - 1) == []


def test_a_long_curve_comes_in_parts_and_whole(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "MOST_LINES", 4)
    monkeypatch.setattr(feed_module, "KEPT_LINES", 8)
    watched.claim()
    watched.write(1, 23)
    watched.store.settle(watched.run, State.FINISHED)
    steps: list[int] = []
    answer = {"next": 0, "is_over": False}
    while not answer["is_over"]:
        answer = watched.read(answer["next"])
        steps += [event["step"] for event in answer["events"]]
    assert steps == list(range(1, 24))


def test_a_run_that_goes_on_from_a_checkpoint_has_another_curve(watched: Watched) -> None:
    watched.claim()
    watched.write(1, 5)
    before = watched.read()["curve"]
    watched.store.interrupt(watched.store.under_way()[0], "Its worker was lost.")
    watched.store.requeue(watched.run.id, "me", Limits())
    run = watched.claim()
    watched.store.request_stop(run.id)
    assert watched.read()["curve"] == before  # its worker was not heard of yet: the old curve still stands
    watched.store.rewind(run, 3)
    watched.write(4, 4)
    assert watched.read()["curve"] != before
    assert watched.steps() == [1, 2, 3, 4]


def test_many_who_ask_at_once_cost_one_look_at_the_store(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "FRESH_SECONDS", 1000.0)
    looks = []
    get = watched.store.get
    monkeypatch.setattr(watched.store, "get", lambda run_id: looks.append(run_id) or get(run_id))
    for _ in range(30):
        watched.read()
    assert len(looks) == 1


def test_a_store_that_does_not_answer_is_asked_once_for_all(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "GONE_SECONDS", 1000.0)
    looks = []

    def fail(run_id: str) -> None:
        looks.append(run_id)
        raise StoreError("The database of runs does not answer.")

    monkeypatch.setattr(watched.store, "get", fail)
    for _ in range(3):
        with pytest.raises(StoreError, match="does not answer"):
            watched.read()
    assert len(looks) == 1


def test_the_curve_goes_on_when_the_store_is_back(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "GONE_SECONDS", 0.0)
    watched.claim()
    watched.write(1, 3)
    watched.read()
    with monkeypatch.context() as gone:
        gone.setattr(watched.store, "get", lambda run_id: (_ for _ in ()).throw(StoreError("gone")))
        with pytest.raises(StoreError):
            watched.read(3)
    watched.write(4, 4)
    assert watched.steps(3) == [4]

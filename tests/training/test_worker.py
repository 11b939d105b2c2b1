"""A worker, in this process: runs of the queue trained to their ends, and what it does when things go away."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from archives import packed, picture
from fsspec.implementations.local import LocalFileSystem
from postgres import Postgres
from sqlalchemy import Engine, event

from explorer.data import own_pictures
from explorer.settings import Limits
from explorer.training import loop, recorder
from explorer.training.artifacts import CHECKPOINT, CURVE, Artifacts
from explorer.training.checkpoint import Checkpoint
from explorer.training.events import Event
from explorer.training.records import Record, State
from explorer.training.spec import RunSpec
from explorer.training.store import Store
from explorer.training.worker import ANEW, Curve, Setting, take_turn

SHORT = RunSpec("lenet5_modern", "digits", steps=40, validate_every=10, pictures=400)
LONG = RunSpec("lenet5_modern", "digits", epochs=9_000)
LIMITS = Limits(runs_per_person=100)


class Bench:
    """A store, a place for files, and workers that are threads of this process."""

    def __init__(self, database: str, folder: Path) -> None:
        self.store, self.files = Store(database), Artifacts(str(folder))
        self.setting = Setting(database, str(folder), 3600, "cpu")
        self.workers = ThreadPoolExecutor(1)

    def add(self, spec: RunSpec = SHORT) -> str:
        return self.store.add(spec, "me", "a run", LIMITS).id

    def get(self, run_id: str) -> Record:
        run = self.store.get(run_id)
        assert run is not None
        return run

    def work(self, **changes: Any) -> Future[int]:
        return self.workers.submit(take_turn, self.setting._replace(**changes))

    def train(self, spec: RunSpec = SHORT, **changes: Any) -> Record:
        """Return a run that was trained to its end."""
        run_id = self.add(spec)
        self.work(**changes).result(120)
        return self.get(run_id)


@pytest.fixture(autouse=True)
def small_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One thread trains, and a database that is gone is tried again at once."""
    monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.02)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def bench(database: str, tmp_path: Path) -> Iterator[Bench]:
    """A bench with a database of each kind in turn."""
    made = Bench(database, tmp_path / "files")
    yield made
    for run in made.store.under_way():
        made.store.request_stop(run.id)
    made.workers.shutdown()
    made.store.close()


@pytest.fixture
def sqlite_bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench for what has nothing to do with the kind of database."""
    made = Bench(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path / "files")
    yield made
    made.workers.shutdown()
    made.store.close()


def test_a_run_is_trained_to_its_end_and_kept_whole(bench: Bench) -> None:
    run = bench.train()
    curve = bench.store.events(run.id)
    assert (run.state, run.problem, curve[-1].ended) == (State.FINISHED, None, "done")
    assert run.plan is not None
    assert curve[-1].step == run.plan.steps
    report = bench.store.report(run.id)
    assert report is not None
    assert len(report.labels) == 10
    assert bench.files.read(run.id, CURVE)


def test_the_curve_stands_beside_every_checkpoint_and_is_not_written_too_often(sqlite_bench: Bench) -> None:
    run = sqlite_bench.train()
    events, written = sqlite_bench.store.events(run.id), []

    class Growing:
        seen = 8

        def events(self, run_id: str) -> list[Event]:
            return (events * 10)[: self.seen]

    class Files:
        def write(self, run_id: str, name: str, content: bytes) -> None:
            written.append(growing.seen)

    growing = Growing()
    curve = Curve(run, growing, Files())  # type: ignore[arg-type]
    for growing.seen in range(8, 17):
        curve.grow()
    curve.finish()
    assert written == [8, 10, 13, 16]


def test_the_runs_that_wait_are_trained_one_after_the_other(bench: Bench) -> None:
    asked = [bench.add(RunSpec("lenet5_modern", "digits", steps=2)) for _ in range(3)]
    assert bench.work().result(120) == 3
    runs = [bench.get(run_id) for run_id in asked]
    assert [run.state for run in runs] == [State.FINISHED] * 3
    starts = [run.started_at or 0.0 for run in runs]
    assert starts == sorted(starts)


def test_a_run_that_was_cut_short_goes_on_as_if_it_had_not_been(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)  # it is asked after each step whether to end
    whole = bench.store.events(bench.train().id)[-1]
    run = bench.train(run_seconds=0.0)
    assert run.state is State.STOPPED
    assert bench.store.events(run.id)[-1].step < whole.step
    assert bench.store.requeue(run.id, "me", LIMITS)
    bench.work().result(120)
    curve = bench.store.events(run.id)
    steps = [told.step for told in curve]
    assert steps == sorted(steps)
    assert _figures(curve[-1]) == _figures(whole)


def _figures(event: Event) -> tuple[object, ...]:
    return event.step, event.train_loss, event.val_loss, event.val_accuracy


def test_a_run_that_is_deleted_under_way_ends_and_leaves_no_file(
    bench: Bench, eventually: Callable[[Callable[[], object]], None], tmp_path: Path
) -> None:
    run_id = bench.add(LONG)
    turn = bench.work()
    eventually(lambda: bench.store.lines(run_id))
    bench.store.delete(run_id)
    turn.result(60)
    assert bench.store.get(run_id) is None
    assert list((tmp_path / "files").glob(run_id)) == []


def test_a_run_trains_no_longer_than_the_limit(sqlite_bench: Bench) -> None:
    run = sqlite_bench.train(LONG, run_seconds=0.0)
    assert run.state is State.STOPPED
    assert "the longest that a run can train here" in (run.problem or "")
    assert sqlite_bench.store.report(run.id) is not None


def test_a_run_that_cannot_train_says_why_and_the_next_one_trains(sqlite_bench: Bench) -> None:
    huge = RunSpec("vgg16", "digits", steps=1, batch_size=1_000, input_size=224)
    run = sqlite_bench.train(huge)
    assert run.state is State.FAILED
    assert "memory" in (run.problem or "") or "picture" in (run.problem or "")
    assert sqlite_bench.train().state is State.FINISHED


def test_a_run_whose_network_is_gone_says_so(sqlite_bench: Bench) -> None:
    run_id = sqlite_bench.add()
    spec = SHORT.to_json().replace("lenet5_modern", "lenet6")
    with sqlite3.connect(sqlite_bench.setting.database.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE runs SET spec_json = ?", (spec,))
    connection.close()
    sqlite_bench.work().result(60)
    run = sqlite_bench.get(run_id)
    assert run.state is State.FAILED
    assert "lenet6" in (run.problem or "")


def test_an_error_nobody_thought_of_fails_the_run_and_not_the_worker(
    sqlite_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Iterator[Event]:
        raise RuntimeError("out of luck")
        yield

    with monkeypatch.context() as broken:
        broken.setattr("explorer.training.loop.fit", fail)
        run = sqlite_bench.train()
    assert (run.state, run.problem) == (State.FAILED, "The run broke off. RuntimeError: out of luck")
    assert sqlite_bench.train().state is State.FINISHED


def test_a_run_goes_on_while_the_disk_for_checkpoints_is_full(
    sqlite_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalFileSystem, "pipe_file", _fill_up)
    run = sqlite_bench.train()
    assert run.state is State.FINISHED
    assert (run.problem or "").startswith("The disk for checkpoints is full")
    assert sqlite_bench.store.events(run.id)[-1].ended == "done"


def test_a_full_disk_leaves_the_checkpoint_before_as_it_was(
    sqlite_bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = sqlite_bench.files
    files.write("run", CHECKPOINT, b"the one before")
    with monkeypatch.context() as full:
        full.setattr(LocalFileSystem, "pipe_file", _fill_up)
        with pytest.raises(Exception, match="disk for checkpoints is full"):
            files.write("run", CHECKPOINT, b"the one after, half of which is written")
    assert files.read("run", CHECKPOINT) == b"the one before"
    assert [path.name for path in (tmp_path / "files" / "run").iterdir()] == [CHECKPOINT]


def _fill_up(self: LocalFileSystem, path: str, value: bytes, **_: Any) -> None:
    Path(path).write_bytes(value[: len(value) // 2])
    raise OSError(errno.ENOSPC, "No space left on device", path)


def test_a_run_goes_on_while_the_disk_with_the_database_is_full(
    sqlite_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)  # many events, which take room
    run_id = sqlite_bench.add()
    with small_disk(refusals=5) as refused:
        sqlite_bench.work().result(120)
    assert "full" in refused[0]
    steps = [told.step for told in sqlite_bench.store.events(run_id)]
    run = sqlite_bench.get(run_id)
    assert run.plan is not None
    assert sorted(set(steps)) == list(range(run.plan.steps + 1))
    assert run.state is State.FINISHED


@contextmanager
def small_disk(refusals: int) -> Iterator[list[str]]:
    """Let SQLite's files grow no more, until so many writes have been refused; yield why they were."""
    refused: list[str] = []

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {1 if len(refused) < refusals else 2**30}")

    def refuse(context: Any) -> None:
        refused.append(str(context.original_exception))

    event.listen(Engine, "checkout", limit)
    event.listen(Engine, "handle_error", refuse)
    try:
        yield refused
    finally:
        event.remove(Engine, "checkout", limit)
        event.remove(Engine, "handle_error", refuse)


def test_a_run_goes_on_while_the_database_is_gone(
    postgres: Postgres, tmp_path: Path, eventually: Callable[[Callable[[], object]], None]
) -> None:
    bench = Bench(postgres.make_database("comes_and_goes"), tmp_path / "files")
    run_id = bench.add()
    turn = bench.work()
    eventually(lambda: len(bench.store.lines(run_id)) > 1)
    postgres.stop()
    postgres.start()
    turn.result(120)
    run, steps = bench.get(run_id), [told.step for told in bench.store.events(run_id)]
    assert run.state is State.FINISHED
    assert steps == sorted(steps)
    assert run.plan is not None
    assert (steps[0], steps[-1]) == (0, run.plan.steps)
    bench.workers.shutdown()
    bench.store.close()


def test_a_checkpoint_that_is_none_is_said_and_the_curve_is_kept(sqlite_bench: Bench) -> None:
    run = sqlite_bench.train(LONG, run_seconds=0.0)
    curve = sqlite_bench.store.lines(run.id)
    sqlite_bench.files.write(run.id, CHECKPOINT, b"something else")
    sqlite_bench.store.requeue(run.id, "me", LIMITS)
    sqlite_bench.work().result(60)
    run = sqlite_bench.get(run.id)
    assert run.state is State.FAILED
    assert "no checkpoint" in (run.problem or "")
    assert sqlite_bench.store.lines(run.id) == curve != []


def test_a_run_whose_pictures_are_gone_keeps_its_curve_and_says_why(
    sqlite_bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
    files = {f"{kind}/{i}.png": picture() for kind in ("cat", "dog") for i in range(10)}
    name, _ = own_pictures.add(packed(files), "cats and dogs", 32)
    run = sqlite_bench.train(RunSpec("lenet5_modern", name, epochs=9_000, batch_size=4), run_seconds=0.0)
    curve = sqlite_bench.store.lines(run.id)
    shutil.rmtree(tmp_path / "data")
    sqlite_bench.store.requeue(run.id, "me", LIMITS)
    sqlite_bench.work().result(60)
    run = sqlite_bench.get(run.id)
    assert run.state is State.FAILED
    assert run.problem == own_pictures.MISSING
    assert sqlite_bench.store.lines(run.id) == curve != []


def test_a_run_that_begins_anew_says_so(
    sqlite_bench: Bench, eventually: Callable[[Callable[[], object]], None]
) -> None:
    run = sqlite_bench.train(LONG, run_seconds=0.0)
    sqlite_bench.files.delete(run.id)
    sqlite_bench.store.requeue(run.id, "me", LIMITS)
    turn = sqlite_bench.work()
    eventually(lambda: sqlite_bench.get(run.id).problem == ANEW)
    sqlite_bench.store.request_stop(run.id)
    turn.result(60)


def test_the_checkpoint_is_one_that_a_run_can_go_on_from(sqlite_bench: Bench) -> None:
    run = sqlite_bench.train()
    content = sqlite_bench.files.read(run.id, CHECKPOINT)
    assert content is not None
    checkpoint = Checkpoint.from_bytes(content)
    assert checkpoint.spec == SHORT
    assert run.plan is not None
    assert checkpoint.progress.step == run.plan.steps

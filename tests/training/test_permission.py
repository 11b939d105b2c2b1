"""Who may do what with a run, and what a run may be called: the jobs without a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer import data, registry
from explorer.settings import Limits
from explorer.training.artifacts import Artifacts
from explorer.training.caretaker import Caretaker
from explorer.training.cluster import GivenCluster
from explorer.training.jobs import Jobs, NotAllowedError, UnknownRunError
from explorer.training.records import JobError, State, Visitor
from explorer.training.spec import RunSpec
from explorer.training.store import LimitError, Store
from explorer.training.worker import Setting

ME, OTHER, TEACHER = Visitor("me"), Visitor("other"), Visitor("teacher", "the key")
SPEC = RunSpec("lenet5_modern", "digits", epochs=1)


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Jobs that nobody trains."""
    monkeypatch.setenv("EXPLORER_TEACHER_KEY", "the key")
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    caretaker = Caretaker(store, GivenCluster("tcp://nowhere:1"), Setting("", "", 60, None))
    opened = Jobs(store, Artifacts(str(tmp_path / "files")), caretaker, Limits(run_seconds=60, runs_per_person=3))
    yield opened
    opened.close()


Act = Callable[[Jobs, str, Visitor], object]
ACTS: dict[str, Act] = {
    "stop": lambda jobs, run_id, visitor: jobs.stop(run_id, visitor),
    "resume": lambda jobs, run_id, visitor: jobs.resume(run_id, visitor),
    "rename": lambda jobs, run_id, visitor: jobs.rename(run_id, visitor, "better"),
    "delete": lambda jobs, run_id, visitor: jobs.delete(run_id, visitor),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("visitor", [OTHER, Visitor("other", "a wrong key"), Visitor("other", "")])
def test_others_cannot_change_a_run(jobs: Jobs, act: Act, visitor: Visitor) -> None:
    run = jobs.submit(SPEC, ME)
    with pytest.raises(NotAllowedError, match="Only who started this run, or the teacher"):
        act(jobs, run.id, visitor)
    assert jobs.get(run.id) == run


@pytest.mark.parametrize("visitor", [ME, TEACHER], ids=["owner", "teacher"])
def test_the_owner_and_the_teacher_can(jobs: Jobs, visitor: Visitor, tmp_path: Path) -> None:
    run = jobs.submit(SPEC, ME)
    jobs.rename(run.id, visitor, " better ")
    jobs.stop(run.id, visitor)
    assert (jobs.get(run.id).name, jobs.get(run.id).state) == ("better", State.STOPPED)
    jobs.resume(run.id, visitor)
    assert jobs.get(run.id).state is State.QUEUED
    Artifacts(str(tmp_path / "files")).write(run.id, "file", b"content")
    jobs.delete(run.id, visitor)
    assert list((tmp_path / "files").iterdir()) == []
    with pytest.raises(UnknownRunError):
        jobs.get(run.id)


@pytest.mark.parametrize(
    ("visitor", "may"), [(ME, True), (TEACHER, True), (OTHER, False)], ids=["owner", "teacher", "other"]
)
def test_pictures_that_someone_gave_are_not_for_others(jobs: Jobs, visitor: Visitor, may: bool) -> None:
    run = jobs.submit(SPEC, ME)
    assert visitor.may_use_pictures(run)
    own = run.spec_json.replace('"digits"', f'"own-{24 * "0"}"')
    assert visitor.may_use_pictures(replace(run, spec_json=own)) is may


def test_without_a_key_in_the_settings_there_is_no_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXPLORER_TEACHER_KEY", raising=False)
    assert not Visitor("someone", "").is_teacher
    assert not Visitor("someone", "None").is_teacher


def test_the_store_keeps_no_secret_of_a_visitor(jobs: Jobs) -> None:
    assert "me" not in jobs.submit(SPEC, ME).owner


def test_a_run_is_named_after_its_network_and_pictures(jobs: Jobs) -> None:
    name = jobs.submit(SPEC, ME).name
    assert name == f"{registry.get(SPEC.architecture).title} on {data.get(SPEC.dataset).title}"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines", "bell\a"])
def test_a_bad_name_is_refused(jobs: Jobs, name: str) -> None:
    run = jobs.submit(SPEC, ME)
    with pytest.raises(JobError, match="A name has 1 to 80 letters"):
        jobs.rename(run.id, ME, name)


def test_a_duplicate_differs_in_what_was_changed(jobs: Jobs) -> None:
    run = jobs.submit(SPEC, ME, "first")
    copy = jobs.duplicate(run.id, OTHER, learning_rate=0.1, architecture="resnet20")
    assert (copy.name, copy.owner, copy.spec.learning_rate) == ("first", OTHER.owner, 0.1)
    assert (copy.spec.architecture, copy.spec.epochs) == ("resnet20", 1)


def test_a_bad_change_is_refused_in_a_sentence(jobs: Jobs) -> None:
    run = jobs.submit(SPEC, ME)
    with pytest.raises(ValueError, match="Batch size is a whole number"):
        jobs.duplicate(run.id, ME, batch_size=0)


def test_a_run_longer_than_the_longest_is_refused(jobs: Jobs) -> None:
    with pytest.raises(LimitError, match="60 s at most, not for 61 s"):
        jobs.submit(RunSpec("lenet5_modern", "digits", seconds=61), ME)


def test_a_run_that_waits_cannot_be_resumed(jobs: Jobs) -> None:
    run = jobs.submit(SPEC, ME)
    with pytest.raises(JobError, match="queued cannot be resumed"):
        jobs.resume(run.id, ME)


def test_a_run_is_resumed_on_the_account_of_who_asks(jobs: Jobs) -> None:
    run = jobs.submit(SPEC, ME)
    jobs.stop(run.id, ME)
    for _ in range(3):
        jobs.submit(SPEC, ME)
    with pytest.raises(LimitError, match="the most for one person"):
        jobs.resume(run.id, ME)


@pytest.mark.parametrize("run_id", ["", "nobody", "../../etc/passwd", "'; DROP TABLE runs; --", "x" * 10_000])
def test_a_strange_id_is_of_no_run(jobs: Jobs, run_id: str) -> None:
    with pytest.raises(UnknownRunError, match="no such run"):
        jobs.delete(run_id, TEACHER)


def test_ids_cannot_be_guessed(jobs: Jobs) -> None:
    ids = [jobs.submit(SPEC, TEACHER).id for _ in range(20)]
    assert len({run_id[:5] for run_id in ids}) == 20
    assert {len(run_id) for run_id in ids} == {10}

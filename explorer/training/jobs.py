"""Runs that train elsewhere, as the pages see them: start, watch, stop, resume, rename, duplicate, delete."""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from explorer import data, registry, settings
from explorer.settings import Limits
from explorer.training import tensorboard
from explorer.training.artifacts import CHECKPOINT, Artifacts
from explorer.training.caretaker import Caretaker
from explorer.training.cluster import GivenCluster, OwnCluster
from explorer.training.events import Event
from explorer.training.feed import Feed
from explorer.training.records import JobError, Record, State, Visitor
from explorer.training.spec import RunSpec
from explorer.training.store import LimitError, Store
from explorer.training.trials import Trial
from explorer.training.worker import Setting

if TYPE_CHECKING:
    from explorer.training.report import Report

LONGEST_NAME = 80


class UnknownRunError(JobError):
    """There is no run of this id."""


class NotAllowedError(JobError):
    """Someone else started the run."""


class Jobs:
    """The runs of one store, and the cluster that trains them.

    Everything here answers at once: starting and waking workers is left to the caretaker. What cannot be done raises
    JobError with a sentence fit to show.
    """

    def __init__(self, store: Store, artifacts: Artifacts, caretaker: Caretaker, limits: Limits) -> None:
        self.limits = limits
        self.feed = Feed(store, self.explain_wait)
        self._store, self._artifacts, self._caretaker = store, artifacts, caretaker
        self._with_checkpoint: set[str] = set()

    def warm_up(self) -> None:
        """Have the workers started, so that the first run need not wait for them."""
        self._caretaker.warm_up()

    def submit(self, spec: RunSpec, visitor: Visitor, name: str = "") -> Record:
        """Queue a run. LimitError says which limit forbids it."""
        self._check_seconds(spec)
        title = f"{registry.get(spec.architecture).title} on {data.get(spec.dataset).title}"
        chosen = _check_name(name or title)
        run = self._store.add(spec, visitor.owner, chosen, self.limits, visitor.is_teacher)
        self._caretaker.wake()
        return run

    def duplicate(self, run_id: str, visitor: Visitor, name: str = "", **changes: Any) -> Record:
        """Queue a run like another, with these fields of its spec changed. Bad changes raise ValueError."""
        run = self.get(run_id)
        if "architecture" in changes and "options" not in changes:
            changes["options"] = {}  # another network has other options
        return self.submit(dataclasses.replace(run.spec, **changes), visitor, name or run.name)

    def stop(self, run_id: str, visitor: Visitor) -> None:
        """End a run soon, with all that it has learned so far. One that has ended stays as it is."""
        self._store.request_stop(self._theirs(run_id, visitor).id)

    def resume(self, run_id: str, visitor: Visitor) -> None:
        """Queue a run again that was stopped or interrupted or has failed: it goes on from its last checkpoint."""
        run = self._theirs(run_id, visitor)
        if not self._store.requeue(run.id, visitor.owner, self.limits, visitor.is_teacher):
            raise JobError(f"A run that is {self.get(run_id).state} cannot be resumed.")
        self._caretaker.wake()

    def rename(self, run_id: str, visitor: Visitor, name: str) -> None:
        """Call a run something else."""
        self._store.rename(self._theirs(run_id, visitor).id, _check_name(name))

    def delete(self, run_id: str, visitor: Visitor) -> None:
        """Forget a run, its curve and its files; one under way ends."""
        run = self._theirs(run_id, visitor)
        self._with_checkpoint.discard(run.id)
        self._artifacts.delete(run.id)  # first: where the disk is full, that makes room for the rest
        self._store.delete(run.id)

    def try_out(self, spec: RunSpec) -> Trial:
        """Return how fast a run would be. Asked for the first time, it has a worker find out once one is free."""
        trial, is_new = self._store.trials.ask(spec)
        if is_new:
            self._caretaker.wake()
        return trial

    def get(self, run_id: str) -> Record:
        """Return the run of this id."""
        run = self._store.get(run_id)
        if run is None:
            raise UnknownRunError("There is no such run; it may have been deleted.")
        return run

    def latest(self, most: int = 100) -> list[Record]:
        """Return the runs that were asked for last, the newest first."""
        return self._store.latest(most)

    def under_way(self) -> list[Record]:
        """Return the runs that wait or train, in the order of their turns."""
        return self._store.under_way()

    def events(self, run_id: str) -> list[Event]:
        """Return the curve of a run: all of its events."""
        return self._store.events(run_id)

    def report(self, run_id: str) -> Report | None:
        """Return what a finished run's network does with the validation pictures; None before it has finished."""
        return self._store.report(run_id)

    def checkpoint(self, run_id: str) -> bytes | None:
        """Return the latest checkpoint of a run as a safetensors file; None if there is none yet."""
        return self._artifacts.read(run_id, CHECKPOINT)

    def has_checkpoint(self, run_id: str) -> bool:
        """Return whether a run has come to its first checkpoint. What is known of it is not asked again."""
        if run_id not in self._with_checkpoint and self._artifacts.has(run_id, CHECKPOINT):
            self._with_checkpoint.add(run_id)
        return run_id in self._with_checkpoint

    def tensorboard(self, run_id: str) -> bytes:
        """Return the curve of a run as a TensorBoard event file."""
        run = self.get(run_id)
        return tensorboard.encode(self.events(run_id), run.created_at)

    @property
    def problem(self) -> str | None:
        """Why no worker can be reached, in one sentence."""
        return self._caretaker.problem

    def explain_wait(self, run: Record) -> str:
        """Return in one sentence what a run waits for; an empty text if it does not."""
        if run.state is State.STARTING:
            return "A worker has it, and loads its pictures."
        if run.state is not State.QUEUED:
            return ""
        if self._caretaker.problem:
            return self._caretaker.problem
        before = self._store.count_before(run)
        if before:
            return f"{before} {'run is' if before == 1 else 'runs are'} before it."
        return "A worker starts, and loads PyTorch." if self._caretaker.is_starting else "It is the next."

    def close(self) -> None:
        """Look after the runs no more. Those under way go on."""
        self._caretaker.stop()
        self._store.close()

    def _theirs(self, run_id: str, visitor: Visitor) -> Record:
        run = self.get(run_id)
        if not visitor.may_change(run):
            raise NotAllowedError("Only who started this run, or the teacher, can do that.")
        return run

    def _check_seconds(self, spec: RunSpec) -> None:
        if spec.seconds is not None and spec.seconds > self.limits.run_seconds:
            raise LimitError(
                f"A run can train for {self.limits.run_seconds:,} s at most, not for {spec.seconds:,.0f} s."
            )


class _Connection(NamedTuple):
    settings: tuple[str, str, str | None, Limits]
    jobs: Jobs


_connection: _Connection | None = None
_connecting = threading.Lock()


def connect() -> Jobs:
    """Return the runs of the store and the cluster that the settings name, looked after from now on.

    It is the same object as before unless the settings have changed. Bad settings raise JobError.
    """
    global _connection
    try:
        limits = settings.limits()
    except ValueError as error:
        raise JobError(str(error)) from None
    named = (settings.database_url(), settings.artifacts_url(), settings.scheduler_address(), limits)
    with _connecting:
        if _connection is None or _connection.settings != named:
            if _connection is not None:
                _connection.jobs.close()
            _connection = _Connection(named, _open(*named))
        return _connection.jobs


def _open(database: str, artifacts: str, scheduler: str | None, limits: Limits) -> Jobs:
    own = OwnCluster(settings.data_folder() / "cluster", limits.runs_per_device)
    store = Store(database)
    setting = Setting(database, artifacts, limits.run_seconds, None)
    caretaker = Caretaker(store, GivenCluster(scheduler) if scheduler else own, setting)
    caretaker.start()
    return Jobs(store, Artifacts(artifacts), caretaker, limits)


def _check_name(name: str) -> str:
    """Return a name without space around it. One that is empty, too long or not printable raises JobError."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise JobError(f"A name has 1 to {LONGEST_NAME} letters, on one line.")
    return name

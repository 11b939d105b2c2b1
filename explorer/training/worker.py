"""What a worker does: it takes runs out of the queue, one after the other, and trains them.

Dask's scheduler imports this module too, to know the tasks that pass through it, and has no use for torch: only workers
load it, before their first task, because `--preload explorer.training.worker` calls `dask_setup` there.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from explorer.training import tensorboard
from explorer.training.artifacts import CHECKPOINT, CURVE, Artifacts, ArtifactsError
from explorer.training.database import StoreError
from explorer.training.recorder import Recorder, persist
from explorer.training.records import Record, State
from explorer.training.spec import RunSpec
from explorer.training.store import Store
from explorer.training.trials import Trial, Wanted

if TYPE_CHECKING:
    from explorer.training.checkpoint import Checkpoint
    from explorer.training.events import Event
    from explorer.training.report import Report

LOOK_SECONDS = 0.1  # between two looks, in a trial, whether a run waits
SAVE_SECONDS = 15.0  # between two checkpoints: what a lost worker costs at most

ANEW = "It begins anew, since no checkpoint of it was found."

_alone = threading.Lock()  # torch's random generator and its kernels' settings are the process's: one run at a time

log = logging.getLogger(__name__)


class Setting(NamedTuple):
    """All that a worker is told; the rest stands in the store."""

    database: str
    artifacts: str
    run_seconds: float  # the longest that a run may train
    device: str | None  # as torch calls it; None: the best there is


class Outcome(NamedTuple):
    """How a run has ended."""

    state: State
    problem: str | None = None
    report: Report | None = None


def take_turn(setting: Setting) -> int:
    """Train the runs of the queue, the oldest first, until none waits; return how many it were.

    Only then try out what pages ask about.
    """
    with _alone:
        store, files = Store(setting.database), Artifacts(setting.artifacts)
        count = 0
        try:
            while True:
                if run := persist(lambda: store.claim(socket.gethostname())):
                    _train(run, store, files, setting)
                    count += 1
                elif wanted := persist(store.trials.take):
                    persist(partial(store.trials.answer, wanted, _try_out(wanted, store, setting)))
                else:
                    break
        finally:
            store.close()
    return count


def read_ticket(database: str) -> int:
    """Return the latest ticket that was drawn from the queue, as this process sees it."""
    store = Store(database)
    try:
        return store.ticket()
    finally:
        store.close()


def dask_setup(worker: Any) -> None:
    """Load all that a run needs before the worker is given one: torch, and what it imports at the first step."""
    from explorer.training.loop import fit
    from explorer.training.spec import RunSpec

    for _ in fit(RunSpec("lenet5_modern", "digits", steps=1)):
        pass


def _train(run: Record, store: Store, files: Artifacts, setting: Setting) -> None:
    """Train a run to its end, whatever that is. Nothing but a database that stays away raises."""
    checkpoint, problem = _find_checkpoint(run, files)
    if problem:
        persist(lambda: store.settle(run, State.FAILED, problem))  # with the curve that it has
        return
    curve = Curve(run, store, files)
    last = persist(lambda: store.rewind(run, checkpoint.progress.step if checkpoint else -1))
    with Recorder(store, run, last) as recorder:
        if run.attempt > 1 and checkpoint is None:
            recorder.problem = ANEW
        outcome = _fit(run, checkpoint, recorder, files, curve, setting)
    recorder.settle(*outcome)
    curve.finish()
    if persist(lambda: store.get(run.id)) is None:
        files.delete(run.id)  # it was deleted under way, and its files then; these are later ones


def _try_out(wanted: Wanted, store: Store, setting: Setting) -> Trial:
    """Find out how fast a run is; a trial that says nothing has made way for a run that waits."""
    from explorer.data import MissingDataError
    from explorer.training.clock import Question
    from explorer.training.events import CannotTrainError
    from explorer.training.pace import measure_pace

    def has_waiting() -> bool:
        try:
            return store.has_waiting()
        except StoreError:  # it is asked again
            return False

    try:
        spec = RunSpec.from_json(wanted.spec_json)
        return Trial(measure_pace(spec, setting.device, Question(has_waiting, LOOK_SECONDS)))
    except (CannotTrainError, MissingDataError, ValueError) as error:
        return Trial(problem=str(error))
    except Exception as error:
        log.exception("A trial broke off: %s", wanted.spec_json)
        return Trial(problem=f"Trying it out broke off. {type(error).__name__}: {error}")


class Curve:
    """A run's curve as a file of TensorBoard's beside its checkpoint. The store has it without that, too."""

    def __init__(self, run: Record, store: Store, files: Artifacts) -> None:
        self._run, self._store, self._files = run, store, files
        self._written = 0

    def grow(self) -> None:
        """Write it if it is a quarter longer than it was, so that a long run does not write it too often."""
        with suppress(StoreError):
            events = self._store.events(self._run.id)
            if len(events) >= 1.25 * self._written:
                self._write(events)

    def finish(self) -> None:
        """Write all of it, as soon as the store answers."""
        self._write(persist(lambda: self._store.events(self._run.id)))

    def _write(self, events: Sequence[Event]) -> None:
        try:
            self._files.write(self._run.id, CURVE, tensorboard.encode(events, self._run.created_at))
            self._written = len(events)
        except ArtifactsError as error:
            log.warning("Run %s: %s", self._run.id, error)


def _find_checkpoint(run: Record, files: Artifacts) -> tuple[Checkpoint | None, str | None]:
    """Return what the run goes on from, None for its beginning; or what keeps it from that."""
    from explorer.training.checkpoint import Checkpoint

    if run.attempt == 1:
        return None, None
    try:
        RunSpec.from_json(run.spec_json)  # one that is no longer possible says why, before it looks like a damage
        content = files.read(run.id, CHECKPOINT)
        return (Checkpoint.from_bytes(content) if content else None), None
    except (ArtifactsError, ValueError) as error:
        return None, str(error)


def _fit(
    run: Record,
    checkpoint: Checkpoint | None,
    recorder: Recorder,
    files: Artifacts,
    curve: Curve,
    setting: Setting,
) -> Outcome:
    """Train, tell what happens, keep checkpoints; return how it ended."""
    from explorer.data import MissingDataError
    from explorer.training.events import CannotTrainError
    from explorer.training.loop import fit

    def save(state: Checkpoint) -> None:
        if recorder.is_lost:
            return
        try:
            files.write(run.id, CHECKPOINT, state.to_bytes())
            recorder.problem = None
            curve.grow()
        except ArtifactsError as error:
            recorder.problem = f"{error} The run goes on without."

    try:
        for event in fit(
            run.spec,
            device=setting.device,
            stop=recorder.asks_to_stop,
            save=save,
            save_seconds=SAVE_SECONDS,
            most_seconds=setting.run_seconds,
            resume=checkpoint,
        ):
            recorder.tell(event)
    except (CannotTrainError, MissingDataError, ValueError) as error:
        return Outcome(State.FAILED, str(error))
    except Exception as error:
        log.exception("Run %s broke off", run.id)
        return Outcome(State.FAILED, f"The run broke off. {type(error).__name__}: {error}")
    return _judge(event, recorder, setting)


def _judge(last: Event, recorder: Recorder, setting: Setting) -> Outcome:
    if last.ended == "limit":
        why = f"It was stopped after {setting.run_seconds:,.0f} s, the longest that a run can train here."
        return Outcome(State.STOPPED, why, last.report)
    if last.ended == "diverged":
        why = "The loss is no number any more; a lower learning rate may help."
        return Outcome(State.FINISHED, why, last.report)
    state = State.STOPPED if last.ended == "stopped" else State.FINISHED
    return Outcome(state, recorder.problem, last.report)

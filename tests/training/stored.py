"""Runs and events to put into a store."""

from __future__ import annotations

from explorer.settings import Limits
from explorer.training.events import Event
from explorer.training.records import Record
from explorer.training.spec import RunSpec
from explorer.training.store import Line, Store, write_event

SPEC = RunSpec("lenet5_modern", "digits", epochs=1)
ROOMY = Limits(runs_per_person=1000, queue_length=1000)


def add(store: Store, owner: str = "me", limits: Limits = ROOMY) -> Record:
    return store.add(SPEC, owner, "a run", limits)


def claim(store: Store) -> Record:
    run = store.claim("here")
    assert run is not None
    return run


def line(number: int, step: int | None = None) -> Line:
    return Line(number, number if step is None else step, write_event(Event(number, 1, number / 4, train_loss=0.5)))


def get(store: Store, run: Record) -> Record:
    found = store.get(run.id)
    assert found is not None
    return found

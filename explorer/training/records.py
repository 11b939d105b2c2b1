"""What is known of a run that was asked for, and of who asked."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any

from explorer import settings
from explorer.data import own_pictures
from explorer.training.events import Plan
from explorer.training.spec import RunSpec


class JobError(Exception):
    """Something cannot be done with a run now; the message is one sentence fit to show."""


class State(StrEnum):
    """Where a run stands.

    queued -> starting -> running -> finished, with ways out: stopping -> stopped where someone stopped it, failed where
    it cannot train, interrupted where its worker was lost. Out of these three it can be resumed, and is queued again.
    """

    QUEUED = "queued"
    STARTING = "starting"  # a worker has it, and loads its pictures
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


HELD = (State.STARTING, State.RUNNING, State.STOPPING)  # a worker has it
UNDER_WAY = (State.QUEUED, *HELD)
RESUMABLE = (State.STOPPED, State.FAILED, State.INTERRUPTED)


@dataclass(frozen=True)
class Record:
    """A run as the store keeps it. Times are seconds since 1970."""

    id: str
    name: str
    spec_json: str
    owner: str  # SHA-256 of the token of who started it
    state: State
    ticket: int  # the lower, the sooner it is its turn
    attempt: int  # 1 when a worker first takes it, one more each time it is resumed
    beats: int  # grows as long as its worker lives
    created_at: float
    started_at: float | None  # of this attempt
    ended_at: float | None
    worker: str | None  # the machine that it trains on
    plan_json: str | None
    problem: str | None  # a sentence: why it failed or was cut short, or what is missing

    @cached_property
    def spec(self) -> RunSpec:
        return RunSpec.from_json(self.spec_json)

    @cached_property
    def plan(self) -> Plan | None:
        """How far it goes; None before it has started."""
        return Plan(**json.loads(self.plan_json)) if self.plan_json else None

    @property
    def dataset(self) -> str:
        """The name of its data set, which may be here no longer."""
        name: str = json.loads(self.spec_json)["dataset"]
        return name

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_resumable(self) -> bool:
        return self.state in RESUMABLE

    @classmethod
    def from_row(cls, row: Any) -> Record:
        """Return the run in a row of the table of runs."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


@dataclass(frozen=True)
class Visitor:
    """Who asks: a secret that this browser keeps, and the teacher's key if they gave one."""

    token: str
    key: str | None = None

    @property
    def owner(self) -> str:
        """What the store keeps of the token."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    @property
    def is_teacher(self) -> bool:
        key = settings.teacher_key()
        return key is not None and self.key is not None and hmac.compare_digest(self.key.encode(), key.encode())

    def may_change(self, run: Record) -> bool:
        """Return whether they can stop, resume, rename or delete this run."""
        return hmac.compare_digest(self.owner, run.owner) or self.is_teacher

    def may_use_pictures(self, run: Record) -> bool:
        """Return whether they can train on this run's pictures: those that someone gave are not for others."""
        return not own_pictures.is_own(run.dataset) or self.may_change(run)

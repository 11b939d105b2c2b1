"""The networks that runs of the Train page have trained, as a source of networks to ask."""

from __future__ import annotations

import json
from collections.abc import Sequence

from explorer.download import CannotDownloadError, Progress
from explorer.prediction import sources
from explorer.prediction.model import Model
from explorer.prediction.source import Entry
from explorer.training.jobs import UnknownRunError, connect
from explorer.training.records import JobError, Record, Visitor

PREFIX = "run-"
MOST = 200  # the latest
BEATS = 60  # of a run under way, until its network is read again: it writes a checkpoint about as often


class Runs:
    """Training runs as a source; one that has not begun yet is not listed."""

    problem = ""  # why they could not be listed just now, in one sentence

    def entries(self) -> Sequence[Entry]:
        return tuple(_entry(run) for run in self._latest() if run.plan_json)

    def load(self, name: str, progress: Progress | None = None) -> Model:
        from explorer.prediction.checkpoints import model_of

        try:
            run = connect().get(name.removeprefix(PREFIX))
            content = connect().checkpoint(run.id)
            if content is None:
                raise CannotDownloadError(f"{run.name} has not kept a checkpoint yet; it does every 15 seconds.")
            return model_of(name, _title(run), content, _version(run))
        except UnknownRunError as error:
            raise CannotDownloadError(str(error)) from error
        except (JobError, ValueError) as error:
            raise CannotDownloadError(f"The network of this run cannot be read. {error}") from error

    def of(self, visitor: Visitor) -> set[str]:
        """Return the names of the networks that this visitor has trained."""
        return {f"{PREFIX}{run.id}" for run in self._latest() if run.owner == visitor.owner}

    def closed_to(self, visitor: Visitor) -> set[str]:
        """Return the names of those that this visitor needs the link to: they learned from pictures of others."""
        return {f"{PREFIX}{run.id}" for run in self._latest() if not visitor.may_use_pictures(run)}

    def _latest(self) -> list[Record]:
        try:
            found = connect().latest(MOST)
        except JobError as error:
            self.problem = str(error)
            return []
        self.problem = ""
        return found


def _entry(run: Record) -> Entry:
    return Entry(
        name=f"{PREFIX}{run.id}",
        title=_title(run),
        arch=json.loads(run.spec_json)["architecture"],
        group="Training runs",
        about="Trained on the Train page.",
        version=_version(run),
    )


def _title(run: Record) -> str:
    """Return the run's name, and what tells it from others of this name."""
    return f"{run.name}, run {run.id[:4]}"


def _version(run: Record) -> str:
    """Return what changes, at the latest, when the run has kept another checkpoint."""
    return f"{run.attempt}, {run.ended_at or run.beats // BEATS}"


RUNS = Runs()
sources.add(RUNS)

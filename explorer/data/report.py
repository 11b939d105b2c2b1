"""The report on an archive that someone gave: what was taken and what was left out."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from explorer.data.left_out import Reason, listed


@dataclass(frozen=True)
class Report:
    """What was taken of an archive, class by class, and what was left out and why."""

    classes: tuple[str, ...]
    train: tuple[int, ...]  # pictures of each class
    test: tuple[int, ...]  # from a validation or test folder; runs can be measured on them
    empty: tuple[str, ...]  # folders without a picture that can be used
    left_out: tuple[Reason, ...]

    def sentences(self) -> tuple[str, ...]:
        """Return what to tell the person who gave the archive."""
        counts = [sum(both) for both in zip(self.train, self.test, strict=True)]
        by_class = listed([f"{name} {count:,}" for name, count in zip(self.classes, counts, strict=True)])
        said = [f"{_counted(sum(counts), 'picture')} taken: {by_class}."]
        if sum(self.test):
            said.append(f"{_counted(sum(self.test), 'of them', '')} kept apart to measure on, as the folders ask for.")
        if self.empty:
            said.append(f"No picture can be used of {listed(self.empty)}, so there is no such class.")
        if self.left_out:
            said.append(f"{_counted(sum(reason.files for reason in self.left_out), 'file')} left out.")
        return tuple(said)

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Return the report that `to_json` wrote."""
        found = json.loads(text)
        reasons = tuple(Reason(**reason) for reason in found.pop("left_out"))
        return cls(**{name: tuple(values) for name, values in found.items()}, left_out=reasons)


def _counted(count: int, word: str, plural: str = "s") -> str:
    return f"{count:,} {word} was" if count == 1 else f"{count:,} {word}{plural} were"

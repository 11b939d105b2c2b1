"""What was left out of somebody's pictures, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_REASONS = 30  # a hostile archive could bring thousands
MOST_EXAMPLES = 3
LONGEST_NAME = 80
OTHER = "Other reasons."


@dataclass
class Reason:
    """One reason, how many files it holds for, and some of their names."""

    why: str  # a sentence about one file
    files: int = 0
    examples: list[str] = field(default_factory=list)


class LeftOut:
    """Counts files that are left out, by reason."""

    def __init__(self) -> None:
        self._reasons: dict[str, Reason] = {}

    def add(self, name: str, why: str) -> None:
        if why not in self._reasons and len(self._reasons) >= MOST_REASONS:
            why = OTHER
        reason = self._reasons.setdefault(why, Reason(why))
        reason.files += 1
        if len(reason.examples) < MOST_EXAMPLES:
            reason.examples.append(readable(name))

    def reasons(self) -> tuple[Reason, ...]:
        """Return the reasons, the most frequent first."""
        return tuple(sorted(self._reasons.values(), key=lambda reason: -reason.files))


def readable(name: str) -> str:
    """Return a name that cannot disturb the page: without control characters, and short enough."""
    clean = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return clean if len(clean) <= LONGEST_NAME else f"\N{HORIZONTAL ELLIPSIS}{clean[-LONGEST_NAME + 1 :]}"


def listed(words: Iterable[str], most: int = 5) -> str:
    """Return words as one says them: "cat, dog and fox", "cat, dog and 35 more"."""
    words = list(words)
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1:,} more"]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)

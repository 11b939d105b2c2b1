"""Claims of papers, courses and study notes, each with its verdict and the expressions that it rests on.

Importing it does not import torch; evaluating an expression does.
"""

from __future__ import annotations

from explorer.lessons.claims import (
    courses,
    notes_history,
    notes_practice,
    notes_structures,
    papers_from_2015,
    papers_to_2014,
)
from explorer.lessons.claims.claim import KINDS, VERDICTS, Claim, Figure, Kind, Source, Value, Verdict

__all__ = ["KINDS", "VERDICTS", "Claim", "Figure", "Kind", "Source", "Value", "Verdict", "all", "get", "sources"]

_CLAIMS = (
    *courses.CLAIMS,
    *papers_to_2014.CLAIMS,
    *papers_from_2015.CLAIMS,
    *notes_history.CLAIMS,
    *notes_structures.CLAIMS,
    *notes_practice.CLAIMS,
)
_BY_NAME = {claim.name: claim for claim in _CLAIMS}


def all() -> tuple[Claim, ...]:
    """Return every claim: courses and software, papers by age, then study notes."""
    return _CLAIMS


def get(name: str) -> Claim:
    """Return the claim of this name. An unknown name raises KeyError."""
    return _BY_NAME[name]


def sources() -> tuple[Source, ...]:
    """Return everyone who is quoted, in the order of the claims."""
    return tuple(dict.fromkeys(claim.source for claim in _CLAIMS))

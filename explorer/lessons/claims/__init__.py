"""Claims of papers, courses and study notes, each with its verdict and the expressions that it rests on.

Importing it does not import torch; evaluating an expression does.
"""

from __future__ import annotations

from explorer.lessons.claims import (
    courses,
    notes_basics,
    notes_by_hand,
    notes_deep,
    notes_from_googlenet,
    notes_pytorch,
    notes_structures,
    notes_to_vgg,
    papers_2015,
    papers_small,
    papers_to_googlenet,
)
from explorer.lessons.claims.claim import KINDS, VERDICTS, Claim, Figure, Kind, Source, Value, Verdict

__all__ = ["KINDS", "VERDICTS", "Claim", "Figure", "Kind", "Source", "Value", "Verdict", "all", "get", "sources"]

_CLAIMS: tuple[Claim, ...] = (
    *courses.CLAIMS,
    *papers_to_googlenet.CLAIMS,
    *papers_2015.CLAIMS,
    *papers_small.CLAIMS,
    *notes_to_vgg.CLAIMS,
    *notes_from_googlenet.CLAIMS,
    *notes_by_hand.CLAIMS,
    *notes_pytorch.CLAIMS,
    *notes_structures.CLAIMS,
    *notes_deep.CLAIMS,
    *notes_basics.CLAIMS,
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

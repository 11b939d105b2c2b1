"""Which pictures are kept apart to measure on."""

from __future__ import annotations

import torch
from torch import Tensor


def split(labels: Tensor, share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the places of the pictures to train on and of those to measure on, each in random order.

    Of every class the same share is measured on, to a picture; each class keeps at least one to train on.
    """
    order = torch.randperm(len(labels), generator=generator)
    counts = torch.bincount(labels)
    wanted = _quotas(counts, share)
    by_class = order[labels[order].argsort(stable=True)]  # within a class still in random order
    rank = torch.arange(len(labels)) - (counts.cumsum(0) - counts).repeat_interleave(counts)
    is_measured = torch.zeros(len(labels), dtype=torch.bool)
    is_measured[by_class] = rank < wanted.repeat_interleave(counts)
    return order[~is_measured[order]], order[is_measured[order]]


def _quotas(counts: Tensor, share: float) -> Tensor:
    """Return how many pictures of each class are measured on: its share, rounded so that the sum is right."""
    exact = counts.double() * share
    quotas = exact.floor().long()
    missing = round(share * int(counts.sum())) - int(quotas.sum())
    has_room = quotas < counts - 1
    largest_rests_first = (quotas - exact).masked_fill(~has_room, 1).argsort(stable=True)
    quotas[largest_rests_first[: min(missing, int(has_room.sum()))]] += 1
    return quotas

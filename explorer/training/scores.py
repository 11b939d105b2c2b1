"""Loss and accuracy, kept on the device and read seldom."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from statistics import fmean
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

AVERAGED_STEPS = 20  # of the latest training steps, in what is shown of them


class Score(NamedTuple):
    """The mean cross-entropy on some pictures, and the share of them that is recognised."""

    loss: float
    accuracy: float


def score(logits: Tensor, labels: Tensor, label_count: int) -> Score:
    """Return how well these logits name the labels; the answer is the largest of the first `label_count` logits."""
    return Score(*torch.stack([F.cross_entropy(logits, labels), _accuracy(logits[:, :label_count], labels)]).tolist())


class Recent:
    """The scores of the latest training steps: their mean depends on the step, not on when it is asked for.

    Adding a step starts no kernel on the device; reading waits for it.
    """

    def __init__(self) -> None:
        self._scores: deque[Score] = deque(maxlen=AVERAGED_STEPS)
        self._unread: deque[tuple[Tensor, Tensor, Tensor]] = deque(maxlen=AVERAGED_STEPS)

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Take note of a step: its loss, a scalar, and what it was computed from, all detached."""
        self._unread.append((loss, logits, labels))

    def restore(self, scores: Iterable[Score]) -> None:
        """Go on from scores that were read before."""
        self._scores = deque(scores, maxlen=AVERAGED_STEPS)

    def latest(self) -> list[Score]:
        """Return the scores of the latest steps, the oldest first."""
        if self._unread:
            losses = torch.stack([loss.float() for loss, _, _ in self._unread])
            accuracies = torch.stack([_accuracy(logits, labels) for _, logits, labels in self._unread])
            self._scores.extend(map(Score, *torch.stack([losses, accuracies]).tolist()))
            self._unread.clear()
        return list(self._scores)

    def read(self) -> Score:
        """Return the mean of the latest steps. There must have been one."""
        losses, accuracies = zip(*self.latest(), strict=True)
        return Score(fmean(losses), fmean(accuracies))


def _accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.argmax(1) == labels).float().mean()

"""What a trained network does with the validation pictures: as plain data, ready for JSON."""

from __future__ import annotations

import base64
import dataclasses
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.training.selection import Part

MOST_EXAMPLES = 12


@dataclass(frozen=True)
class Example:
    """A validation picture in its true colours, and what the network says of it.

    `pixels` are `height * width * channels` bytes, row by row, a pixel's channels side by side.
    """

    place: int  # in the data set's training pictures, or in its test pictures
    label: int
    answer: int
    probability: float  # that the network gives its answer
    height: int
    width: int
    channels: int
    pixels: bytes


@dataclass(frozen=True)
class Report:
    """How the network did on the validation pictures, class by class.

    `confusion[label][answer]` counts pictures. The examples start with the one that the network was surest of.
    """

    labels: tuple[str, ...]
    is_test_set: bool  # the pictures are the data set's test pictures, else some of its training pictures
    confusion: tuple[tuple[int, ...], ...]
    accuracies: tuple[float | None, ...]  # of each class; None without a picture of it
    right: tuple[Example, ...]
    wrong: tuple[Example, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it, pixels in base64."""
        found = dataclasses.asdict(self)
        for example in (*found["right"], *found["wrong"]):
            example["pixels"] = base64.b64encode(example["pixels"]).decode()
        return found

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Report:
        """Return the report that `to_dict` wrote."""
        examples = {
            name: tuple(Example(**{**e, "pixels": base64.b64decode(e["pixels"])}) for e in found[name])
            for name in ("right", "wrong")
        }
        confusion = tuple(tuple(row) for row in found["confusion"])
        accuracies = tuple(found["accuracies"])
        return cls(tuple(found["labels"]), found["is_test_set"], confusion, accuracies, **examples)


def make_report(logits: Tensor, pictures: Part, names: tuple[str, ...], is_test_set: bool) -> Report:
    """Return the report on the pictures that these logits, in the same order, are answers to."""
    count = len(names)
    logits = logits[:, :count].cpu()  # a network can have more outputs than there are labels
    labels = pictures.labels[: len(logits)]
    probabilities, answers = logits.softmax(1).max(1)
    confusion = torch.bincount(labels * count + answers, minlength=count**2).view(count, count)
    is_right = answers == labels
    chosen = [
        [_example(pictures, int(i), int(answers[i]), float(probabilities[i])) for i in _surest(probabilities, of)]
        for of in (is_right, ~is_right)
    ]
    totals = confusion.sum(1).tolist()
    accuracies = (
        right / total if total else None for right, total in zip(confusion.diag().tolist(), totals, strict=True)
    )
    table = tuple(tuple(row) for row in confusion.tolist())
    return Report(names, is_test_set, table, tuple(accuracies), tuple(chosen[0]), tuple(chosen[1]))


def _surest(probabilities: Tensor, of: Tensor) -> Tensor:
    """Return the places of those pictures whose answers are the most probable, in that order."""
    places = torch.nonzero(of).flatten()
    return places[probabilities[places].argsort(descending=True, stable=True)[:MOST_EXAMPLES]]


def _example(pictures: Part, i: int, answer: int, probability: float) -> Example:
    pixels = pictures.images(slice(i, i + 1))[0].permute(1, 2, 0)  # [H, W, C]
    height, width, channels = pixels.shape
    shown = pixels.contiguous().numpy().tobytes()
    return Example(
        int(pictures.places[i]), int(pictures.labels[i]), answer, probability, height, width, channels, shown
    )

"""What a network says of a picture: each class with its probability."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from PIL import Image

from explorer.prediction import cache
from explorer.prediction.model import Model, device


@dataclass(frozen=True)
class Answer:
    """The probabilities of all classes, in the order of the network's outputs, and what it took to get them."""

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    seconds: float  # from the picture to the answer
    device: str

    def top(self, count: int = 5) -> tuple[int, ...]:
        """Return the numbers of the most probable classes, the most probable first."""
        order = sorted(range(len(self.labels)), key=lambda number: -self.probabilities[number])
        return tuple(order[:count])

    def rank(self, number: int) -> int:
        """Return the place of a class among all, 1 for the most probable."""
        return 1 + sum(probability > self.probabilities[number] for probability in self.probabilities)


def ask(model: Model, image: Image.Image) -> Answer:
    """Ask a network what is on a picture."""
    begun = time.perf_counter()
    (probabilities,) = model.probabilities(model.tensor(image)).tolist()
    return Answer(model.labels, tuple(probabilities), time.perf_counter() - begun, device().type)


def answer_to(model: Model, cropped: Image.Image) -> Answer:
    """Ask a network what is on a picture that is cropped already."""
    begun = time.perf_counter()
    (probabilities,) = model.probabilities(model.preprocessing.normalised(cropped).to(device())).tolist()
    return Answer(model.labels, tuple(probabilities), time.perf_counter() - begun, device().type)


def probabilities_of(model: Model, cropped: Sequence[Image.Image], number: int) -> tuple[float, ...]:
    """Return the probability of one class on each of some pictures that are cropped already."""
    batch = torch.cat([model.preprocessing.normalised(image) for image in cropped]).to(device())
    return tuple(model.probabilities(batch)[:, number].tolist())


def classify(image: Image.Image, name: str, top_k: int = 5) -> list[tuple[str, float]]:
    """Return the most probable classes of a picture with their probabilities, the most probable first.

    `name` is a network with weights: "efficientnet_lite0", which is always there, torchvision's as "vgg16" or
    "resnet50_tv", which are downloaded when first asked for, or a training run. An unknown one raises KeyError with the
    nearest names; one that cannot be had now CannotDownloadError.
    """
    if top_k < 1:
        raise ValueError(f"top_k is at least 1, not {top_k}.")
    answer = ask(cache.get(name), image)
    return [(answer.labels[number], answer.probabilities[number]) for number in answer.top(top_k)]

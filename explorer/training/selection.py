"""Which pictures a run trains on and which it is measured on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from explorer import data
from explorer.data.split import split
from explorer.training.events import CannotTrainError
from explorer.training.seeds import make_generator
from explorer.training.spec import RunSpec


@dataclass(frozen=True, eq=False)
class Part:
    """Some of a data set's pictures in its own colours.

    They are copied and brought to the run's size when they are asked for: all at once can take more than there is.
    """

    source: Tensor  # uint8 [M, C, H, W]: the data set's pictures in their own size
    labels: Tensor  # int64 [N]
    places: Tensor  # int64 [N], in `source`
    size: int  # pixels
    resize: Callable[[Tensor, int], Tensor]

    def images(self, now: slice) -> Tensor:
        """Return these of the pictures: uint8 [n, C, size, size]."""
        return self.resize(self.source[self.places[now]], self.size)

    def first(self, count: int) -> Part:
        """Return the first pictures."""
        return replace(self, labels=self.labels[:count], places=self.places[:count])

    def __len__(self) -> int:
        return len(self.labels)


class Selection(NamedTuple):
    """The training and the validation pictures of a run, in random order."""

    train: Part
    validation: Part
    is_test_set: (
        bool  # the validation pictures are the data set's own test pictures, else some of its training pictures
    )


def select(spec: RunSpec) -> Selection:
    """Return the pictures of a run; the same seed gives the same ones to every network. This takes no memory for them.

    Labels are the places in `spec.label_names`. Data that is not on this machine raises explorer.data.MissingDataError;
    too few pictures raise CannotTrainError.
    """
    found = data.load(spec.dataset)
    labels = _renumber(spec, found.train_labels)
    places = torch.nonzero(labels >= 0).flatten()
    train, held = (
        places[part] for part in split(labels[places], spec.validation_share, make_generator(spec.seed, "split"))
    )
    if found.test_images is not None and found.test_labels is not None and spec.validation_share == 0:
        test_labels = _renumber(spec, found.test_labels)
        test_places = _shuffle(torch.nonzero(test_labels >= 0).flatten(), spec.seed, "test")
        validation = _choose(spec, found.test_images, test_labels, test_places)
    else:
        validation = _choose(spec, found.train_images, labels, held)
    _check_counts(spec, len(train), len(validation))
    chosen = _choose(spec, found.train_images, labels, train[: spec.pictures])
    return Selection(chosen, validation, spec.validation_share == 0)


def _choose(spec: RunSpec, images: Tensor, labels: Tensor, places: Tensor) -> Part:
    return Part(images, labels[places], places, spec.input_shape[1], data.get(spec.dataset).resize)


def _renumber(spec: RunSpec, labels: Tensor) -> Tensor:
    """Return the labels counted within the chosen classes, -1 for the other classes."""
    names = data.get(spec.dataset).classes
    numbers = torch.full((len(names),), -1)
    numbers[[names.index(name) for name in spec.label_names]] = torch.arange(len(spec.label_names))
    return numbers[labels]


def _shuffle(places: Tensor, *seed: int | str) -> Tensor:
    return places[torch.randperm(len(places), generator=make_generator(*seed))]


def _check_counts(spec: RunSpec, train: int, validation: int) -> None:
    if not train or not validation:
        raise CannotTrainError(
            f"A validation share of {spec.validation_share:g} leaves {train} pictures to train on and {validation} to "
            "measure; both need at least one."
        )
    if spec.pictures and spec.pictures > train:
        raise CannotTrainError(f"There are {train:,} pictures to train on, fewer than the {spec.pictures:,} asked for.")

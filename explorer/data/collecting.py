"""From an archive to pictures of one size with their labels."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import IO

import torch
from PIL import Image
from torch import Tensor

from explorer import units
from explorer.data.archive import Archive, Member
from explorer.data.datasets import BadArchiveError, Tensors
from explorer.data.layout import NOT_IN_TRAINING, Part, Place, natural, understand
from explorer.data.left_out import LeftOut
from explorer.data.report import Report
from explorer.data.resize import square
from explorer.data.stored import Sizes
from explorer.pictures import BadImage, decode_image

MOST_CLASSES = 200
MOST_BYTES = 512 * 2**20  # of pixels
MOST_SECONDS = 300.0

Progress = Callable[[int, int], None]  # files looked at, files in all


class _Pile:
    """Pictures of the training or the test part, as they come in."""

    def __init__(self, most: int, size: int) -> None:
        self._images = torch.empty(most, 3, size, size, dtype=torch.uint8)
        self.labels: list[str] = []
        self._sizes: list[tuple[int, int]] = []

    def add(self, picture: Image.Image, label: str) -> None:
        self._images[len(self.labels)] = square(picture, self._images.shape[-1])
        self.labels.append(label)
        self._sizes.append(picture.size)

    def count(self, classes: Sequence[str]) -> tuple[int, ...]:
        return tuple(self.labels.count(name) for name in classes)

    def tensors(self, classes: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """Return the images, labels and former sizes of the pictures of these classes."""
        numbers = {name: number for number, name in enumerate(classes)}
        labels = torch.tensor([numbers.get(label, -1) for label in self.labels], dtype=torch.int64)
        sizes = torch.tensor(self._sizes, dtype=torch.int32).view(-1, 2)
        images = self._images[: len(labels)]
        known = labels >= 0
        return (images, labels, sizes) if bool(known.all()) else (images[known], labels[known], sizes[known])


def collect(file: IO[bytes], size: int, progress: Progress | None = None) -> tuple[Tensors, Sizes, Report]:
    """Return the pictures in an archive, the squares in their middle, `size` pixels high and wide.

    An archive that is hostile, too large or without two classes raises BadArchiveError.
    """
    archive = Archive(file)
    placed, folders = _place(archive)
    _check_amount(placed, size)
    piles = _decode(archive, placed, size, progress or (lambda done, total: None))
    classes = sorted(set(piles["train"].labels), key=natural)
    if len(classes) < 2:
        raise _too_few(classes, archive.left_out)
    (images, labels, sizes), test = piles["train"].tensors(classes), piles["test"].tensors(classes)
    report = Report(
        classes=tuple(classes),
        train=piles["train"].count(classes),
        test=piles["test"].count(classes),
        empty=tuple(sorted(folders - set(classes), key=natural)),
        left_out=archive.left_out.reasons(),
    )
    if not len(test[1]):
        return Tensors(images, labels), Sizes(sizes), report
    return Tensors(images, labels, test[0], test[1]), Sizes(sizes, test[2]), report


def _place(archive: Archive) -> tuple[list[tuple[Member, Place]], set[str]]:
    """Return the files that have a class, with it, and the names of all class folders."""
    layout = understand([member.parts for member in archive.members])
    placed = [(member, layout.place(member.parts)) for member in archive.members]
    folders = {place.label for _, place in placed} | {layout.place((*path, "")).label for path in archive.folders}
    trained = {place.label for _, place in placed if place.part == "train"}
    taken = []
    for member, place in placed:
        why_not = place.why_not or ("" if place.label in trained else NOT_IN_TRAINING)
        if why_not:
            archive.left_out.add(member.name, why_not)
        else:
            taken.append((member, place))
    return taken, folders - {""}


def _check_amount(placed: Sequence[tuple[Member, Place]], size: int) -> None:
    classes = len({place.label for _, place in placed})
    if classes > MOST_CLASSES:
        raise BadArchiveError(f"The archive has {classes:,} class folders; the most is {MOST_CLASSES}.")
    if len(placed) * 3 * size**2 > MOST_BYTES:
        raise BadArchiveError(
            f"{len(placed):,} pictures of {units.shape((size, size))} pixels take "
            f"{units.short_bytes(len(placed) * 3 * size**2)}; the most is {units.short_bytes(MOST_BYTES)}. Choose a "
            "smaller size, or give fewer pictures."
        )


def _decode(
    archive: Archive, placed: Sequence[tuple[Member, Place]], size: int, progress: Progress
) -> dict[Part, _Pile]:
    deadline = time.monotonic() + MOST_SECONDS
    parts: tuple[Part, ...] = ("train", "test")
    piles = {part: _Pile(sum(place.part == part for _, place in placed), size) for part in parts}
    for done, (member, place) in enumerate(placed):
        progress(done, len(placed))
        content = archive.read(member)
        if content is None:
            continue
        try:
            piles[place.part].add(decode_image(content), place.label)
        except BadImage as error:
            archive.left_out.add(member.name, str(error))
        if time.monotonic() > deadline:
            raise BadArchiveError(
                f"Reading {done + 1:,} of {len(placed):,} files took {units.duration(MOST_SECONDS)}, which is the "
                "most: give smaller or fewer pictures."
            )
    progress(len(placed), len(placed))
    return piles


def _too_few(classes: Sequence[str], left_out: LeftOut) -> BadArchiveError:
    found = f"has pictures of one class only, {classes[0]}" if classes else "has no picture in a class folder"
    reasons = left_out.reasons()
    most = f" Most often a file was left out because: {reasons[0].why}" if reasons else ""
    return BadArchiveError(
        f"The archive {found}; it takes at least two folders, each with the pictures of a class.{most}"
    )

"""Which class each file of an archive belongs to, by the folder that it lies in."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

PathParts = tuple[str, ...]
Part = Literal["train", "test"]

TRAIN = ("train", "training")
VALIDATION = ("val", "valid", "validation")
TEST = ("test", "testing")
_PICTURES = (
    ".jpg",
    ".jpeg",
    ".jfif",
    ".png",
    ".webp",
    ".avif",
    ".gif",
    ".tif",
    ".tiff",
    ".bmp",
    ".ppm",
    ".pgm",
    ".pbm",
)

NO_CLASS = "It lies in no class folder."
SECOND_TEST = "It is in the test folder, and the pictures of the validation folder are those that a run is measured on."
NOT_IN_TRAINING = "Its class has no training pictures."


@dataclass(frozen=True)
class Place:
    """Where a picture belongs; `why_not` says why to none."""

    label: str = ""
    part: Part = "train"
    why_not: str = ""


@dataclass(frozen=True)
class Layout:
    """How the folders of an archive are meant.

    Folders around everything are looked through. Below them are the classes, or a folder `train` and one of `val` or
    `test` with the classes in each; files may lie deeper. The pictures to measure on are called test pictures.
    """

    depth: int  # folders around everything
    parts: dict[str, Part | None] = field(
        default_factory=dict
    )  # by folder; None: those of no use; none at all: no parts

    def place(self, path: PathParts) -> Place:
        """Return where a file belongs."""
        part: Part | None = "train"
        below = path[self.depth :]
        if self.parts:
            if below[0] not in self.parts:
                return Place(why_not=NO_CLASS)
            part = self.parts[below[0]]
            below = below[1:]
        if part is None:
            return Place(why_not=SECOND_TEST)
        return Place(below[0], part) if len(below) > 1 else Place(why_not=NO_CLASS)


def understand(files: Sequence[PathParts]) -> Layout:
    """Return the layout of an archive with these files."""
    shown = [path for path in files if path[-1].lower().endswith(_PICTURES)] or list(files)
    depth = 0
    while len(tops := _folders(shown, depth)) == 1 and any(len(path) > depth + 2 for path in shown):
        depth += 1
    return Layout(depth, _parts(tops) if any(len(path) > depth + 2 for path in shown) else {})


def _folders(files: Sequence[PathParts], depth: int) -> set[str]:
    return {path[depth] for path in files if len(path) > depth + 1}


def _parts(folders: Collection[str]) -> dict[str, Part | None]:
    """Return what each folder holds, if they are a training folder and one or two to measure on; else nothing."""
    known = {name: name.lower() for name in folders}
    if not set(known.values()) <= {*TRAIN, *VALIDATION, *TEST} or not set(known.values()) & set(TRAIN):
        return {}
    has_validation = bool(set(known.values()) & set(VALIDATION))
    parts: dict[str, Part | None] = {}
    for name, low in known.items():
        if low in TRAIN:
            parts[name] = "train"
        else:
            parts[name] = None if has_validation and low in TEST else "test"
    return parts


def natural(name: str) -> list[tuple[int, int | str]]:
    """Return what sorts names as people do: 2 before 10, and without regard to capitals."""
    return [
        (0, int(piece)) if piece.isdecimal() else (1, piece.casefold()) for piece in re.split(r"(\d+)", name) if piece
    ]

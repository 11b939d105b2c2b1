"""The data sets that people give: found by a name that cannot be guessed, deleted when nobody uses them any more."""

from __future__ import annotations

import os
import re
import secrets
import time
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from explorer import settings, units
from explorer.data import stored
from explorer.data.datasets import BadArchiveError, Dataset, Tensors
from explorer.data.left_out import readable
from explorer.data.report import Report

if TYPE_CHECKING:
    from explorer.data.collecting import Progress

PREFIX = "own-"
SIZES = (28, 32, 48, 64, 96, 128, 160, 192, 224)  # pixels
KEPT_SECONDS = 30 * 24 * 3600  # since they were last used
MOST_KEPT_BYTES = 8 * 2**30  # of everybody together
LONGEST_TITLE = 40
MISSING = "These pictures are no longer here: give the archive again."
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{24}}")


def add(file: IO[bytes], title: str, size: int, progress: Progress | None = None) -> tuple[str, Report]:
    """Keep the pictures of a zip archive, `size` pixels high and wide; return the data set's name and what was taken.

    What cannot be used or kept raises BadArchiveError.
    """
    from explorer.data.collecting import collect

    if size not in SIZES:
        raise ValueError(f"Pictures are kept at {', '.join(map(str, SIZES))} pixels, not at {size}.")
    most = settings.limits().upload_mebibytes * 2**20
    length = file.seek(0, os.SEEK_END)
    if length > most:
        raise BadArchiveError(f"The archive has {units.short_bytes(length)}; the most is {units.short_bytes(most)}.")
    tensors, sizes, report = collect(file, size, progress)
    name = f"{PREFIX}{secrets.token_hex(12)}"
    metadata = {
        "title": readable(title)[:LONGEST_TITLE] or "Own pictures",
        "size": str(size),
        "report": report.to_json(),
    }
    try:
        _make_room(tensors.train_images.nbytes)
        stored.write(_file(name), tensors, sizes, metadata)
    except OSError as error:
        raise BadArchiveError(f"The pictures cannot be kept here: {error.strerror or error}.") from error
    return name, report


def is_own(name: str) -> bool:
    """Whether this is the name of pictures that someone gave, here still or not."""
    return bool(_NAME.fullmatch(name))


def get(name: str) -> Dataset:
    """Return the data set of this name. One that is not here, or no longer, raises KeyError."""
    if not is_own(name) or not _file(name).is_file():
        raise KeyError(MISSING)
    about = stored.read_metadata(_file(name))
    report = Report.from_json(about["report"])
    return Dataset(
        name=name,
        title=about["title"],
        classes=report.classes,
        channels=3,
        native_size=int(about["size"]),
        train_pictures=sum(report.train),
        test_pictures=sum(report.test),
        source="",
        licence="that of the person who gave them",
        survives_mirroring=True,
        is_available=partial(Path.is_file, _file(name)),
        missing=lambda: MISSING,
        loader=partial(_load, name),
        file=partial(_file, name),
    )


def report(name: str) -> Report:
    """Return what was taken when the pictures were given."""
    return Report.from_json(stored.read_metadata(_file(name))["report"])


def delete(name: str) -> None:
    """Delete the pictures of this name, if there are any."""
    if is_own(name):
        _file(name).unlink(missing_ok=True)


def _load(name: str) -> Tensors:
    os.utime(_file(name))
    return stored.read(_file(name))


def _make_room(needed_bytes: int) -> None:
    """Delete what nobody has used for long; too little room after that raises BadArchiveError."""
    kept = 0
    for path in _folder().glob(f"{PREFIX}*"):
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
        else:
            kept += path.stat().st_size
    if kept + needed_bytes > MOST_KEPT_BYTES:
        raise BadArchiveError(
            f"There is no room for more pictures here: those that others gave take {units.short_bytes(kept)} of "
            f"{units.short_bytes(MOST_KEPT_BYTES)}."
        )


def _folder() -> Path:
    return settings.data_folder() / "own"


def _file(name: str) -> Path:
    return _folder() / f"{name}.safetensors"

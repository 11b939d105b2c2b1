"""Files from the network, whole or not at all: checked by the hash in their name, continued where they broke off."""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from filelock import FileLock

from explorer import units

Progress = Callable[[int, int], None]  # bytes so far, bytes in all (0: the server does not say)

ATTEMPTS = 3
TIMEOUT_SECONDS = 20.0  # without a single byte
CHUNK_BYTES = 2**18
STALE_SECONDS = 7 * 24 * 3600  # an unfinished file that nobody has gone on with for so long is deleted
_CUT = (http.client.HTTPException, ConnectionError, TimeoutError)
_HASH = re.compile(r"-([0-9a-f]{8,64})\.")


class CannotDownload(Exception):  # noqa: N818
    """The file cannot be had now. Its text is a sentence for the person who asked for it."""


class _BrokeOff(Exception):  # noqa: N818
    pass


def fetch(url: str, folder: Path, progress: Progress | None = None) -> Path:
    """Return the path of a file in the folder, downloaded unless it is there already.

    The name carries the first digits of the file's SHA-256, as torchvision's do; another file under that name is not
    kept. Two that ask for one file at once, in this process or another, share one download. What cannot be had raises
    CannotDownload.
    """
    path = folder / url.rpartition("/")[2]
    if path.exists():
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock")):
            if not path.exists():
                _sweep(folder)
                _download(url, path, progress or (lambda done, total: None))
    except OSError as error:
        raise CannotDownload(f"{path.name} cannot be kept in {folder}: {error.strerror or error}.") from error
    return path


def has_hash(path: Path, name: str) -> bool:
    """Whether a file has the hash that this name carries."""
    expected = _HASH.search(name)
    if expected is None:
        raise ValueError(f"{name} has no hash in its name.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(expected[1])


def _download(url: str, path: Path, progress: Progress) -> None:
    part = path.with_name(f"{path.name}.part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _append(url, part, progress)
            break
        except _BrokeOff as error:
            if attempt == ATTEMPTS:
                raise CannotDownload(f"The download of {path.name} {error}. The next try goes on from there.") from None
    if not has_hash(part, path.name):
        part.unlink()
        raise CannotDownload(f"What came as {path.name} is not that file: its checksum is another. It was deleted.")
    part.replace(path)


def _append(url: str, part: Path, progress: Progress) -> None:
    """Fetch what is still missing of the file."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        part.unlink(missing_ok=True)  # it may be just this part that the server cannot go on with
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _BrokeOff("has to begin anew") from error
        raise CannotDownload(f"{_host(url)} does not give {part.stem}: it answers {error.code} {error.msg}.") from error
    except urllib.error.URLError as error:
        raise CannotDownload(
            f"{part.stem} cannot be downloaded: this machine does not reach {_host(url)}. Networks that are here "
            "already work without it."
        ) from error
    except _CUT as error:
        raise _BrokeOff("broke off before it began") from error
    with answer:
        have = have if answer.status == http.client.PARTIAL_CONTENT else 0
        total = have + int(answer.headers.get("Content-Length") or 0)
        _check_space(part, total - have)
        with part.open("ab" if have else "wb") as file:
            _copy(answer, file, have, total, progress)


def _copy(answer: Any, file: IO[bytes], done: int, total: int, progress: Progress) -> None:
    with suppress(*_CUT):
        while chunk := answer.read(CHUNK_BYTES):
            file.write(chunk)
            done += len(chunk)
            progress(done, total)
    if done < total or not done:
        raise _BrokeOff(f"broke off after {units.short_bytes(done)} of {units.short_bytes(total)}")


def _check_space(part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise CannotDownload(
            f"{part.stem} needs {units.short_bytes(needed)}, but only {units.short_bytes(free)} are free in "
            f"{part.parent}."
        )


def _host(url: str) -> str:
    return url.split("/")[2]


def _sweep(folder: Path) -> None:
    for part in folder.glob("*.part"):
        if time.time() - part.stat().st_mtime > STALE_SECONDS:
            part.unlink(missing_ok=True)

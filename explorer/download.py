"""Files from the network, whole or not at all: checked by their hash, continued where they broke off."""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import ssl
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
USER_AGENT = "cnn-explorer"  # some servers turn Python's own away
_CUT = (http.client.HTTPException, ConnectionError, TimeoutError, ssl.SSLError)
_HASH = re.compile(r"-([0-9a-f]{8,64})\.")


class CannotDownloadError(Exception):
    """The file cannot be had now. Its text is a sentence for the person who asked for it."""


class _BrokeOffError(Exception):
    pass


class _RefusedError(Exception):
    pass


def fetch(url: str, folder: Path, progress: Progress | None = None, *, md5: str = "", otherwise: str = "") -> Path:
    """Return the path of a file in the folder, downloaded unless it is there already.

    The file is known by its MD5 or, without one, by the first digits of its SHA-256 in its name, as torchvision's
    weights are; another file is not kept. Two that ask for one file at once, in this process or another, share one
    download. What cannot be had raises CannotDownloadError; where the server is to blame, `otherwise` ends its text.
    """
    path = folder / url.rpartition("/")[2]
    if path.exists():
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock")):
            if not path.exists():
                _sweep(folder)
                _download(url, path, progress or (lambda done, total: None), md5)
    except _RefusedError as error:
        raise CannotDownloadError(f"{error} {otherwise}".strip()) from error
    except OSError as error:
        raise CannotDownloadError(f"{path.name} cannot be kept in {folder}: {error.strerror or error}.") from error
    return path


def has_hash(path: Path, name: str) -> bool:
    """Whether a file has the hash that this name carries."""
    expected = _HASH.search(name)
    if expected is None:
        raise ValueError(f"{name} has no hash in its name.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(expected[1])


def has_md5(file: IO[bytes], md5: str) -> bool:
    """Whether an open file has this hash; it is then back at its start."""
    found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return found == md5


def _download(url: str, path: Path, progress: Progress, md5: str) -> None:
    part = path.with_name(f"{path.name}.part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _append(url, part, progress)
            break
        except _BrokeOffError as error:
            if attempt == ATTEMPTS:
                raise CannotDownloadError(
                    f"The download of {path.name} {error}. The next try goes on from there."
                ) from None
    if not _is_whole(part, path.name, md5):
        part.unlink()
        raise CannotDownloadError(
            f"What came as {path.name} is not that file: its checksum is another. It was deleted."
        )
    part.replace(path)


def _is_whole(part: Path, name: str, md5: str) -> bool:
    if not md5:
        return has_hash(part, name)
    with part.open("rb") as file:
        return has_md5(file, md5)


def _append(url: str, part: Path, progress: Progress) -> None:
    """Fetch what is still missing of the file."""
    have = part.stat().st_size if part.exists() else 0
    wanted = {"Range": f"bytes={have}-"} if have else {}
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, **wanted})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            raise _BrokeOffError("has to begin anew") from error
        if error.code >= http.client.INTERNAL_SERVER_ERROR:
            raise _BrokeOffError(f"broke off: {_host(url)} answers {error.code} {error.msg}") from error
        raise _RefusedError(f"{_host(url)} does not give {part.stem}: it answers {error.code} {error.msg}.") from error
    except urllib.error.URLError as error:
        raise _RefusedError(f"{part.stem} cannot be downloaded: this machine does not reach {_host(url)}.") from error
    except _CUT as error:
        raise _BrokeOffError("broke off before it began") from error
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
        raise _BrokeOffError(f"broke off after {units.short_bytes(done)} of {units.short_bytes(total)}")


def _check_space(part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise CannotDownloadError(
            f"{part.stem} needs {units.short_bytes(needed)}, but only {units.short_bytes(free)} are free in "
            f"{part.parent}."
        )


def _host(url: str) -> str:
    return url.split("/")[2]


def _sweep(folder: Path) -> None:
    for part in folder.glob("*.part"):
        if time.time() - part.stat().st_mtime > STALE_SECONDS:
            part.unlink(missing_ok=True)

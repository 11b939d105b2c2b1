"""Data sets from the network: their files are fetched, checked, read by torchvision, and kept as plain pictures."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from filelock import FileLock

from explorer import download, settings, units
from explorer.data import stored
from explorer.data.datasets import MissingDataError, Tensors
from explorer.download import CannotDownloadError, Progress

if TYPE_CHECKING:
    from explorer.data.torchvision_reading import Reader


@dataclass(frozen=True)
class Files:
    """The files that one data set comes in. Addresses and checksums are those of torchvision's class for it.

    Nothing of a file is read before its checksum is right, because some of these files are pickles. Files that someone
    puts into the folder by hand are treated like downloaded ones; files beside them are never looked at.
    """

    name: str
    title: str
    file_bytes: Mapping[str, int]  # by name; the sizes are those of 2026

    @property
    def folder(self) -> Path:
        return settings.data_folder() / "datasets" / self.name

    @property
    def bytes(self) -> int:
        return sum(self.file_bytes.values())

    def file(self) -> Path:
        """Return where its pictures are kept once they are read."""
        return self.folder / "pictures.safetensors"

    def is_available(self) -> bool:
        """Whether its pictures are here, or everything to make them of."""
        return self.file().is_file() or all((self.folder / name).is_file() for name in self.file_bytes)

    def missing(self) -> str:
        """Return what to do where it is not available."""
        size = units.short_bytes(self.bytes)
        return f"{self.title} is not on this machine: download it ({size}), or put {self._names()} into {self.folder}."

    def load(self) -> Tensors:
        """Return its pictures; files that are here but not yet read are read first."""
        self._prepare()
        return stored.read(self.file())

    def fetch(self, progress: Progress | None = None) -> None:
        """Download what is missing, then read it; what cannot be had raises MissingDataError."""
        from explorer.data.torchvision_reading import READERS

        before, total = 0, self.bytes
        for remote in READERS[self.name].remotes():
            self._fetch_from_any(remote.urls, remote.md5, _add_up(progress, before, total))
            before += self.file_bytes[remote.name]
        self._prepare()

    def _fetch_from_any(self, urls: tuple[str, ...], md5: str, progress: Progress) -> None:
        """Fetch one file from the first of its mirrors that has it."""
        place = urls[0].rpartition("/")[0]
        otherwise = f"Fetch {self._names()} from {place} elsewhere, and put what you get into {self.folder}."
        for url in urls:
            try:
                download.fetch(url, self.folder, progress, md5=md5, otherwise=otherwise)
                return
            except CannotDownloadError as error:
                if url == urls[-1]:
                    raise MissingDataError(str(error)) from error

    def _prepare(self) -> None:
        """Make the file of pictures, unless it is there."""
        if self.file().is_file():
            return
        from explorer.data.torchvision_reading import READERS

        try:
            with FileLock(self.folder / "lock"):
                if not self.file().is_file():
                    self._read_with(READERS[self.name])
        except OSError as error:
            raise MissingDataError(
                f"The pictures of {self.title} cannot be kept in {self.folder}: {error.strerror or error}."
            ) from error

    def _read_with(self, reader: Reader) -> None:
        for left_behind in self.folder.glob("unpacked-*"):  # by a process that was killed
            shutil.rmtree(left_behind, ignore_errors=True)
        archives = [self.folder / remote.name for remote in reader.remotes()]
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="unpacked-") as root:
            for remote, archive in zip(reader.remotes(), archives, strict=True):
                with archive.open("rb") as file:
                    if not download.has_md5(file, remote.md5):
                        raise MissingDataError(
                            f"{archive.name} in {self.folder} is not the file that {self.title} comes in: its checksum "
                            "is another. Delete it and download the data set again."
                        )
                    unpack(file, archive.name, Path(root) / reader.subfolder, leave_out=reader.leave_out)
            tensors, sizes = reader.read(Path(root))
            stored.write(self.file(), tensors, sizes, {"dataset": self.name})
        for archive in archives:
            archive.unlink()

    def _names(self) -> str:
        *first, last = self.file_bytes
        return f"{', '.join(first)} and {last}" if first else last


def _add_up(progress: Progress | None, before: int, total: int) -> Progress:
    """Return what tells the progress of one file as that of all of them."""

    def tell(done: int, _: int) -> None:
        if progress:
            progress(min(before + done, total), total)

    return tell


def unpack(file: IO[bytes], name: str, folder: Path, leave_out: str = "") -> None:
    """Write what an open file holds into a folder; of a tar archive, nothing that has `leave_out` in its path."""
    folder.mkdir(parents=True, exist_ok=True)
    if name.endswith((".tar.gz", ".tgz")):
        _unpack_tar(file, folder, leave_out)
    elif name.endswith(".gz"):
        with gzip.open(file) as packed:
            _write(packed, folder / name.removesuffix(".gz"))
    else:
        _write(file, folder / name)


def _unpack_tar(file: IO[bytes], folder: Path, leave_out: str) -> None:
    with tarfile.open(fileobj=file, mode="r:gz") as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            content = archive.extractfile(member) if member.isfile() and leave_out not in path.parts else None
            if content and not path.is_absolute() and ".." not in path.parts:
                with content:
                    _write(content, folder / path)


def _write(source: IO[bytes] | gzip.GzipFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(source, file)

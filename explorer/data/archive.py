"""Zip archives that people give. Nothing in them is believed, and nothing is ever unpacked to the disk."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import IO, cast

from explorer import pictures, units
from explorer.data.datasets import BadArchiveError
from explorer.data.left_out import LeftOut

PathParts = tuple[str, ...]

MOST_FILES = 20_000
MOST_DIRECTORY_BYTES = 4 * 2**20  # the list of files at the end of an archive; Python makes 20 times as much of it
MOST_UNPACKED_BYTES = 2**30
MOST_RATIO = 200  # pictures are compressed already; a bomb comes to 1,000
HARMLESS_BYTES = 2**20  # so little may be compressed as much as one likes
DEEPEST = 12
_MOST_PACKED_BYTES = pictures.MOST_BYTES + 2**16  # a little more where a picture cannot be compressed

LEADS_OUT = "Its path leads out of the archive."
LINK = "It is a link or a device, not a file."
ENCRYPTED = "It is encrypted."
ODD_COMPRESSION = "It is compressed in a way that is not read here; the usual one is called deflate."
ODD_NAME = "Its name has characters that cannot be shown, or too many folders."
HIDDEN = "It is a hidden file, left by the system that packed the archive."
NESTED = "It is an archive inside the archive."
DUPLICATE = "Another file of the same name came before it."
TOO_LARGE = f"It is larger than {pictures.MOST_BYTES // 2**20} MiB."
BOMB = f"It unpacks to more than {MOST_RATIO} times its size, as no picture does."
DAMAGED = "It is damaged in the archive."

_NO_ZIP = "The file is not a zip archive, or it is damaged or cut off."
_KINDS = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zX": "xz"}
_NESTED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "icon\r")
_ENCRYPTED_FLAG, _UTF8_FLAG = 0x1, 0x800  # APPNOTE.TXT, section 4.4.4
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Member:
    """One file in an archive that may be read, and its path without anything odd in it."""

    parts: PathParts
    info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        return "/".join(self.parts)


class Archive:
    """A zip archive, of which only what is harmless can be read.

    `members` are those files, `left_out` the others, `folders` those that the archive names. One that is no zip
    archive, or too much of one, raises BadArchiveError.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.left_out = LeftOut()
        self.members: list[Member] = []
        self.folders: set[PathParts] = set()
        self._seen: set[PathParts] = set()
        self._zip = _open(file)
        infos = self._zip.infolist()
        if len(infos) > MOST_FILES:
            raise BadArchiveError(f"The archive has {len(infos):,} files; the most is {MOST_FILES:,}.")
        for info in infos:
            self._sort(info)
        declared = sum(member.info.file_size for member in self.members)
        if declared > MOST_UNPACKED_BYTES:
            raise BadArchiveError(
                f"The archive unpacks to {units.short_bytes(declared)}; the most is "
                f"{units.short_bytes(MOST_UNPACKED_BYTES)}."
            )

    def read(self, member: Member) -> bytes | None:
        """Return what is in a file; None for one that is damaged, which is then counted as left out."""
        try:
            with self._zip.open(member.info) as file:
                return file.read(
                    member.info.file_size
                )  # however much there is; what is not all of it fails its checksum
        except Exception:  # zipfile and zlib raise whatever a damaged archive brings them to
            self.left_out.add(member.name, DAMAGED)
            return None

    def _sort(self, info: zipfile.ZipInfo) -> None:
        name = _decoded(info).replace("\\", "/")  # some programs for Windows write it so
        parts = tuple(unicodedata.normalize("NFC", part) for part in name.split("/") if part not in ("", "."))
        why = _why_not(info, name, parts)
        if name.endswith("/"):
            self.folders.update([] if why else [parts])
        elif why:
            self.left_out.add(name, why)
        elif parts in self._seen:
            self.left_out.add(name, DUPLICATE)
        else:
            self._seen.add(parts)
            self.members.append(Member(parts, info))


class _Guarded:
    """A file that does not give more at once than it may, whatever the archive says of lengths.

    That is at first as much as a list of files may take, and once that is read, a picture.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.has_list = False
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        most = _MOST_PACKED_BYTES if self.has_list else MOST_DIRECTORY_BYTES
        content = self._file.read(most + 1 if size < 0 else min(size, most + 1))
        if len(content) > most:
            raise BadArchiveError(f"The archive's list of files is too long; the most is {MOST_FILES:,} files.")
        return content


def _open(file: IO[bytes]) -> zipfile.ZipFile:
    file.seek(0)
    start = file.read(8)
    kind = next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), None)
    if kind:
        raise BadArchiveError(f"The file is a {kind} archive, which is not read here; pack the folders as a zip.")
    guarded = _Guarded(file)
    try:
        opened = zipfile.ZipFile(cast("IO[bytes]", guarded))
    except BadArchiveError:
        raise
    except Exception as error:  # a damaged list of files brings zipfile to raise all kinds
        raise BadArchiveError(_NO_ZIP) from error
    guarded.has_list = True
    return opened


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return the path as it was meant: many programs write UTF-8 and do not say so, and zipfile takes it for DOS."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _why_not(info: zipfile.ZipInfo, name: str, parts: PathParts) -> str:
    """Return why a file or folder of this path is not touched; nothing if it may be."""
    return _why_not_the_path(name, parts) or _why_not_the_kind(info) or _why_not_the_size(info)


def _why_not_the_path(name: str, parts: PathParts) -> str:
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        return LEADS_OUT
    if any(part.startswith(".") or part == "__MACOSX" or part.lower() in _SYSTEM_FILES for part in parts):
        return HIDDEN
    if not 0 < len(parts) <= DEEPEST or not name.isprintable():
        return ODD_NAME
    return NESTED if parts[-1].lower().endswith(_NESTED) and not name.endswith("/") else ""


def _why_not_the_kind(info: zipfile.ZipInfo) -> str:
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return LINK
    if info.flag_bits & _ENCRYPTED_FLAG:
        return ENCRYPTED
    return "" if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else ODD_COMPRESSION


def _why_not_the_size(info: zipfile.ZipInfo) -> str:
    if info.file_size > HARMLESS_BYTES and info.file_size > MOST_RATIO * info.compress_size:
        return BOMB
    return TOO_LARGE if info.file_size > pictures.MOST_BYTES else ""

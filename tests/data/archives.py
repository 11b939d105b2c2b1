"""Archives for tests, good and bad."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

RED, GREEN = (255, 0, 0), (0, 255, 0)


def picture(
    colour: Any = RED, size: tuple[int, int] = (12, 8), mode: str = "RGB", format: str = "PNG", **how: Any
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, format, **how)
    return file.getvalue()


def noise() -> bytes:
    """A picture of about 5 MiB, which cannot be compressed."""
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (1300, 1300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def entry(name: str, **what: Any) -> zipfile.ZipInfo:
    """The entry of a file, with what is to be odd about it."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    for attribute, value in what.items():
        setattr(info, attribute, value)
    return info


def packed(files: dict[Any, bytes] | Iterable[tuple[Any, bytes]]) -> io.BytesIO:
    """An archive of these files, by name or by entry."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return file


def two_classes(**more: bytes) -> dict[Any, bytes]:
    return {"cat/1.png": picture(RED), "dog/1.png": picture(GREEN), **more}


def patched(archive: io.BytesIO, name: str, **fields: int) -> io.BytesIO:
    """The archive, in whose list of files the entry of this name tells something else (APPNOTE.TXT, section 4.3.12)."""
    places = {"flag_bits": (8, "<H"), "method": (10, "<H"), "packed_bytes": (20, "<I"), "bytes": (24, "<I")}
    content = bytearray(archive.getvalue())
    start = 0
    while (start := content.index(b"PK\x01\x02", start)) >= 0:
        length = struct.unpack_from("<H", content, start + 28)[0]
        if content[start + 46 : start + 46 + length].decode() == name:
            break
        start += 46
    for field, value in fields.items():
        place, kind = places[field]
        struct.pack_into(kind, content, start + place, value)
    return io.BytesIO(bytes(content))

"""Files that are no pictures, or hostile ones: each gets one sentence, and nothing gets through."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from PIL import Image

from explorer.pictures import FORMATS, MOST_BYTES, MOST_PIXELS, BadImage, decode_image

SECONDS = 2.0  # of the processor, not of the clock, which others share
MEBIBYTE = 2**20


def encode(image: Image.Image, format: str, **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **how)
    return file.getvalue()


def gradient() -> Image.Image:
    return Image.merge(
        "RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    )


def png(width: int, height: int, colour: int = 2, bits: int = 8, pixels: bytes = b"") -> bytes:
    """Write a PNG by hand, so that its header can say what it likes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = zlib.compress(pixels or bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def webp(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides


LIMIT = int(MOST_PIXELS**0.5)
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "too many bytes": (lambda: bytes(MOST_BYTES + 1), "10 MiB"),
    "a bomb of 50,000 by 50,000": (lambda: png(50_000, 50_000), "far too many pixels"),
    "a bomb that Pillow would only warn of": (lambda: png(12_000, 12_000), "far too many pixels"),
    "a few pixels too many": (lambda: png(LIMIT + 1, LIMIT + 1), "5,001 times 5,001 pixels, 25 million"),
    "a WebP canvas of the largest size": (lambda: webp(16_383, 16_383), "268 million"),
    "a GIF screen of the largest size": (
        lambda: b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;",
        "far too many",
    ),
    "a PPM header alone": (lambda: b"P6 50000 50000 255\n", "far too many pixels"),
    "a PPM of text": (lambda: b"P3 1000 1000 255\n" + b"1 " * 3_000_000, "save it as PNG"),
    "a header that promises more than there is": (lambda: png(4_999, 4_999), "damaged"),
    "a PNG cut in half": (lambda: halved("PNG"), "damaged"),
    "a JPEG cut in half": (lambda: halved("JPEG"), "damaged"),
    "a WebP cut in half": (lambda: halved("WEBP"), "damaged"),
    "a TIFF cut in half": (lambda: halved("TIFF", compression="tiff_lzw"), "damaged"),
    "a PNG of zero width": (lambda: png(0, 10), "not a picture"),
    "an SVG": (lambda: b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "an SVG without a declaration": (lambda: b"\n <svg onload='alert(1)'/>", "SVG"),
    "a web page": (lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>", "web page"),
    "a PDF": (lambda: b"%PDF-1.7\n", "PDF"),
    "a HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(64), "HEIC"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "zeros": (lambda: bytes(4096), "not a picture"),
    "text": (lambda: "Grüße".encode(), "not a picture"),
    "noise": (lambda: random.Random(0).randbytes(4096), "not a picture"),
}


def halved(format: str, **how: Any) -> bytes:
    data = encode(gradient(), format, **how)
    return data[: len(data) // 2]


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gives_one_sentence_at_once_in_little_memory(kind: str) -> None:
    make, words = BAD[kind]
    data = make()
    begun = time.thread_time()
    with peak_memory() as peak, pytest.raises(BadImage) as caught:
        decode_image(data)
    sentence = str(caught.value)
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert time.thread_time() - begun < SECONDS
    assert peak() < 120 * MEBIBYTE  # one canvas of 25 million pixels takes 95 MiB


class peak_memory:  # noqa: N801
    """Watches how much more memory this process takes than at the beginning."""

    def __enter__(self) -> Callable[[], int]:
        self.process = psutil.Process()
        self.before = self.most = self.process.memory_info().rss
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return lambda: self.most - self.before

    def watch(self) -> None:
        while not self.over.wait(0.001):
            self.most = max(self.most, self.process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


@pytest.mark.parametrize("format", FORMATS)
def test_flipped_and_missing_bytes_never_raise_anything_but_bad_image(format: str) -> None:
    chance = random.Random(format)
    whole = encode(gradient().resize((48, 48)), format)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        del data[chance.randint(len(data) // 2, len(data)) :]
        begun = time.thread_time()
        with contextlib.suppress(BadImage):
            assert decode_image(bytes(data)).mode == "RGB"
        assert time.thread_time() - begun < SECONDS


def test_a_picture_at_the_limit_is_read() -> None:
    row = bytes(1 + LIMIT // 8)
    assert decode_image(png(LIMIT, LIMIT, colour=0, bits=1, pixels=row * LIMIT)).size == (LIMIT, LIMIT)

"""Files made into pictures: every mode, upright, the first frame, and nothing hostile gets through."""

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

import numpy as np
import psutil
import pytest
from PIL import Image

from explorer.pictures import FORMATS, MOST_BYTES, MOST_PIXELS, BadImage, decode_image

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
SECONDS = 2.0
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


# What is decoded


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "PPM"])
def test_a_lossless_file_gives_back_every_pixel(format: str) -> None:
    assert decode_image(encode(gradient(), format)).tobytes() == gradient().tobytes()


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF"])
def test_a_lossy_file_gives_nearly_the_same_picture(format: str) -> None:
    decoded = decode_image(encode(gradient(), format, quality=90))
    difference = np.asarray(decoded, int) - np.asarray(gradient(), int)
    assert decoded.mode == "RGB"
    assert abs(difference).mean() < 3


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, WHITE),
        ("L", 200, (200, 200, 200)),
        ("LA", (0, 0), WHITE),
        ("LA", (100, 255), (100, 100, 100)),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 128), (255, 127, 127)),
        ("RGB", BLUE, BLUE),
    ],
)
def test_every_mode_of_png_becomes_rgb(mode: str, colour: Any, expected: tuple[int, int, int]) -> None:
    decoded = decode_image(encode(Image.new(mode, (3, 2), colour), "PNG"))
    assert (decoded.mode, decoded.size, decoded.getpixel((0, 0))) == ("RGB", (3, 2), expected)


def test_a_palette_gives_its_colours() -> None:
    picture = Image.new("RGB", (8, 8), BLUE).quantize(4)
    assert decode_image(encode(picture, "PNG")).getpixel((0, 0)) == BLUE


def test_the_transparent_colour_of_a_palette_becomes_white() -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([*BLUE, *GREEN])
    assert decode_image(encode(picture, "PNG", transparency=1)).getpixel((0, 0)) == WHITE
    assert decode_image(encode(picture, "PNG", transparency=0)).getpixel((0, 0)) == GREEN


@pytest.mark.parametrize(("mode", "colour"), [("RGB", GREEN), ("L", 7)])
def test_a_colour_that_stands_for_transparent_becomes_white(mode: str, colour: Any) -> None:
    picture = Image.new(mode, (4, 4), colour)
    assert decode_image(encode(picture, "PNG", transparency=colour)).getpixel((0, 0)) == WHITE


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(format: str) -> None:
    decoded = decode_image(encode(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), format))
    assert np.abs(np.subtract(decoded.getpixel((4, 4)), RED)).max() < 5


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_to_eight(format: str) -> None:
    values = np.array([[0, 257, 32896, 65535]], np.uint16)
    decoded = decode_image(encode(Image.fromarray(values), format))
    assert [decoded.getpixel((x, 0)) for x in range(4)] == [(0,) * 3, (1,) * 3, (128,) * 3, WHITE]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([-2.0, 0.0, 2.0], [0, 128, 255]),
        ([0.0, float("nan"), 1.0], [0, 0, 255]),
    ],
)
def test_fractions_are_scaled_to_eight_bits(values: list[float], expected: list[int]) -> None:
    decoded = decode_image(encode(Image.fromarray(np.array([values], np.float32)), "TIFF"))
    assert [decoded.getpixel((x, 0))[0] for x in range(3)] == expected


def test_whole_numbers_of_32_bits_are_scaled_to_eight() -> None:
    decoded = decode_image(encode(Image.fromarray(np.array([[0, 10**6, 2 * 10**6 + 8]], np.int32)), "TIFF"))
    assert [decoded.getpixel((x, 0))[0] for x in range(3)] == [0, 127, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright(orientation: int) -> None:
    upright = Image.new("RGB", (32, 16), WHITE)
    upright.paste(RED, (0, 0, 16, 8))
    stored = {  # how a camera held in each way stores the upright picture: the inverse of what EXIF asks for
        1: lambda image: image,
        2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
        4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
        6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
        7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
        8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
    }[orientation](upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode_image(encode(stored, "PNG", exif=exif))
    assert decoded.tobytes() == upright.tobytes()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # pytest puts its own filters before those of the module
def test_nonsense_in_exif_is_left_alone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert decode_image(encode(Image.new("RGB", (4, 2), RED), "JPEG", exif=exif)).size == (4, 2)
    damaged = encode(Image.new("RGB", (4, 2), RED), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")
    assert decode_image(damaged).size == (4, 2)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_an_animation_gives_its_first_frame(format: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    lossless = {"lossless": True} if format == "WEBP" else {}
    decoded = decode_image(encode(frames[0], format, save_all=True, append_images=frames[1:], **lossless))
    assert decoded.getpixel((4, 4)) == RED


def test_a_decoded_picture_keeps_nothing_of_the_file_but_its_pixels() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    decoded = decode_image(encode(Image.new("RGB", (4, 4), RED), "JPEG", exif=exif, comment=b"a comment"))
    assert not decoded.info
    assert not decoded.getexif()


# What is refused


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
    begun = time.perf_counter()
    with peak_memory() as peak, pytest.raises(BadImage) as caught:
        decode_image(data)
    sentence = str(caught.value)
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert time.perf_counter() - begun < SECONDS
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
        begun = time.perf_counter()
        with contextlib.suppress(BadImage):
            assert decode_image(bytes(data)).mode == "RGB"
        assert time.perf_counter() - begun < SECONDS


def test_a_picture_at_the_limit_is_read() -> None:
    row = bytes(1 + LIMIT // 8)
    assert decode_image(png(LIMIT, LIMIT, colour=0, bits=1, pixels=row * LIMIT)).size == (LIMIT, LIMIT)

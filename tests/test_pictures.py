"""Files made into pictures: every mode, upright, the first frame."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explorer.pictures import decode_image

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encode(image: Image.Image, format: str, **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **how)
    return file.getvalue()


def gradient() -> Image.Image:
    return Image.merge(
        "RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    )


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

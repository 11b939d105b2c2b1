"""Files that people give, made into RGB pictures. Nothing in a file is believed before it is checked."""

from __future__ import annotations

import io
import threading
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 2**20
MOST_PIXELS = 25_000_000  # a 24-megapixel camera's; Pillow takes 4 bytes for each, and three pictures to blend one
FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
READABLE = "JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP or PPM"
_WHITE = (255, 255, 255)
_few_at_once = threading.BoundedSemaphore(2)

# Pillow tells of oddities in a file, which are nobody's business; of bombs up to twice its own limit it only warns.
warnings.filterwarnings("ignore", module=r"PIL\.")
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class BadImage(ValueError):  # noqa: N818 (the name is part of the contract)
    """A file without a picture that can be shown. Its text is a sentence for the person who gave it."""


def decode_image(data: bytes) -> Image.Image:
    """Return the picture in a file, in RGB and upright: the first frame of an animation, transparency over white.

    A file that is too large, damaged or of another kind raises BadImage before its pixels take any memory.
    """
    if not data:
        raise BadImage("The file is empty.")
    if len(data) > MOST_BYTES:
        raise BadImage(f"The file has {len(data) / 2**20:,.1f} MiB; the most is {MOST_BYTES // 2**20} MiB.")
    try:
        with _few_at_once, _open(data) as image:
            _check_size(*image.size)
            image.load()
            picture = _to_rgb(_upright(image))
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadImage(f"The picture has far too many pixels; the most is {MOST_PIXELS // 10**6} million.") from error
    except Exception as error:  # Pillow's readers raise whatever a damaged file brings them to
        raise BadImage("The file is damaged or cut off, so its picture cannot be read.") from error
    picture.info = {}  # where and when it was taken stays in the file
    return picture


def _open(data: bytes) -> Image.Image:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _check_size(*_webp_size(data))  # Pillow would reserve memory for all of it at once
    if data[:2] in (b"P1", b"P2", b"P3"):
        raise BadImage("The picture is written out as text (plain PBM, PGM or PPM); save it as PNG.")
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise BadImage(_why_not(data)) from None


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height as the first chunk of a WebP file gives them (RFC 9649, section 2)."""
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _why_not(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1"):
        return "The picture is in HEIC, the format of iPhones, which cannot be read here; save it as JPEG."
    if b"<svg" in start:
        return f"An SVG file is a drawing without pixels; save it as {READABLE}."
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "The file is a web page, not a picture; save the picture itself."
    if start.startswith(b"%pdf"):
        return "The file is a PDF, not a picture; save the page as PNG."
    return f"The file is not a picture that can be read; use {READABLE}."


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadImage(
            f"The picture has {width:,} times {height:,} pixels, {width * height / 10**6:,.0f} million; "
            f"the most is {MOST_PIXELS // 10**6} million."
        )


def _upright(image: Image.Image) -> Image.Image:
    """Turn the picture as its EXIF data says; data that make no sense are left alone."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # as many kinds as there are ways to write nonsense
        return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, _WHITE)
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Return grey values of more bits, 0 to 255.

    Whole numbers count as 16 bits, fractions as 0 to 1 or 0 to 255; where they do not fit, as from least to most.
    """
    grey = np.nan_to_num(values.astype(np.float32), posinf=0, neginf=0)
    least, most = float(grey.min()), float(grey.max())
    tops = (1.0, 255.0) if values.dtype.kind == "f" else (65535.0,)
    top = next((top for top in tops if least >= 0 and most <= top), None)
    low, high = (least, most) if top is None else (0.0, top)
    scaled = (grey - low) * (255 / max(high - low, 1e-12))
    return np.asarray(scaled.round().clip(0, 255), np.uint8)

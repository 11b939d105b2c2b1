"""An archive of pictures: what is taken, what is left out and why, and that none does any harm."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from archives import GREEN, RED, entry, noise, packed, patched, picture, two_classes
from PIL import Image

from explorer import data, pictures
from explorer.data import BadArchiveError, archive, collecting, layout
from explorer.data.left_out import MOST_REASONS
from explorer.data.report import Report

SIZE = 32


def collect(files: Any) -> tuple[data.Tensors, Report]:
    """Give an archive of these files and return what was made of it."""
    tensors, _, report = collecting.collect(files if isinstance(files, io.BytesIO) else packed(files), SIZE)
    return tensors, report


def why_not(report: Report) -> dict[str, list[str]]:
    return {reason.why: reason.examples for reason in report.left_out}


# What is taken


def test_each_folder_is_a_class() -> None:
    tensors, report = collect({"cat/1.png": picture(RED), "cat/2.png": picture(RED), "dog/1.png": picture(GREEN)})
    assert (report.classes, report.train, report.test) == (("cat", "dog"), (2, 1), (0, 0))
    assert tensors.train_labels.tolist() == [0, 0, 1]
    assert tensors.train_images.shape == (3, 3, SIZE, SIZE)
    assert tensors.train_images.dtype == torch.uint8
    assert tensors.train_images[:, :, 16, 16].tolist() == [[255, 0, 0], [255, 0, 0], [0, 255, 0]]


def test_the_square_in_the_middle_is_taken() -> None:
    wide = Image.new("RGB", (96, 32), RED)
    wide.paste(GREEN, (32, 0, 64, 32))
    file = io.BytesIO()
    wide.save(file, "PNG")
    tensors, _ = collect(two_classes(**{"cat/1.png": file.getvalue()}))
    assert torch.equal(tensors.train_images[0], torch.tensor(GREEN).byte().view(3, 1, 1).expand(3, SIZE, SIZE))


@pytest.mark.parametrize("compress_type", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_picture_may_be_larger_than_a_list_of_files(compress_type: int) -> None:
    large = noise()
    assert archive.MOST_DIRECTORY_BYTES < len(large) < pictures.MOST_BYTES
    _, report = collect(packed({**two_classes(), entry("dog/2.png", compress_type=compress_type): large}))
    assert (report.train, report.left_out) == ((1, 2), ())


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("greyscale", picture(200, mode="L"), (200, 200, 200)),
        ("black and white", picture(1, mode="1"), (255, 255, 255)),
        ("a palette", picture(0, mode="P"), (0, 0, 0)),
        ("CMYK", picture((0, 255, 255, 0), mode="CMYK", format="TIFF"), RED),
        ("transparent", picture((0, 0, 0, 0), mode="RGBA"), (255, 255, 255)),
        ("16 bits", picture(32896, mode="I;16"), (128, 128, 128)),
        ("WebP", picture(RED, format="WEBP", lossless=True), RED),
        ("BMP", picture(RED, format="BMP"), RED),
    ],
)
def test_every_kind_of_picture_becomes_rgb(kind: str, content: bytes, expected: tuple[int, ...]) -> None:
    tensors, _ = collect(two_classes(**{"cat/1.png": content}))
    assert tensors.train_images[0, :, 5, 5].tolist() == list(expected)


def test_a_photograph_is_turned_upright() -> None:
    stored = Image.new("RGB", (32, 64), RED)
    stored.paste(GREEN, (0, 32, 32, 64))
    exif = Image.Exif()
    exif[0x0112] = 8  # the top of the picture is on the right of what is stored
    file = io.BytesIO()
    stored.save(file, "PNG", exif=exif)
    tensors, sizes, _ = collecting.collect(packed(two_classes(**{"cat/1.png": file.getvalue()})), SIZE)
    assert sizes.train[0].tolist() == [64, 32]
    assert tensors.train_images[0, :, 16, 2].tolist() == list(RED)
    assert tensors.train_images[0, :, 16, 29].tolist() == list(GREEN)


def test_an_animation_gives_its_first_frame() -> None:
    animation = picture(RED, format="GIF", save_all=True, append_images=[Image.new("RGB", (12, 8), GREEN)])
    tensors, _ = collect({"cat/1.gif": animation, "dog/1.png": picture()})
    assert tensors.train_images[0, :, 5, 5].tolist() == list(RED)


def test_classes_are_sorted_as_people_count() -> None:
    _, report = collect({f"{name}/x.png": picture() for name in ("10", "9", "b", "A")})
    assert report.classes == ("9", "10", "A", "b")


def test_names_in_any_script_are_read_and_one_name_is_one_class() -> None:
    as_macs_write_it = unicodedata.normalize("NFD", "Bär")
    _, report = collect({"고양이/1.png": picture(), "Bär/1.png": picture(), f"{as_macs_write_it}/2.png": picture()})
    assert (report.classes, report.train) == (("Bär", "고양이"), (2, 1))


def test_names_in_utf8_that_do_not_say_so_are_read() -> None:
    given = packed({"Katze/1.png": picture(), "H_nd/1.png": picture()}).getvalue()
    _, report = collect(io.BytesIO(given.replace(b"H_nd", "ÿd".encode() + b"n")))
    assert report.classes == ("Katze", "ÿdn")


def test_backslashes_are_folders_too() -> None:
    slashed = packed({"cat#1.png": picture(), "dog#1.png": picture()}).getvalue().replace(b"#", b"\\")
    _, report = collect(io.BytesIO(slashed))
    assert report.classes == ("cat", "dog")


# How folders are understood


@pytest.mark.parametrize("around", ["", "pets/", "home/someone/pets/"])
def test_folders_around_everything_are_looked_through(around: str) -> None:
    _, report = collect({f"{around}{name}": content for name, content in two_classes().items()})
    assert report.classes == ("cat", "dog")


def test_a_file_beside_the_folder_around_everything_does_not_count() -> None:
    _, report = collect({"README.txt": b"my pets", **{f"pets/{name}": body for name, body in two_classes().items()}})
    assert report.classes == ("cat", "dog")
    assert why_not(report) == {layout.NO_CLASS: ["README.txt"]}


def test_pictures_may_lie_deeper_than_their_class() -> None:
    _, report = collect({"cat/2024/may/1.png": picture(), **two_classes()})
    assert (report.classes, report.train) == (("cat", "dog"), (2, 1))


@pytest.mark.parametrize("held", ["val", "Validation", "test", "valid"])
@pytest.mark.parametrize("around", ["", "pets/"])
def test_a_folder_of_validation_pictures_is_kept_apart(around: str, held: str) -> None:
    files = {f"{around}train/{name}": content for name, content in two_classes().items()}
    tensors, report = collect(files | {f"{around}{held}/dog/9.png": picture(GREEN)})
    assert (report.classes, report.train, report.test) == (("cat", "dog"), (1, 1), (0, 1))
    assert tensors.test_labels is not None
    assert tensors.test_labels.tolist() == [1]
    assert "1 of them was kept apart to measure on, as the folders ask for." in report.sentences()


def test_of_a_validation_and_a_test_folder_the_first_is_used() -> None:
    files = {f"{part}/{name}": content for part in ("train", "val", "test") for name, content in two_classes().items()}
    _, report = collect(files)
    assert (report.train, report.test) == ((1, 1), (1, 1))
    assert why_not(report) == {layout.SECOND_TEST: ["test/cat/1.png", "test/dog/1.png"]}


def test_a_class_without_training_pictures_is_left_out() -> None:
    files = {f"train/{name}": content for name, content in two_classes().items()}
    tensors, report = collect(files | {"val/dog/9.png": picture(GREEN), "val/fox/9.png": picture()})
    assert why_not(report) == {layout.NOT_IN_TRAINING: ["val/fox/9.png"]}
    assert report.empty == ("fox",)
    assert tensors.test_labels is not None
    assert tensors.test_labels.tolist() == [1]


def test_a_class_whose_training_pictures_are_all_damaged_is_left_out() -> None:
    files = {f"train/{name}": content for name, content in two_classes().items()}
    tensors, report = collect(files | {"train/fox/1.png": b"?", "val/fox/9.png": picture(), "val/dog/9.png": picture()})
    assert (report.classes, report.test, report.empty) == (("cat", "dog"), (0, 1), ("fox",))
    assert tensors.test_labels is not None
    assert tensors.test_labels.tolist() == [1]


def test_classes_that_are_called_train_and_bus_are_classes() -> None:
    _, report = collect({"train/1.png": picture(), "bus/1.png": picture(GREEN)})
    assert report.classes == ("bus", "train")


# What is left out


def test_empty_classes_are_told() -> None:
    _, report = collect({"fox/": b"", "wolf/notes.txt": b"none yet", **two_classes()})
    assert report.empty == ("fox", "wolf")
    assert "No picture can be used of fox and wolf, so there is no such class." in report.sentences()


LEFT_OUT: dict[str, tuple[Callable[[], dict[Any, bytes]], str]] = {
    "a path from the root": (lambda: {"/etc/cat/2.png": picture()}, archive.LEADS_OUT),
    "a path up": (lambda: {"cat/../../../2.png": picture()}, archive.LEADS_OUT),
    "a drive": (lambda: {"C:/cat/2.png": picture()}, archive.LEADS_OUT),
    "a network share": (lambda: {"//server/cat/2.png": picture()}, archive.LEADS_OUT),
    "a link": (lambda: {entry("cat/2.png", external_attr=(stat.S_IFLNK | 0o777) << 16): b"/etc/passwd"}, archive.LINK),
    "a device": (lambda: {entry("cat/2.png", external_attr=(stat.S_IFCHR | 0o666) << 16): b""}, archive.LINK),
    "an archive": (lambda: {"cat/2.zip": packed({"x/1.png": picture()}).getvalue()}, archive.NESTED),
    "another compression": (
        lambda: {entry("cat/2.png", compress_type=zipfile.ZIP_LZMA): picture()},
        archive.ODD_COMPRESSION,
    ),
    "a bomb": (lambda: {"cat/2.bmp": bytes(9 * 2**20)}, archive.BOMB),
    "a picture that is too large": (
        lambda: {entry("cat/2.png", compress_type=0): bytes(2**20 * 11)},
        archive.TOO_LARGE,
    ),
    "what the Finder leaves": (lambda: {"__MACOSX/cat/._2.png": b"?"}, archive.HIDDEN),
    "what the Finder leaves in folders": (lambda: {"cat/.DS_Store": b"?"}, archive.HIDDEN),
    "what Windows leaves": (lambda: {"cat/Thumbs.db": b"?"}, archive.HIDDEN),
    "a name that turns the line round": (lambda: {"cat/\u202egnp.exe": picture()}, archive.ODD_NAME),
    "too many folders": (lambda: {"cat/" + "x/" * 20 + "2.png": picture()}, archive.ODD_NAME),
    "a picture without a class": (lambda: {"2.png": picture()}, layout.NO_CLASS),
    "a text": (
        lambda: {"cat/2.txt": b"meow"},
        "The file is not a picture that can be read; use JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP or PPM.",
    ),
    "an empty file": (lambda: {"cat/2.png": b""}, "The file is empty."),
    "a picture cut off": (
        lambda: {"cat/2.png": picture(size=(99, 99))[:-30]},
        "The file is damaged or cut off, so its picture cannot be read.",
    ),
    "a web page": (
        lambda: {"cat/2.jpg": b"<!DOCTYPE html>"},
        "The file is a web page, not a picture; save the picture itself.",
    ),
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_cannot_be_used_is_left_out_with_the_reason(kind: str) -> None:
    make, why = LEFT_OUT[kind]
    bad = make()
    (name,) = (key.filename if isinstance(key, zipfile.ZipInfo) else key for key in bad)
    tensors, report = collect(two_classes() | bad)
    assert tensors.train_labels.tolist() == [0, 1]
    ((found, examples),) = why_not(report).items()
    assert found == why
    assert examples == [name.replace("\u202e", "\N{REPLACEMENT CHARACTER}")]
    assert report.sentences()[-1] == "1 file was left out."


def test_the_second_file_of_one_name_is_left_out() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        given = packed([("cat/1.png", picture(RED)), ("cat/1.png", picture(GREEN)), ("dog/1.png", picture())])
    tensors, report = collect(given)
    assert tensors.train_images[0, :, 5, 5].tolist() == list(RED)
    assert why_not(report) == {archive.DUPLICATE: ["cat/1.png"]}


def test_an_encrypted_file_is_left_out() -> None:
    _, report = collect(patched(packed(two_classes(**{"cat/2.png": picture()})), "cat/2.png", flag_bits=1))
    assert why_not(report) == {archive.ENCRYPTED: ["cat/2.png"]}


def test_a_file_that_is_damaged_in_the_archive_is_left_out() -> None:
    content = packed({"cat/2.png": picture(RED, (64, 64)), **two_classes()}).getvalue()
    start = content.index(b"cat/2.png") + 20
    _, report = collect(io.BytesIO(content[:start] + b"damage" + content[start + 6 :]))
    assert why_not(report) == {archive.DAMAGED: ["cat/2.png"]}


def test_reasons_are_counted_and_few_names_are_kept() -> None:
    _, report = collect(two_classes(**{f"cat/{i}.txt": b"meow" for i in range(40)}))
    (reason,) = report.left_out
    assert (reason.files, len(reason.examples)) == (40, 3)
    assert report.sentences() == ("2 pictures were taken: cat 1 and dog 1.", "40 files were left out.")


def test_thousands_of_reasons_become_few() -> None:
    bombs = {f"cat/{9_000 + i}.ppm": b"P6 %d 9000 255\n" % (9_000 + i) for i in range(50)}
    _, report = collect(two_classes(**bombs))
    assert len(report.left_out) <= MOST_REASONS + 1
    assert sum(reason.files for reason in report.left_out) == 50


# What is refused as a whole


REFUSED: dict[str, tuple[Callable[[], io.BytesIO], str]] = {
    "nothing": (lambda: io.BytesIO(), "The file is not a zip archive, or it is damaged or cut off."),
    "zeros": (lambda: io.BytesIO(bytes(4096)), "The file is not a zip archive"),
    "a picture": (lambda: io.BytesIO(picture()), "The file is not a zip archive"),
    "a zip cut in half": (
        lambda: io.BytesIO(packed(two_classes()).getvalue()[:200]),
        "The file is not a zip archive, or it is damaged or cut off.",
    ),
    "a RAR": (lambda: io.BytesIO(b"Rar!\x1a\x07\x01\x00"), "The file is a RAR archive, which is not read here"),
    "a tar.gz": (lambda: io.BytesIO(b"\x1f\x8b\x08\x00"), "The file is a gzip archive"),
    "an empty zip": (lambda: packed({}), "The archive has no picture in a class folder"),
    "no folders": (
        lambda: packed({"1.png": picture(), "2.png": picture()}),
        "The archive has no picture in a class folder",
    ),
    "one class": (
        lambda: packed({"cat/1.png": picture()}),
        "The archive has pictures of one class only, cat; it takes at least two folders, each with the pictures of a "
        "class.",
    ),
    "one class and an empty one": (
        lambda: packed({"cat/1.png": picture(), "dog/1.txt": b"woof"}),
        "one class only, cat; it takes at least two folders, each with the pictures of a class. Most often a file was "
        "left out because: The file is not a picture",
    ),
    "too many classes": (
        lambda: packed({f"{i}/x.png": b"" for i in range(201)}),
        "The archive has 201 class folders; the most is 200.",
    ),
    "too many files": (
        lambda: packed({entry(f"{i}", compress_type=0): b"" for i in range(20_001)}),
        "The archive has 20,001 files; the most is 20,000.",
    ),
    "a list of files that is too long": (
        lambda: packed({entry(f"{'x' * 400}{i}", compress_type=0): b"" for i in range(10_000)}),
        "The archive's list of files is too long",
    ),
    "more than a disk should hold": (
        lambda: lying_about_size(120),
        "The archive unpacks to 1.11 GiB; the most is 1.00 GiB.",
    ),
    "more pixels than memory should hold": (
        lambda: packed({f"{i % 2}/{i}.png": b"" for i in range(3600)}),
        "3,600 pictures of 224×224 pixels take 516.8 MiB; the most is 512.0 MiB. Choose a smaller size",
    ),
}


def lying_about_size(count: int) -> io.BytesIO:
    """An archive that says it has files of 9.5 MiB, as many as that."""
    given = packed({entry(f"{i % 2}/{i}.png", compress_type=0): bytes(99) for i in range(count)}).getvalue()
    return io.BytesIO(given.replace(struct.pack("<II", 99, 99), struct.pack("<II", 99 * 1024, 99 * 1024 * 98)))


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_archive_gives_one_sentence_in_little_memory(kind: str) -> None:
    make, words = REFUSED[kind]
    given = make()
    tracemalloc.start()
    try:
        with pytest.raises(BadArchiveError) as caught:
            collecting.collect(given, 224)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert peak < 64 * 2**20


def test_a_file_that_unpacks_to_more_than_it_says_takes_no_memory() -> None:
    bomb = packed({"cat/2.png": bytes(200 * 2**20), **two_classes()})
    lying = patched(bomb, "cat/2.png", bytes=1000)
    tracemalloc.start()
    try:
        _, report = collect(lying)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert why_not(report) == {archive.DAMAGED: ["cat/2.png"]}
    assert peak < 4 * 2**20


def test_reading_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_SECONDS", -1.0)
    with pytest.raises(BadArchiveError, match=r"Reading 1 of 2 files took .*: give smaller or fewer pictures\."):
        collect(two_classes())


def test_no_archive_writes_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    collect(two_classes(**{"../cat/2.png": picture(), "/tmp/explorer-test.png": picture(), "cat/3.png": picture()}))
    assert not list(tmp_path.iterdir())
    assert not Path("/tmp/explorer-test.png").exists()


def test_flipped_bytes_never_raise_anything_but_bad_archive() -> None:
    chance = np.random.default_rng(0)
    whole = packed(two_classes(**{"cat/ü.jpg": picture(format="JPEG")})).getvalue()
    for _ in range(300):
        content = bytearray(whole)
        for place in chance.integers(0, len(content), 4):
            content[place] = chance.integers(256)
        with contextlib.suppress(BadArchiveError):
            collect(io.BytesIO(bytes(content)))

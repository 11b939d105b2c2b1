"""Pictures that people give: how they are kept, used and deleted."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from archives import packed, picture, two_classes

from explorer import data
from explorer.data import BadArchiveError, own_pictures
from explorer.data.stored import read_sizes
from explorer.training import RunSpec

SIZE = 32


def test_pictures_are_kept_under_a_name_that_cannot_be_guessed(data_folder: Path) -> None:
    first, _ = own_pictures.add(packed(two_classes()), "my pets", SIZE)
    second, _ = own_pictures.add(packed(two_classes()), "my pets", SIZE)
    assert first != second
    assert own_pictures.is_own(first)
    assert len(first) == len("own-") + 24


def test_own_pictures_are_a_data_set_like_any_other(data_folder: Path) -> None:
    name, report = own_pictures.add(packed(two_classes()), "my pets", 48)
    dataset = data.get(name)
    assert (dataset.title, dataset.classes, dataset.channels, dataset.native_size) == ("my pets", ("cat", "dog"), 3, 48)
    assert (dataset.train_pictures, dataset.test_pictures, dataset.is_available()) == (2, 0, True)
    assert data.load(name).train_images.shape == (2, 3, 48, 48)
    assert dataset.resize(data.load(name).train_images, 28).shape == (2, 3, 28, 28)
    assert own_pictures.report(name) == report


def test_own_pictures_can_be_trained_on(data_folder: Path) -> None:
    name, _ = own_pictures.add(packed(two_classes()), "my pets", SIZE)
    spec = RunSpec(architecture="lenet5_modern", dataset=name, epochs=1)
    assert (spec.label_names, spec.input_shape) == (("cat", "dog"), (1, 32, 32))


def test_own_pictures_are_not_listed(data_folder: Path) -> None:
    name, _ = own_pictures.add(packed(two_classes()), "my pets", SIZE)
    assert name not in data.names()


def test_a_report_is_kept_with_the_pictures(data_folder: Path) -> None:
    name, report = own_pictures.add(packed(two_classes(**{"cat/2.txt": b"?"})), "my pets", SIZE)
    assert own_pictures.report(name) == report


def test_the_sizes_that_pictures_had_are_kept(data_folder: Path) -> None:
    name, _ = own_pictures.add(packed(two_classes(**{"cat/1.png": picture(size=(50, 20))})), "my pets", SIZE)
    dataset = data.get(name)
    assert dataset.file is not None
    sizes = read_sizes(dataset.file())
    assert sizes is not None
    assert (sizes.train.tolist(), sizes.test) == ([[50, 20], [12, 8]], None)


def test_a_title_cannot_disturb_the_page(data_folder: Path) -> None:
    name, _ = own_pictures.add(packed(two_classes()), "a\nb\u202e" + 99 * "c", SIZE)
    assert data.get(name).title.isprintable()
    assert len(data.get(name).title) == own_pictures.LONGEST_TITLE


def test_deleted_pictures_are_gone(data_folder: Path) -> None:
    name, _ = own_pictures.add(packed(two_classes()), "my pets", SIZE)
    own_pictures.delete(name)
    with pytest.raises(KeyError, match=r"These pictures are no longer here: give the archive again\."):
        data.get(name)
    assert not list((data_folder / "own").iterdir())


@pytest.mark.parametrize("name", ["own-", "own-../../../etc/passwd", f"own-{'a' * 23}/", f"own-{'A' * 24}"])
def test_a_name_that_is_none_of_ours_touches_no_file(name: str, data_folder: Path) -> None:
    own_pictures.delete(name)
    with pytest.raises(KeyError):
        data.get(name)


def test_pictures_that_nobody_used_for_long_are_deleted(data_folder: Path) -> None:
    old, _ = own_pictures.add(packed(two_classes()), "old", SIZE)
    used, _ = own_pictures.add(packed(two_classes()), "used", SIZE)
    for name in (old, used):
        os.utime(data_folder / "own" / f"{name}.safetensors", (0, 0))
    data.load(used)
    own_pictures.add(packed(two_classes()), "new", SIZE)
    assert data.get(used).is_available()
    with pytest.raises(KeyError):
        data.get(old)


def test_what_everybody_gives_together_is_limited(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_pictures.add(packed(two_classes()), "first", SIZE)
    monkeypatch.setattr(own_pictures, "MOST_KEPT_BYTES", 10_000)
    with pytest.raises(
        BadArchiveError, match=r"There is no room for more pictures here: .* take 6\.\d+ KiB of 9\.77 KiB"
    ):
        own_pictures.add(packed(two_classes()), "second", SIZE)


def test_an_archive_that_is_too_large_is_not_even_opened(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_UPLOAD_MEBIBYTES", "1")
    with pytest.raises(BadArchiveError, match=r"The archive has 2\.00 MiB; the most is 1\.00 MiB\."):
        own_pictures.add(io.BytesIO(bytes(2 * 2**20)), "large", SIZE)


def test_a_full_disk_gives_one_sentence_and_leaves_nothing(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", full)
    with pytest.raises(BadArchiveError, match=r"The pictures cannot be kept here: No space left on device\."):
        own_pictures.add(packed(two_classes()), "my pets", SIZE)
    assert not list((data_folder / "own").iterdir())


def test_progress_ends_with_all_files(data_folder: Path) -> None:
    told: list[tuple[int, int]] = []
    own_pictures.add(packed(two_classes()), "my pets", SIZE, lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]

"""The data sets that are downloaded: their records against torchvision, and the way from the network to pictures."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_sets
import torch
from torchvision import datasets

from explorer import data
from explorer.data import MissingDataError, embedded, stored
from explorer.data.downloads import unpack
from explorer.data.torchvision_reading import READERS
from explorer.data.torchvision_sets import DATASETS

NAMES = [dataset.name for dataset in DATASETS]


@pytest.fixture(autouse=True)
def without_debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "FASHION_MNIST", tmp_path)


# The records


@pytest.mark.parametrize("name", NAMES)
def test_the_files_that_a_set_asks_for_are_those_that_torchvision_reads(name: str) -> None:
    *first, last = [remote.name for remote in READERS[name].remotes()]
    asked = f"or put {', '.join(first)} and {last} into" if first else f"or put {last} into"
    assert asked in data.get(name).missing()


def test_the_classes_are_those_of_torchvision() -> None:
    assert [name.split(" - ")[0] for name in datasets.MNIST.classes] == list(data.get("mnist").classes)
    assert [name.replace("/", " or ") for name in datasets.FashionMNIST.classes] == list(
        data.get("fashion_mnist").classes
    )
    assert tuple(datasets.KMNIST.classes) == data.get("kmnist").classes
    by_number = sorted(datasets.Imagenette._WNID_TO_CLASS.items())
    assert tuple(names[0] for _, names in by_number) == data.get("imagenette").classes


def test_cifar_100_has_a_hundred_classes_in_the_order_of_the_alphabet() -> None:
    classes = data.get("cifar100").classes
    assert (len(classes), list(classes)) == (100, sorted(set(classes)))


def test_a_set_that_is_not_here_says_what_to_put_where(data_folder: Path) -> None:
    with pytest.raises(MissingDataError) as caught:
        data.load("cifar10")
    assert str(caught.value) == (
        "CIFAR-10 is not on this machine: download it (162.6 MiB), or put cifar-10-python.tar.gz into "
        f"{data_folder / 'datasets' / 'cifar10'}."
    )


# From the network to pictures


@pytest.mark.parametrize("name", NAMES)
def test_a_download_gives_every_picture_and_label(
    name: str, file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_sets.make(name, file_server, monkeypatch)
    data.get(name).download()
    found = data.load(name)
    for images, labels, (expected_images, expected_labels) in (
        (found.train_images, found.train_labels, small.train),
        (found.test_images, found.test_labels, small.test),
    ):
        assert images is not None
        assert labels is not None
        assert (images.dtype, labels.dtype) == (torch.uint8, torch.int64)
        assert labels.tolist() == expected_labels
        np.testing.assert_array_equal(images.numpy(), expected_images)
        assert images.shape[1:] == (data.get(name).channels, *[data.get(name).native_size] * 2)


def test_what_was_read_once_needs_neither_the_network_nor_the_archives(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    data.get("cifar10").download()
    file_server.files.clear()
    data.get("cifar10").download()
    assert len(data.load("cifar10").train_labels) == 15
    assert not list(data_folder.rglob("*.tar.gz"))


def test_files_put_into_the_folder_by_hand_are_read(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_sets.make("mnist", file_server, monkeypatch)
    file_server.files.clear()
    folder = data_folder / "datasets" / "mnist"
    folder.mkdir(parents=True)
    for name, content in small.files.items():
        (folder / name).write_bytes(content)
    assert data.load("mnist").train_labels.tolist() == small.train[1]


def test_progress_is_that_of_all_files_together(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_sets.make("svhn", file_server, monkeypatch)
    told: list[tuple[int, int]] = []
    dataset = data.get("svhn")
    dataset.download(lambda done, total: told.append((done, total)))
    first, second = map(len, small.files.values())
    assert told == [(first, dataset.download_bytes), (182_040_794 + second, dataset.download_bytes)]


def test_photographs_keep_the_size_that_they_had(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cats_dogs", file_server, monkeypatch)
    dataset = data.get("cats_dogs")
    dataset.download()
    assert dataset.file is not None
    sizes = stored.read_sizes(dataset.file())
    assert sizes is not None
    assert sizes.train.tolist() == [[40, 30], [40, 30]]
    assert sizes.test is not None
    assert sizes.test.tolist() == [[30, 50]]


@pytest.mark.parametrize(("name", "size", "border"), [("mnist", 32, 0), ("cifar10", 40, None)])
def test_only_pictures_on_black_are_framed(
    name: str, size: int, border: int | None, file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make(name, file_server, monkeypatch)
    data.get(name).download()
    edge = data.get(name).resize(data.load(name).train_images, size)[:, :, 0]
    assert bool((edge == 0).all()) == (border == 0)


# What goes wrong


def test_another_file_is_not_kept(file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    file_server.files["/cifar-10-python.tar.gz"] = b"<html>Please log in to the hotel's network</html>"
    with pytest.raises(MissingDataError, match=r"cifar-10-python.tar.gz is not that file: its checksum is another."):
        data.get("cifar10").download()
    assert not data.get("cifar10").is_available()


def test_a_download_that_broke_off_goes_on_where_it_was(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_sets.make("stl10", file_server, monkeypatch)
    file_server.cuts = [100, 50, 25]
    with pytest.raises(MissingDataError, match=r"broke off after 175 B of .*The next try goes on from there\."):
        data.get("stl10").download()
    data.get("stl10").download()
    assert [wanted for _, wanted in file_server.requests] == [None, "bytes=100-", "bytes=150-", "bytes=175-"]
    assert data.load("stl10").train_labels.tolist() == small.train[1]


def test_a_server_without_ranges_sends_everything_again(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_sets.make("stl10", file_server, monkeypatch)
    file_server.cuts, file_server.knows_ranges = [100], False
    data.get("stl10").download()
    assert data.load("stl10").train_labels.tolist() == small.train[1]


def test_a_server_that_is_busy_does_not_lose_what_is_here(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("stl10", file_server, monkeypatch)
    file_server.cuts = [100]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("explorer.download.ATTEMPTS", 1)
        with pytest.raises(MissingDataError):
            data.get("stl10").download()
    file_server.statuses = [503]
    data.get("stl10").download()
    assert [wanted for _, wanted in file_server.requests] == [None, "bytes=100-", "bytes=100-"]


def test_a_file_that_the_server_lacks_says_what_to_do(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("svhn", file_server, monkeypatch)
    del file_server.files["/test_32x32.mat"]
    with pytest.raises(MissingDataError) as caught:
        data.get("svhn").download()
    host = file_server.address.removeprefix("http://")
    assert str(caught.value) == (
        f"{host} does not give test_32x32.mat: it answers 404 Not Found. Fetch train_32x32.mat and test_32x32.mat from "
        f"{file_server.address} elsewhere, and put what you get into {data_folder / 'datasets' / 'svhn'}."
    )


def test_without_a_network_one_is_told_what_to_put_where(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    nobody = "http://127.0.0.1:9"  # the port of the discard service, where nobody listens
    monkeypatch.setattr(datasets.CIFAR10, "url", f"{nobody}/cifar-10-python.tar.gz")
    with pytest.raises(MissingDataError) as caught:
        data.get("cifar10").download()
    assert str(caught.value) == (
        "cifar-10-python.tar.gz cannot be downloaded: this machine does not reach 127.0.0.1:9. Fetch "
        f"cifar-10-python.tar.gz from {nobody} elsewhere, and put what you get into "
        f"{data_folder / 'datasets' / 'cifar10'}."
    )


def test_the_next_mirror_is_asked_where_one_is_gone(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_sets.make("kmnist", file_server, monkeypatch)
    monkeypatch.setattr(datasets.KMNIST, "mirrors", [f"{file_server.address}/gone/", f"{file_server.address}/"])
    data.get("kmnist").download()
    assert data.load("kmnist").test_labels.tolist() == small.test[1]


def test_too_little_space_is_told_before_anything_is_fetched(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(MissingDataError, match=r"cifar-10-python\.tar\.gz needs .*, but only 10 B are free in .*\."):
        data.get("cifar10").download()


def test_a_disk_that_is_full_gives_one_sentence(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    folder = data_folder / "datasets" / "cifar10"
    folder.mkdir(parents=True)
    (folder / "cifar-10-python.tar.gz.part").symlink_to("/dev/full")
    with pytest.raises(MissingDataError) as caught:
        data.get("cifar10").download()
    assert str(caught.value) == f"cifar-10-python.tar.gz cannot be kept in {folder}: No space left on device."


def test_a_disk_that_fills_while_pictures_are_unpacked_leaves_nothing_behind(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.copyfileobj", full)
        with pytest.raises(MissingDataError, match=r"cannot be kept in .*: No space left on device\."):
            data.get("cifar10").download()
    assert not list((data_folder / "datasets" / "cifar10").glob("unpacked-*"))
    assert len(data.load("cifar10").train_labels) == 15


# Pickles


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_a_pickle_that_someone_puts_into_the_folder_is_never_opened(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    trace = data_folder / "it-ran"
    folder = data_folder / "datasets" / "cifar10"
    (folder / datasets.CIFAR10.base_folder).mkdir(parents=True)
    for name in [*(name for name, _ in datasets.CIFAR10.train_list), "test_batch", "batches.meta"]:
        (folder / datasets.CIFAR10.base_folder / name).write_bytes(pickle.dumps(Bomb(trace)))
    with pytest.raises(MissingDataError, match="is not on this machine"):
        data.load("cifar10")
    assert not trace.exists()


def test_an_archive_of_pickles_with_another_checksum_is_never_opened(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    trace = data_folder / "it-ran"
    folder = data_folder / "datasets" / "cifar10"
    folder.mkdir(parents=True)
    inside = {f"cifar-10-batches-py/{name}": pickle.dumps(Bomb(trace)) for name, _ in datasets.CIFAR10.train_list}
    (folder / "cifar-10-python.tar.gz").write_bytes(small_sets.tar(inside))
    with pytest.raises(MissingDataError) as caught:
        data.load("cifar10")
    assert str(caught.value) == (
        f"cifar-10-python.tar.gz in {folder} is not the file that CIFAR-10 comes in: its checksum is another. "
        "Delete it and download the data set again."
    )
    assert not trace.exists()


def test_a_pickle_inside_a_right_archive_is_checked_again_by_torchvision(
    file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_sets.make("cifar10", file_server, monkeypatch)
    trace = data_folder / "it-ran"
    inside = {f"cifar-10-batches-py/{name}": pickle.dumps(Bomb(trace)) for name, _ in datasets.CIFAR10.train_list}
    content = small_sets.tar(inside)
    file_server.files["/cifar-10-python.tar.gz"] = content
    monkeypatch.setattr(datasets.CIFAR10, "tgz_md5", small_sets.md5(content))
    with pytest.raises(RuntimeError, match="corrupted"):
        data.get("cifar10").download()
    assert not trace.exists()


def test_members_of_an_archive_that_lead_out_of_it_are_not_written(tmp_path: Path) -> None:
    inside = {"../out.txt": b"1", "/tmp/explorer-out.txt": b"2", "kept/in.txt": b"3", "kept/skipped/x.txt": b"4"}
    unpack(io.BytesIO(small_sets.tar(inside)), "some.tar.gz", tmp_path / "in", leave_out="skipped")
    assert [path.name for path in tmp_path.rglob("*.txt")] == ["in.txt"]
    assert not Path("/tmp/explorer-out.txt").exists()

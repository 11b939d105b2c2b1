"""The files of runs, in a folder and in a store of objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.training.artifacts import Artifacts, ArtifactsError


@pytest.fixture(params=["folder", "file://", "memory://"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Artifacts:
    """A place of each kind in turn."""
    if request.param == "folder":
        return Artifacts(str(tmp_path / "files"))
    return Artifacts(f"{request.param}{tmp_path}/files")


def test_a_file_comes_back_as_it_was(files: Artifacts) -> None:
    files.write("run", "file", b"\x00content")
    assert files.read("run", "file") == b"\x00content"


def test_a_later_file_takes_the_place_of_the_one_before(files: Artifacts) -> None:
    for content in (b"a longer content", b"short"):
        files.write("run", "file", content)
    assert files.read("run", "file") == b"short"


def test_a_file_that_is_not_there_is_none(files: Artifacts) -> None:
    assert files.read("run", "file") is None


def test_a_file_is_there_once_it_was_written(files: Artifacts) -> None:
    before = files.has("run", "file")
    files.write("run", "file", b"content")
    assert (before, files.has("run", "file")) == (False, True)


def test_what_is_deleted_is_gone_and_the_rest_stays(files: Artifacts) -> None:
    for run_id in ("one", "two"):
        files.write(run_id, "file", b"content")
    files.delete("one")
    files.delete("never was")
    assert (files.read("one", "file"), files.read("two", "file")) == (None, b"content")


def test_a_place_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArtifactsError, match=r"checkpoint could not be kept \(.*\): .*\.$"):
        Artifacts(str(tmp_path / "file")).write("run", "checkpoint", b"")

"""Downloads from a server on this machine that cuts, lies, refuses and is not there."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from file_server import FileServer, serving

from explorer import download
from explorer.download import CannotDownloadError, fetch, has_hash

CONTENT = bytes(range(256)) * 4096  # 1 MiB
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]
NAME = f"weights-{DIGEST}.pth"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(CONTENT, NAME) as found:
        yield found


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_a_file_comes_whole_and_tells_how_far_it_is(server: FileServer, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    path = fetch(server.url, tmp_path / "new" / "folder", lambda done, total: steps.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert files(path.parent) == [NAME]
    assert steps == sorted(steps)
    assert steps[-1] == (len(CONTENT), len(CONTENT))


def test_a_file_that_is_here_is_not_fetched_again(server: FileServer, tmp_path: Path) -> None:
    fetch(server.url, tmp_path)
    fetch(server.url, tmp_path)
    assert len(server.ranges) == 1


def test_another_file_under_the_name_is_not_kept(server: FileServer, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"x"
    with pytest.raises(CannotDownloadError, match="checksum"):
        fetch(server.url, tmp_path)
    assert files(tmp_path) == []


def test_a_connection_that_breaks_is_gone_on_with_where_it_was(server: FileServer, tmp_path: Path) -> None:
    server.cut_after = 400_000
    assert fetch(server.url, tmp_path).read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=400000-", "bytes=800000-"]


def test_a_connection_that_keeps_breaking_leaves_a_part_for_the_next_try(server: FileServer, tmp_path: Path) -> None:
    server.cut_after = 100_000
    with pytest.raises(CannotDownloadError, match=r"broke off after 293.0 KiB of 1.00 MiB\. The next try goes on"):
        fetch(server.url, tmp_path)
    assert files(tmp_path) == [f"{NAME}.part"]
    server.cut_after = None
    assert fetch(server.url, tmp_path).read_bytes() == CONTENT
    assert server.ranges[-1] == "bytes=300000-"


def test_a_server_that_cannot_go_on_begins_anew(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(b"old" * 100)
    server.knows_ranges = False
    assert fetch(server.url, tmp_path).read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_thrown_away(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT + b"more")
    assert fetch(server.url, tmp_path).read_bytes() == CONTENT
    assert server.ranges == [f"bytes={len(CONTENT) + 4}-", None]


def test_a_server_that_has_no_such_file_is_quoted(server: FileServer, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(CannotDownloadError, match="404"):
        fetch(server.url, tmp_path)
    assert files(tmp_path) == []


def test_without_a_network_the_sentence_says_so(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(CannotDownloadError, match=r"this machine does not reach 127\.0\.0\.1:9"):
        fetch(f"http://127.0.0.1:9/{NAME}", tmp_path)


def test_a_folder_that_cannot_be_written_is_named(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotDownloadError, match="cannot be kept in"):
        fetch(server.url, tmp_path / "file")


def test_a_file_larger_than_the_disk_is_not_begun(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(CannotDownloadError, match=r"needs 1.00 MiB, but only 1,000 B are free"):
        fetch(server.url, tmp_path)


def test_two_who_ask_at_once_share_one_download(server: FileServer, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch(server.url, tmp_path), range(4)))
    assert {path.read_bytes() for path in paths} == {CONTENT}
    assert len(server.ranges) == 1


def test_one_who_leaves_in_the_middle_leaves_a_part(server: FileServer, tmp_path: Path) -> None:
    class Left(BaseException):
        """As Streamlit stops a script."""

    def leave(done: int, total: int) -> None:
        raise Left

    with pytest.raises(Left):
        fetch(server.url, tmp_path, leave)
    assert files(tmp_path) == [f"{NAME}.part"]
    assert fetch(server.url, tmp_path).read_bytes() == CONTENT


def test_parts_that_nobody_went_on_with_are_deleted(server: FileServer, tmp_path: Path) -> None:
    for name, age in (("old.part", download.STALE_SECONDS + 60), ("young.part", 60)):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    fetch(server.url, tmp_path)
    assert files(tmp_path) == [NAME, "young.part"]


@pytest.mark.parametrize("name", [NAME, f"mnasnet1.0_top1_73.512-{DIGEST}86.pth", f"a-b_c-{DIGEST}.pth"])
def test_the_hash_is_read_from_the_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    assert has_hash(path, f"x-{DIGEST}.pth")
    assert has_hash(path, name) == (DIGEST in name and not name.startswith("mnasnet"))


def test_a_name_without_a_hash_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ValueError, match="no hash"):
        has_hash(tmp_path / "file", "weights.pth")

"""A data folder of one's own, and a server of files on this machine that misbehaves as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from explorer import data


@dataclass
class FileServer:
    """Files by path, what was asked for, and what goes wrong."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)  # path, and the range asked for
    cuts: list[int] = field(default_factory=list)  # how many bytes of each coming answer are sent before it breaks off
    statuses: list[int] = field(default_factory=list)  # what each coming answer is instead of the file
    knows_ranges: bool = True


@pytest.fixture
def file_server() -> Iterator[FileServer]:
    state = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.requests.append((self.path, wanted))
            content = state.files.get(self.path)
            if state.statuses:
                self.send_error(state.statuses.pop(0))
            elif content is None:
                self.send_error(404)
            else:
                self._send(content, wanted if state.knows_ranges else None)

        def _send(self, content: bytes, wanted: str | None) -> None:
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            if wanted and start >= len(content):
                self.send_error(416)
                return
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self.wfile.write(content[start : start + state.cuts.pop(0)] if state.cuts else content[start:])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for data sets, empty; pictures that were loaded before and after are forgotten."""
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
    data.load.cache_clear()
    yield tmp_path / "data"
    data.load.cache_clear()

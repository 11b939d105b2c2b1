"""A server on this machine that gives one file, and cuts, lies, refuses or is slow where a test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer(ThreadingHTTPServer):
    """Gives `content` under `name`; the test says what goes wrong."""

    daemon_threads = True
    cut_after: int | None = None  # bytes of each answer
    knows_ranges = True
    status = 200

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.name = content, name
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/models/{self.name}"


@contextmanager
def serving(content: bytes, name: str) -> Iterator[FileServer]:
    """Serve until the end of the block."""
    server = FileServer(content, name)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        wanted = self.headers["Range"]
        self.server.ranges.append(wanted)
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.knows_ranges else 0
        body = self.server.content[begin:]
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        if wanted and begin >= len(self.server.content):
            self.send_error(416)
            return
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut_after])

    def log_message(self, *_: object) -> None:
        pass

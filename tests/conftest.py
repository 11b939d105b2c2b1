"""What several tests need: the app's server, and a browser where there is a Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests, and say so, where there is no browser."""
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="there is no Chromium on this machine (apt-get install chromium)")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on a free port, with a data folder of its own; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    folder = tmp_path_factory.mktemp("server")
    log, environment = folder / "log", {**os.environ, "EXPLORER_DATA": str(folder)}
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process, log)
            yield address
        finally:
            workers = psutil.Process(process.pid).children()  # they would outlive it
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for worker in workers:
                _end(worker)


def _end(process: psutil.Process) -> None:
    try:
        process.terminate()
        process.wait(20)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        process.kill()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"The server died:\n{log.read_text()}") from None
    raise RuntimeError(f"The server did not answer within a minute:\n{log.read_text()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless browser, for one file of tests: while Playwright is open, no other test can run an event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _is_error(message: Any) -> bool:
    """Streamlit's own page looks for its server under the deep link's path first, and gets two 404s for it."""
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


@pytest.fixture
def open_tab(chromium: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Opens fresh tabs at the app, each of another visitor; errors on their consoles fail the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_one(**how: Any) -> Any:
        contexts.append(chromium.new_context(base_url=server, **{"viewport": {"width": 1440, "height": 900}, **how}))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda message: errors.append(message.text) if _is_error(message) else None)
        return tab

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def page(open_tab: Callable[..., Any]) -> Any:
    """A fresh tab at the app."""
    return open_tab()

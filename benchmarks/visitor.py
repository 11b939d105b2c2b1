"""What the benchmarks of pages share: a server of their own, a browser, and how long a page takes to answer."""

from __future__ import annotations

import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WAIT = 60_000  # milliseconds
_IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
QUIET = 200  # milliseconds without a message, after which an answer is complete
# Runs before the page's own scripts: when did the server last say something?
_LISTEN = """window.WebSocket = class extends WebSocket {
  constructor(...how) {
    super(...how);
    this.addEventListener('message', () => setTimeout(() => (window.heard = performance.now())));
  }
};"""
# Watches inside the page, where even a rerun of a few milliseconds is seen: it ends when the last of what the server
# sends is there, and the page shows that its script has ended. A rerun can be too short for the page to show it at all.
_WATCH = """quiet => {
  const app = document.querySelector('[data-testid=stApp]');
  const begun = performance.now();
  let ended = begun;
  const observer = new MutationObserver(() => (ended = performance.now()));
  observer.observe(app, { attributeFilter: ['data-test-script-state'] });
  window.answered = new Promise((done, failed) => {
    const look = () => {
      const [now, last] = [performance.now(), Math.max(window.heard, ended)];
      const isOver = window.heard > begun && now > last + quiet && app.dataset.testScriptState === 'notRunning';
      if (isOver) done(last - begun);
      else if (now > begun + 60000) failed(new Error('no answer within a minute'));
      else setTimeout(look, 20);
    };
    look();
  });
}"""


@contextmanager
def starting_server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the app on a free port, and end it and the workers that it starts; it may not answer yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        workers = psutil.Process(process.pid).children()  # they would outlive it
        process.send_signal(signal.SIGINT)
        process.wait(30)
        for worker in workers:
            with suppress(psutil.NoSuchProcess):
                worker.terminate()
                worker.wait(30)


@contextmanager
def server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the app, and wait until it answers."""
    with starting_server() as (address, process):
        wait_for_server(address, process)
        yield address, process


def wait_for_server(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"The server ended with {process.returncode}.")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


def warm_page(browser: Browser, address: str) -> Page:
    """Return a page at Explore, once the server has warmed up."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(_LISTEN)
    page.goto(f"{address}/explore")
    wait_for_metric(page, "7.00 M")
    page.wait_for_timeout(8000)
    return page


def wait_for_metric(page: Page, value: str = "") -> None:
    page.get_by_test_id("stMetricValue").filter(has_text=value).first.wait_for(timeout=WAIT)


def timed(page: Page, act: Callable[[Page], Any]) -> float:
    """Return the seconds from an action to the script's end, with its results on the page."""
    page.wait_for_function(_IDLE, timeout=WAIT)
    page.wait_for_timeout(50)
    page.evaluate(_WATCH, QUIET)
    act(page)
    return page.evaluate("window.answered") / 1000


def step(page: Page, label: str, key: str = "ArrowUp") -> None:
    """Raise the number of a field by one, or lower it."""
    page.get_by_label(label, exact=True).first.press(key)
    page.get_by_label(label, exact=True).first.press("Enter")


def open_tab(page: Page, view: str) -> None:
    page.get_by_role("tab", name=view).click()


def click_choice(page: Page, label: str) -> None:
    """Choose one of the segments of a control."""
    page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()


def report(what: str, seconds: Sequence[float]) -> None:
    print(f"{what:44}{1000 * statistics.median(seconds):>7.0f} ms{1000 * max(seconds):>7.0f} ms", flush=True)

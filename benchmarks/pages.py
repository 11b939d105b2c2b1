"""How long a visitor waits, in a real browser: for the first page of a fresh server, and for each control.

Chromium and the server share the machine here, so a visitor with a machine of their own waits less.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
NETWORKS = ("vgg16", "resnet50", "googlenet", "densenet201", "efficientnet_b7", "swin_v2_b", "preact_resnet1001")
REPEATS = 5
IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"

# Watches inside the page, where even a rerun of a few milliseconds is seen.
WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const begun = performance.now();
  window.answered = new Promise((done, failed) => {
    setTimeout(() => failed(new Error('no answer within a minute')), 60000);
    new MutationObserver(() => {
      if (app.dataset.testScriptState === 'notRunning') done(performance.now() - begun);
    }).observe(app, { attributeFilter: ['data-test-script-state'] });
  });
}"""


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, shared by Chromium and the server")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for _ in range(3):
            begun = time.perf_counter()
            with server() as address:
                print_start(browser, address, begun)
        with server() as address:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            wait_for_server(address)
            page.goto(f"{address}/explore")
            wait_for_metric(page, "7.00 M")
            page.wait_for_timeout(8000)  # the rest of the warm-up
            print_controls(page, address)
            print_blocks(page, address)
            print_compare(page, address)
            print_convolution(page, address)
            print_claims(page, address)
        browser.close()


@contextmanager
def server() -> Iterator[str]:
    """Start the app on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def print_start(browser: Browser, address: str, begun: float) -> None:
    page = browser.new_page()
    wait_for_server(address)
    asked = time.perf_counter() - begun
    page.goto(f"{address}/explore", wait_until="commit")
    page.get_by_text("Network", exact=True).first.wait_for(timeout=60_000)
    controls = time.perf_counter() - begun
    wait_for_metric(page, "7.00 M")
    usable = time.perf_counter() - begun
    painted = asked + page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    print(
        f"from `streamlit run` to the first paint {painted:.1f} s, to the first controls {controls:.1f} s, "
        f"to a usable page {usable:.1f} s"
    )
    page.close()


def wait_for_server(address: str) -> None:
    while True:
        with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
            return
        time.sleep(0.02)


def wait_for_metric(page: Page, value: str) -> None:
    page.get_by_test_id("stMetricValue").filter(has_text=value).first.wait_for(timeout=60_000)


def print_controls(page: Page, address: str) -> None:
    print(f"{'Explore, control':44}{'median':>10}{'slowest':>10}")
    for name in NETWORKS:
        page.goto(f"{address}/explore?arch={name}")
        page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
        settle(page)
        report(f"{name}: batch", [timed(page, partial(step, label="Batch")) for _ in range(REPEATS)])
        report(f"{name}: depth of the table", [timed(page, other_depth(at)) for at in range(REPEATS)])
    for view in ("Charts", "Diagram", "Memory", "Story", "Layers"):
        report(f"{NETWORKS[-1]}: tab {view}", [timed(page, partial(open_tab, view=view))])


def print_blocks(page: Page, address: str) -> None:
    print(f"{'Blocks, control':44}{'median':>10}{'slowest':>10}")
    for name in ("inception", "residual", "dense", "inverted_residual"):
        page.goto(f"{address}/blocks?b_block={name}")
        page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
        report(f"{name}: slider", [timed(page, move_slider) for _ in range(REPEATS)])
    for view in ("Formulas", "Code", "Compared"):
        report(f"{name}: tab {view}", [timed(page, partial(open_tab, view=view))])


def print_compare(page: Page, address: str) -> None:
    print(f"{'Compare, control':44}{'median':>10}{'slowest':>10}")
    page.goto(f"{address}/compare")
    page.locator(".sheet tbody tr").first.wait_for(timeout=60_000)
    for preset in ("ILSVRC winners", "Small networks", "VGG against"):
        report(f"preset {preset}", [timed(page, partial(choose, preset=preset))])
    for view in ("Charts", "Structure", "Table"):
        report(f"tab {view}", [timed(page, partial(open_tab, view=view))])
    begun = time.perf_counter()
    open_tab(page, "Choose")
    page.get_by_role("button", name="Measure their latency").wait_for(timeout=600_000)
    report("all networks analyzed, once a server", [time.perf_counter() - begun])
    report("chooser: slider", [timed(page, move_slider) for _ in range(REPEATS)])
    report("tab Accuracy", [timed(page, partial(open_tab, view="Accuracy"))])


def print_convolution(page: Page, address: str) -> None:
    print(f"{'Convolution, control':44}{'median':>10}{'slowest':>10}")
    page.goto(f"{address}/convolution")
    page.locator(".st-key-picture-after svg").wait_for(timeout=60_000)
    for label in ("Bias", "Stride"):
        report(f"picture: {label.lower()}", [timed(page, partial(step, label=label)) for _ in range(3)])
    views = ("Step by step", "Channels", "Pooling", "Flattening", "Receptive field", "Picture")
    rounds = [[timed(page, partial(open_tab, view=view)) for view in views] for _ in range(REPEATS)]
    for view, seconds in zip(views, zip(*rounds, strict=True), strict=True):
        report(f"tab {view}", list(seconds))
    page.goto(f"{address}/convolution?lesson=Receptive+field&start=vgg")
    slider = page.get_by_role("slider", name="Seen behind layer")
    slider.wait_for(timeout=60_000)
    report("receptive field: layer", [timed(page, lambda _: slider.press("ArrowLeft")) for _ in range(REPEATS)])


def print_claims(page: Page, address: str) -> None:
    print(f"{'Claims, control':44}{'median':>10}{'slowest':>10}")
    page.goto(f"{address}/claims")
    page.locator(".card").first.wait_for(timeout=60_000)
    for verdict in ("True", "Roughly", "Depends", "False"):
        clicks = [timed(page, partial(click, button=verdict)) for _ in range(4)]
        report(f"verdict {verdict.lower()}, on and off", clicks)


def settle(page: Page) -> None:
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(300)


def timed(page: Page, act: Callable[[Page], Any]) -> float:
    """Seconds from an action to the script's end, with its results on the page."""
    settle(page)
    page.evaluate(WATCH)
    act(page)
    return page.evaluate("window.answered") / 1000


def step(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).first.press("ArrowUp")
    page.get_by_label(label, exact=True).first.press("Enter")


def move_slider(page: Page) -> None:
    page.get_by_role("slider").first.press("ArrowRight")


def choose(page: Page, preset: str) -> None:
    page.get_by_test_id("stButtonGroup").get_by_text(preset).click()


def other_depth(at: int) -> Callable[[Page], None]:
    level = ("Stages", "Layers", "Blocks")[at % 3]
    return lambda page: page.get_by_test_id("stButtonGroup").get_by_text(level, exact=True).click()


def open_tab(page: Page, view: str) -> None:
    page.get_by_role("tab", name=view).click()


def click(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def report(what: str, seconds: list[float]) -> None:
    print(f"{what:44}{1000 * statistics.median(seconds):>7.0f} ms{1000 * max(seconds):>7.0f} ms", flush=True)


if __name__ == "__main__":
    main()

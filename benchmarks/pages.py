"""How long a visitor waits, in a real browser: for the first page of a fresh server, and for controls of other pages.

Explore's controls, with all networks, are in explore_controls.py. Chromium and the server share the machine here, so a
visitor with a machine of their own waits less.
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from functools import partial

from playwright.sync_api import Browser, Page
from visitor import (
    chromium,
    open_tab,
    report,
    server,
    starting_server,
    step,
    timed,
    wait_for_metric,
    wait_for_server,
    warm_page,
)

REPEATS = 5


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, shared by Chromium and the server")
    with chromium() as browser:
        for _ in range(3):
            begun = time.perf_counter()
            with starting_server() as (address, process):
                print_start(browser, address, process, begun)
        with server() as (address, _process):
            page = warm_page(browser, address)
            print_blocks(page, address)
            print_compare(page, address)
            print_convolution(page, address)
            print_claims(page, address)


def print_start(browser: Browser, address: str, process: subprocess.Popen[bytes], begun: float) -> None:
    page = browser.new_page()
    wait_for_server(address, process)
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


def move_slider(page: Page) -> None:
    page.get_by_role("slider").first.press("ArrowRight")


def choose(page: Page, preset: str) -> None:
    page.get_by_test_id("stButtonGroup").get_by_text(preset).click()


def click(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


if __name__ == "__main__":
    main()

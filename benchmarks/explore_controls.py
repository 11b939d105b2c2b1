"""How long each control of Explore takes to answer, with every network, in a real browser.

python benchmarks/explore_controls.py [--networks vgg16 ...] [--only "tab Charts" ...]

The server has had its minute, in which it analyzes all networks as published; one class more than that (or less) makes
another network of each, which is analyzed and traced while one waits, and all that follows is asked for the first time.
A time runs from the key or click to the end of the page's script, with its results on the page. Chromium and the server
share the machine here, so a visitor with a machine of their own waits less.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from functools import partial

from playwright.sync_api import Page
from visitor import chromium, click_choice, open_tab, server, step, timed, warm_page

from explorer import registry

GOAL_SECONDS = 0.5
AHEAD_SECONDS = 90  # in which the server analyzes all networks
SLOWEST = 3  # that are named


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", default=registry.names())
    parser.add_argument(
        "--only", nargs="+", default=[*controls()], help="of the controls, besides the choice of network"
    )
    args = parser.parse_args()
    names = args.networks
    print(f"{platform.machine()}, {os.cpu_count()} cores, shared by Chromium and the server; {len(names)} networks")
    times: dict[str, dict[str, float]] = {}
    with server() as (address, _process), chromium() as browser:
        page = warm_page(browser, address)
        page.wait_for_timeout(1000 * AHEAD_SECONDS)
        for name in names:
            for control, seconds in measure(page, name, args.only).items():
                times.setdefault(control, {})[name] = seconds
    print(f"{'Explore, control':28}{'median':>10}{'95 %':>10}{'slowest':>10}  above {GOAL_SECONDS} s, the slowest")
    for control, of in times.items():
        report(control, of)


def measure(page: Page, name: str, chosen: Sequence[str]) -> dict[str, float]:
    """Return how long each control takes with a network that this server has not shown yet."""
    open_tab(page, "Layers")
    write_in(page, "Network", f"{registry.get(name).title} ({registry.get(name).year})")
    times = {"network": timed(page, lambda page: page.keyboard.press("Enter"))}
    arch = registry.get(name)
    for control, act in controls("ArrowUp" if arch.classes < arch.most_classes else "ArrowDown").items():
        if control in chosen:
            times[control] = timed(page, act)
    return times


def controls(to_other_classes: str = "ArrowUp") -> dict[str, Callable[[Page], None]]:
    """Return what to do with the page, in this order; it ends as it began."""
    return {
        "classes": partial(step, label="Classes", key=to_other_classes),
        "batch": partial(step, label="Batch"),
        "batch, again": partial(step, label="Batch"),
        "optimizer": partial(pick, label="Optimizer", choice="SGD"),
        "precision": partial(pick, label="Precision", choice="bfloat16"),
        "depth: stages": partial(click_choice, label="Stages"),
        "depth: layers": partial(click_choice, label="Layers"),
        "depth: blocks": partial(click_choice, label="Blocks"),
        "search": partial(search, text="conv"),
        "search: all again": partial(search, text=""),
        "tab Charts": partial(open_tab, view="Charts"),
        "charts: MACs": partial(click_choice, label="MACs"),
        "charts: parameters": partial(click_choice, label="Parameters"),
        "charts: running sum": partial(click_choice, label="Running sum"),
        "charts: maps": partial(click_choice, label="Maps"),
        "charts: treemap": partial(click_choice, label="Treemap"),
        "charts: by layer": partial(click_choice, label="By layer"),
        "tab Story": partial(open_tab, view="Story"),
        "tab Diagram": partial(open_tab, view="Diagram"),
        "diagram: heat by MACs": partial(click_choice, label="MACs"),
        "diagram: every layer": partial(click_choice, label="Every layer"),
        "diagram: by kind": partial(click_choice, label="Kind"),
        "diagram: blocks": partial(click_choice, label="Blocks"),
        "tab Memory": partial(open_tab, view="Memory"),
        "tab Code": partial(open_tab, view="Code"),
        "tab Audit": partial(open_tab, view="Audit"),
        "tab Layers": partial(open_tab, view="Layers"),
        "optimizer, again": partial(pick, label="Optimizer", choice="Adam"),
        "precision, again": partial(pick, label="Precision", choice="float32"),
    }


def write_in(page: Page, label: str, text: str) -> None:
    """Type into a list of choices, so that the next key chooses."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(text)
    page.get_by_role("option", name=text, exact=True).wait_for()


def pick(page: Page, label: str, choice: str) -> None:
    write_in(page, label, choice)
    page.keyboard.press("Enter")


def search(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Search").fill(text)
    page.keyboard.press("Enter")


def report(control: str, times: dict[str, float]) -> None:
    slow = sorted((name for name in times if times[name] > GOAL_SECONDS), key=lambda name: -times[name])
    ordered = sorted(times.values())
    figures = (statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[-1])
    named = ", ".join(f"{name} {times[name]:.2f}" for name in slow[:SLOWEST])
    print(f"{control:28}" + "".join(f"{1000 * value:>7.0f} ms" for value in figures) + f"  {len(slow) or ''} {named}")


if __name__ == "__main__":
    main()

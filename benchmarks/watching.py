"""How soon thirty viewers see a step of a run, and what that costs the server.

One viewer is a real Chromium at the Train page; the others ask as its live curves do (explorer/ui/live_curves.js): for
what is new, 250 ms after the last answer. The run that they watch is played here by the recorder that workers use, so
that the moment of each step is known; a real one trains on the same machine meanwhile, unless `--idle` is given. A
poller has seen a step when its answer is read, Chromium when the frame with the longer curve is drawn.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

import psutil
from playwright.sync_api import Page
from visitor import chromium, server

from explorer import settings
from explorer.training import RunSpec
from explorer.training.events import Event
from explorer.training.recorder import Recorder
from explorer.training.records import Record
from explorer.training.store import Store

PAUSE_SECONDS = 0.25  # between two looks, as in live_curves.js
STEP_SECONDS = 0.25  # between two events, the most often that a run tells of itself
# Note when a longer curve is on the screen: each new step, and the time of the frame after the one that found it drawn.
WATCH = """() => {
  const plot = document.querySelector(".curves .panel"), seen = (window.seen = []);
  let known = plot.data[0].x.length;
  const look = () => {
    const fresh = plot.data[0].x.slice(known);
    known += fresh.length;
    if (fresh.length) requestAnimationFrame((now) => {
      for (const step of fresh) seen.push([step, (performance.timeOrigin + now) / 1000]);
    });
    requestAnimationFrame(look);
  };
  look();
}"""


@dataclass
class Viewer:
    """What one viewer has seen, and when: step -> seconds since 1970."""

    seen: dict[int, float] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)  # seconds that the server took


def main() -> None:
    arguments = _parse()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPLORER_DATA"] = folder
        store = Store(settings.database_url())
        run = _claim(store)
        with server() as (address, process), chromium() as browser:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            with Played(store, run) as played:
                page.goto(f"{address}/train?run={run.id}")
                page.wait_for_selector(".curves .panel .js-line", timeout=120_000)
                page.wait_for_timeout(8000)  # the rest of the server's warm-up
                if not arguments.idle:
                    _train_beside(page)
                _measure(arguments, address, process, run, page, played)
        store.close()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--idle", action="store_true", help="train no run meanwhile")
    return parser.parse_args()


def _claim(store: Store) -> Record:
    """Return a run that no worker takes, because this process has."""
    store.add(RunSpec("lenet5_modern", "digits", steps=100_000), "benchmark", "Watched", settings.limits())
    run = store.claim("benchmark")
    assert run is not None
    return run


class Played:
    """A run that does nothing but tell of its steps, as often as runs do; `told` says when it told of which."""

    def __init__(self, store: Store, run: Record) -> None:
        self.told: dict[int, float] = {}
        self._recorder = Recorder(store, run, store.rewind(run, -1))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play)

    def __enter__(self) -> Played:
        self._recorder.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        self._recorder.__exit__(*error)

    def _play(self) -> None:
        begun, step = time.time(), 0
        while not self._ended.wait(STEP_SECONDS):
            step += 1
            self.told[step] = time.time()
            loss, seconds = 2.3 * 0.99**step, time.time() - begun
            self._recorder.tell(Event(step, 1, seconds, loss, 1 - loss / 2.3, learning_rate=0.1, images_per_second=100))


def _train_beside(page: Page) -> None:
    """Start a real run in a tab of its own, and wait until it trains."""
    tab = page.context.new_page()
    tab.goto(f"{page.url.partition('?')[0]}?t_for=steps&t_amount=1000000")
    tab.locator(".st-key-train button").first.click(timeout=60_000)
    tab.wait_for_selector(".curves .panel .js-line", timeout=120_000)
    tab.close()


def _measure(
    arguments: argparse.Namespace,
    address: str,
    process: subprocess.Popen[bytes],
    run: Record,
    page: Page,
    played: Played,
) -> None:
    page.evaluate(WATCH)
    pollers = [Viewer() for _ in range(arguments.viewers - 1)]
    until = time.time() + arguments.seconds
    server_process = psutil.Process(process.pid)
    before, first_step = server_process.cpu_times(), max(played.told) + 1
    threads = [threading.Thread(target=_poll, args=(address, run.id, viewer, until)) for viewer in pollers]
    for thread in threads:
        time.sleep(PAUSE_SECONDS / len(threads))  # not all at the same moment
        thread.start()
    page.wait_for_timeout(arguments.seconds * 1000)
    for thread in threads:
        thread.join()
    after = server_process.cpu_times()
    cpu = (after.user - before.user + after.system - before.system) / arguments.seconds
    screen = Viewer(dict(page.evaluate("window.seen")))
    print(f"{platform.machine()}, {os.cpu_count()} cores, shared by the server, Chromium and the pollers", end="")
    print(f"; {'nothing else runs' if arguments.idle else 'a run trains meanwhile'}; load {os.getloadavg()[0]:.1f}\n")
    print(f"{'viewers':24}{'seen a second':>14}{'median':>10}{'95 %':>10}{'worst':>10}")
    _print_row("Chromium, on screen", [screen], played, first_step, arguments.seconds)
    _print_row(f"{len(pollers)} pollers, answered", pollers, played, first_step, arguments.seconds)
    answers = [seconds for viewer in pollers for seconds in viewer.answers]
    print(f"\n{len(answers) / arguments.seconds:.0f} requests a second, answered in ", end="")
    print(f"{1000 * statistics.median(answers):.1f} ms (median); the server takes {100 * cpu:.0f} % of a core")


def _poll(address: str, run_id: str, viewer: Viewer, until: float) -> None:
    """Ask as a browser does, until then."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    since = None
    while time.time() < until:
        asked = time.perf_counter()
        connection.request("GET", f"/api/runs/{run_id}?since={since or 0}")
        answer = json.loads(connection.getresponse().read())
        viewer.answers.append(time.perf_counter() - asked)
        if since is not None:  # the first answer is the past
            viewer.seen |= {event["step"]: time.time() for event in answer["events"]}
        since = answer["next"]
        if not answer["is_behind"]:
            time.sleep(PAUSE_SECONDS)
    connection.close()


def _print_row(name: str, viewers: list[Viewer], played: Played, first_step: int, seconds: float) -> None:
    late = sorted(
        at - played.told[step] for viewer in viewers for step, at in viewer.seen.items() if step >= first_step
    )
    rate = len(late) / len(viewers) / seconds
    shown = (statistics.median(late), late[int(0.95 * len(late))], late[-1])
    print(f"{name:24}{rate:>14.1f}" + "".join(f"{1000 * value:>7.0f} ms" for value in shown))


if __name__ == "__main__":
    main()

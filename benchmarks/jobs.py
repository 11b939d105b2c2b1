"""How long a run takes to start and to stop, and how long pages take to answer while one trains.

LeNet-5 on digits, as the Train page asks for it; a cluster of its own, SQLite, a web server in a process of its own.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
from visitor import server

from explorer.training.contact import Contact
from explorer.training.estimate import predict_seconds
from explorer.training.jobs import Jobs, connect
from explorer.training.records import Record, Visitor
from explorer.training.spec import RunSpec
from explorer.training.trials import Pace, Trial

ME = Visitor("benchmark")
SHORT = RunSpec("lenet5_modern", "digits", epochs=1)
LONG = RunSpec("lenet5_modern", "digits", epochs=9_000)
TRIED = (  # of networks that were not trained before
    RunSpec("lenet5", "digits", epochs=20, batch_size=64),
    RunSpec("resnet20", "digits", epochs=4, batch_size=64, input_size=32),
    RunSpec("squeezenet1_1", "digits", epochs=1, batch_size=32, input_size=64),
    RunSpec("mobilenet_v3_small", "digits", epochs=1, batch_size=32, input_size=64),
)
REPEATS = 7
REQUESTS = 200


def main() -> None:
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before the start")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPLORER_DATA"] = folder
        with closing(connect()) as jobs:
            try:
                print_starts(jobs)
                print_stops(jobs)
                print_forecasts(jobs)
                with server() as (address, process):
                    wait_for(lambda: is_quiet(process.pid))
                    print_answers(jobs, address)
            finally:
                end_cluster(Path(folder) / "cluster")


def print_starts(jobs: Jobs) -> None:
    """Print how long it takes from the click to the first point of the curve."""
    cold = measure_start(jobs)
    warm = [measure_start(jobs) for _ in range(REPEATS)]
    print(f"first point, cold {cold:6.2f} s (target 15)")
    print(f"first point, warm {statistics.median(warm):6.2f} s (median of {REPEATS}, most {max(warm):.2f}; target 2)")


def print_forecasts(jobs: Jobs) -> None:
    """Print how long runs are said to take after their steps were tried out, and how long they take."""
    for spec in TRIED:
        begun = time.perf_counter()
        pace = wait_for_pace(jobs, spec)
        waited = time.perf_counter() - begun
        predicted = predict_seconds(spec, pace)
        run = jobs.submit(spec, ME)
        wait_for_end(jobs, run)
        ended = jobs.get(run.id)
        taken = (ended.ended_at or 0) - (ended.started_at or 0)
        print(f"{run.name:44} tried out in {waited:4.1f} s: {predicted:6.1f} s predicted, {taken:6.1f} s taken")


def wait_for_pace(jobs: Jobs, spec: RunSpec) -> Pace:
    wait_for(lambda: jobs.try_out(spec) != Trial())
    trial = jobs.try_out(spec)
    if trial.pace is None:
        raise RuntimeError(trial.problem)
    return trial.pace


def measure_start(jobs: Jobs) -> float:
    begun = time.perf_counter()
    run = jobs.submit(SHORT, ME)
    wait_for(lambda: '"train_loss"' in (jobs.feed.read(run.id, 0) or ""))
    seconds = time.perf_counter() - begun
    wait_for_end(jobs, run)
    return seconds


def print_stops(jobs: Jobs) -> None:
    """Print how long it takes from the click on Stop until the run has ended, its checkpoint kept."""
    taken = []
    for _ in range(REPEATS):
        run = start_long(jobs)
        begun = time.perf_counter()
        jobs.stop(run.id, ME)
        wait_for_end(jobs, run)
        taken.append(time.perf_counter() - begun)
    print(f"stopped           {statistics.median(taken):6.2f} s (median of {REPEATS}, most {max(taken):.2f}; target 1)")


def print_answers(jobs: Jobs, address: str) -> None:
    """Print how long the server takes to answer while no run trains and while one does, by turns."""
    ended = jobs.latest(1)[0]
    for name, path in (("page", "/explore"), ("curve", f"/api/runs/{ended.id}?since=0")):
        idle, busy = [], []
        for _ in range(REPEATS):
            idle.append(measure_answer(address + path))
            run = start_long(jobs)
            busy.append(measure_answer(address + path))
            jobs.stop(run.id, ME)
            wait_for_end(jobs, run)
        before, during = statistics.median(idle), statistics.median(busy)
        print(
            f"GET {name:5s} {before * 1e3:6.1f} ms, {during * 1e3:.1f} ms while one trains: {during / before:.2f} times"
        )


def measure_answer(address: str) -> float:
    """Return the median time of an answer in seconds."""
    taken = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        with urllib.request.urlopen(address) as answer:
            answer.read()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def start_long(jobs: Jobs) -> Record:
    """Return a run that trains."""
    run = jobs.submit(LONG, ME)
    wait_for(lambda: len(jobs.events(run.id)) > 3)
    return run


def is_quiet(pid: int) -> bool:
    """Return whether a process has done next to nothing for a second: its warm-up is over."""
    return psutil.Process(pid).cpu_percent(interval=1.0) < 5


def wait_for_end(jobs: Jobs, run: Record) -> None:
    wait_for(lambda: not jobs.get(run.id).is_under_way)


def wait_for(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 300
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError("nothing happened for 300 s")
        time.sleep(0.01)


def end_cluster(folder: Path) -> None:
    for file in folder.glob("*.json"):
        contact = Contact.read(file)
        if contact is not None:
            process = psutil.Process(contact.pid)
            process.terminate()
            psutil.wait_procs([process], timeout=30)


if __name__ == "__main__":
    main()

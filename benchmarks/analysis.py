"""How long an analysis takes, over every registered network, beside torchinfo on real tensors, in one run.

Each network is analyzed once with empty caches, then built for real and summarized by torchinfo with a forward pass.
Run it on a quiet machine: `python benchmarks/analysis.py`. A number behind it limits the networks to every n-th.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import statistics
import sys
import time

import torch
import torchinfo

from explorer import registry
from explorer.analysis import analyze, meta_device, summary


def main() -> None:
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    names = registry.names()[::every]
    analyze("lenet5")
    analyze("vgg11")  # torchvision is imported
    gc.collect()
    gc.freeze()
    before = _peak_mebibytes()
    ours = {name: _seconds_of_ours(name) for name in names}
    growth = _peak_mebibytes() - before
    theirs = {name: _seconds_of_torchinfo(name) for name in names}
    _print(ours, theirs, growth)


def _seconds_of_ours(name: str) -> float:
    summary._analyze.cache_clear()
    meta_device._built.cache_clear()
    start = time.perf_counter()
    analyze(name)
    return time.perf_counter() - start


def _seconds_of_torchinfo(name: str) -> float:
    arch = registry.get(name)
    start = time.perf_counter()
    torchinfo.summary(arch.build(), input_size=(1, *arch.input_size), verbose=0, depth=9, mode="eval", device="cpu")
    return time.perf_counter() - start


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print(ours: dict[str, float], theirs: dict[str, float], growth: float) -> None:
    ratios = [theirs[name] / ours[name] for name in ours]
    print(f"{len(ours)} networks; {platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}")
    print(f"{'':28}{'median':>10}{'95th percentile':>18}{'largest':>10}")
    for title, seconds in (("analyze(), uncached", ours), ("torchinfo, real tensors", theirs)):
        found = sorted(seconds.values())
        high = found[int(0.95 * len(found))]
        print(f"{title:28}{_ms(statistics.median(found)):>10}{_ms(high):>18}{_ms(found[-1]):>10}")
    medians = statistics.median(theirs.values()) / statistics.median(ours.values())
    print(f"torchinfo / analyze(): {medians:.1f} times between the medians, {statistics.median(ratios):.1f} in the")
    print(f"median of the networks' own ratios, {min(ratios):.1f} for the network with the least")
    print(f"peak memory of the process grew by {growth:.0f} MiB over all analyses")
    slowest = sorted(ours, key=lambda name: ours[name])[-5:]
    print("slowest:", ", ".join(f"{name} {_ms(ours[name])}" for name in slowest))


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


if __name__ == "__main__":
    main()

"""How long a network takes for one batch on a device of this machine, measured, and kept for later visitors."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from threading import Lock
from typing import TYPE_CHECKING

from explorer import registry
from explorer.settings import data_folder

if TYPE_CHECKING:
    import torch
    from torch import nn

LEAST_RUNS = 20
_WARM_UP_RUNS = 3
_WARM_UP_SECONDS = 0.3  # the least, so that clocks have risen and kernels are chosen
_one_at_a_time = Lock()  # two measurements at once would slow each other down


@dataclass(frozen=True)
class Latency:
    """The time of one forward pass: the median of `runs`, and between which times eight of ten lie.

    Weights are random, which costs as much time as trained ones. Pictures have the height and width `side`; `torch` is
    the version that ran, since another takes another time.
    """

    name: str
    device: str
    torch: str
    side: int
    batch_size: int
    seconds: float
    fastest_tenth: float
    slowest_tenth: float
    runs: int


def devices() -> tuple[str, ...]:
    """Return what torch can measure on here, the fastest first: "cuda:0", "cpu"."""
    import torch

    return (*(f"cuda:{place}" for place in range(torch.cuda.device_count())), "cpu")


def device_name(device: str) -> str:
    """Return what a device is called, as "NVIDIA H100 80GB HBM3" or "AMD EPYC 7763, 1 thread"."""
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{_processor()}, {threads} {'thread' if threads == 1 else 'threads'}"


def _processor() -> str:
    """The name of the processor as Linux gives it; elsewhere, what Python knows."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def measure_latency(
    name: str,
    *,
    device: str = "cpu",
    batch_size: int = 1,
    runs: int = LEAST_RUNS,
    side: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Latency:
    """Return the measured latency of a registered network with random weights.

    The network runs in evaluation mode until it is warm, then `runs` times, each timed until the device is done.
    Pictures have the height and width `side`, the network's own for None. `progress` is told the share that is done.
    Measurements wait for each other. Fewer than 20 runs, or a side that it cannot take, raise ValueError.
    """
    import torch

    if runs < LEAST_RUNS:
        raise ValueError(f"The median is of at least {LEAST_RUNS} runs, not {runs}.")
    arch = registry.get(name)
    size = None if side is None else (arch.input_size[0], side, side)
    size = arch.check_input_size(size, arch.defaults)
    with _one_at_a_time, torch.inference_mode():
        with torch.device(device):
            network = arch.build().eval()
            pictures = torch.randn(batch_size, *size)
        _warm_up(network, pictures)
        seconds = []
        for done in range(runs):
            seconds.append(_time(network, pictures))
            if progress is not None:
                progress((done + 1) / runs)
    tenths = quantiles(seconds, n=10)
    version = str(torch.__version__)
    return Latency(
        name, device_name(device), version, size[1], batch_size, median(seconds), tenths[0], tenths[-1], runs
    )


def _warm_up(network: nn.Module, pictures: torch.Tensor) -> None:
    start, done = time.perf_counter(), 0
    while done < _WARM_UP_RUNS or time.perf_counter() - start < _WARM_UP_SECONDS:
        _time(network, pictures)
        done += 1


def _time(network: nn.Module, pictures: torch.Tensor) -> float:
    _wait_for(pictures)
    start = time.perf_counter()
    network(pictures)
    _wait_for(pictures)
    return time.perf_counter() - start


def _wait_for(pictures: torch.Tensor) -> None:
    """Wait until a GPU has done all that it was given; a CPU always has."""
    import torch

    if pictures.is_cuda:
        torch.cuda.synchronize(pictures.device)


# What was measured is kept in the data folder, a line of JSON each, with the name of the device


def _file() -> Path:
    return data_folder() / "latencies.jsonl"


def keep(latency: Latency) -> None:
    """Keep a measurement for later visitors, and for the next start of the app."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().open("a") as file:
        file.write(f"{json.dumps(asdict(latency))}\n")


def kept(device: str) -> dict[tuple[str, int], Latency]:
    """Return the latest measurements of single pictures on a device with this torch, by network and side."""
    import torch

    here = device_name(device), str(torch.__version__), 1
    lines = _file().read_text().splitlines() if _file().exists() else []
    found: dict[tuple[str, int], Latency] = {}
    for line in lines:
        with suppress(ValueError, TypeError):  # cut short by a crash, or of an earlier version of the app
            one = Latency(**json.loads(line))
            if (one.device, one.torch, one.batch_size) == here:
                found[one.name, one.side] = one
    return found

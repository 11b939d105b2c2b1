"""The device that trains: which one, how much memory it has free, how much a run takes."""

from __future__ import annotations

from pathlib import Path

import psutil
import torch

CGROUP = Path("/sys/fs/cgroup")  # version 2: what a container may use


def choose_device(name: str | None = None) -> torch.device:
    """Return the device of this name, or the best there is for None: CUDA, then Apple's MPS, then the CPU."""
    if name is not None:
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def layout(device: torch.device) -> torch.memory_format:
    """Return how feature maps lie in memory: with channels last convolutions are faster, except on Apple's GPUs."""
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


def describe(device: torch.device) -> str:
    """Return what the device is called: "NVIDIA H100 80GB HBM3", "Apple GPU (MPS)", "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU (MPS)"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' * (threads > 1)}"


def free_bytes(device: torch.device) -> int:
    """Return the bytes that a run can still take."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
        return torch.cuda.mem_get_info(device)[0]
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    return int(min(psutil.virtual_memory().available, _left_to_container()))


def synchronize(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _left_to_container() -> float:
    """Return the bytes that the container's limit leaves (files it has read give way), infinite without a limit."""
    try:
        limit = (CGROUP / "memory.max").read_text().strip()
        used = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
    except FileNotFoundError:
        return float("inf")
    return float("inf") if limit == "max" else int(limit) - int(used["anon"])

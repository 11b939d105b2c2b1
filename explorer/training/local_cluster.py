"""The cluster of our own: Dask's scheduler, and a worker for each device, as one group of processes on this machine.

`python -m explorer.training.local_cluster FILE IDLE_SECONDS RUNS_PER_DEVICE` is its main process: the scheduler, and
the nannies that start a worker again when it dies. It writes into the file how to reach it, for the web server that
started it and for those that come after, and ends itself when it has been idle.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import dask
from dask.system import CPU_COUNT
from distributed import Nanny, Scheduler
from distributed.security import Security
from filelock import FileLock, Timeout

from explorer.training.contact import Contact

LOCK_SECONDS = 20  # for a cluster before this one to end


class Slot(NamedTuple):
    """What a worker trains on: the Dask resource it declares, and the environment that shows it its device alone."""

    resource: str  # "GPU" or "CPU"
    environment: dict[str, str]


def find_slots(runs_per_device: int) -> list[Slot]:
    """Return a slot for each run that the devices of this machine take at once. It does not import torch."""
    gpus = _find_gpus()
    if gpus:
        slots = [Slot("GPU", {"CUDA_VISIBLE_DEVICES": gpu}) for gpu in gpus]
    else:
        slots = [Slot("GPU" if _is_apple() else "CPU", {})]
    slots = slots * runs_per_device
    threads = str(max(1, (CPU_COUNT - 1) // len(slots)))  # one core is left for the web server
    counts = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), threads)  # torch asks MKL, where Dask says one
    return [slot._replace(environment=slot.environment | counts) for slot in slots]


async def lead(file: Path, idle_seconds: float, runs_per_device: int) -> None:
    """Be the cluster until it is idle, until a worker cannot be started, or until the process is asked to end."""
    security = Security.temporary()  # other users of this machine have no business with it
    me = asyncio.current_task()
    assert me is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
    async with AsyncExitStack() as stack:
        scheduler = await stack.enter_async_context(_scheduler(security))
        nannies = [_nanny(scheduler.address, slot, security) for slot in find_slots(runs_per_device)]
        await asyncio.gather(*(stack.enter_async_context(nanny) for nanny in nannies))
        Contact.mine(scheduler.address, security).write(file)
        scheduler.idle_since, scheduler.idle_timeout = time.time(), idle_seconds  # it was not idle while it started
        try:
            ends = [asyncio.ensure_future(server.finished()) for server in (scheduler, *nannies)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            file.unlink(missing_ok=True)


def _scheduler(security: Security) -> Scheduler:
    return Scheduler(
        host="127.0.0.1",
        port=0,
        protocol="tls",
        security=security,
        dashboard_address="127.0.0.1:0",
        dashboard=False,
    )


def _nanny(address: str, slot: Slot, security: Security) -> Nanny:
    return Nanny(
        address,
        nthreads=1,
        resources={slot.resource: 1},
        preload=["explorer.training.worker", "explorer.training.background"],
        env=slot.environment,
        security=security,
        host="127.0.0.1",
        memory_limit=0,  # Dask would kill a worker at 95 % of its share, without a word
        dashboard=False,
        protocol="tls",
    )


def _find_gpus() -> list[str]:
    """Return the NVIDIA GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name.strip() for name in visible.split(",") if name.strip() not in ("", "-1")]
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    found = subprocess.run([program, "--list-gpus"], capture_output=True, text=True, check=False)
    gpus = [line for line in found.stdout.splitlines() if line.startswith("GPU ")]  # not the slices of one (MIG)
    return [str(i) for i in range(len(gpus))] if found.returncode == 0 else []


def _is_apple() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"


def main(file: str, idle_seconds: str, runs_per_device: str) -> None:
    """Be the cluster of this file, unless there is one."""
    # The profiler looks at the training thread a hundred times a second.
    dask.config.set({"distributed.worker.profile.enabled": False})
    try:
        with FileLock(Path(file).with_suffix(".lock"), timeout=LOCK_SECONDS), suppress(asyncio.CancelledError):
            asyncio.run(lead(Path(file), float(idle_seconds), int(runs_per_device)))
    except Timeout:
        print("There is such a cluster already.", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])

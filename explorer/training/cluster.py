"""The Dask cluster that trains: one of our own on this machine, or any other by its address."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from explorer.training.records import JobError
from explorer.training.worker import Setting, take_turn

if TYPE_CHECKING:
    from distributed import Client
    from distributed.security import Security

IDLE_SECONDS = 15 * 60.0  # after which a cluster of our own ends
ANSWER_SECONDS = 10.0
RESOURCES = ("GPU", "CPU")  # a cluster with GPUs trains on GPUs only


class ClusterError(JobError):
    """The cluster cannot be reached or started."""


class Entrance(NamedTuple):
    """Where a scheduler listens, and what lets one in; None: what Dask's own configuration says."""

    address: str
    security: Security | None = None


class Cluster(Protocol):
    """What trains."""

    def enter(self) -> Entrance | None:
        """Return how to reach it; None while it starts. ClusterError says why there is none."""


class GivenCluster:
    """A cluster that someone else looks after."""

    def __init__(self, address: str) -> None:
        self._entrance = Entrance(address)

    def enter(self) -> Entrance:
        return self._entrance


class OwnCluster:
    """A group of processes on this machine, started when it is first needed. It outlives this process."""

    def __init__(self, folder: Path, runs_per_device: int = 1, idle_seconds: float = IDLE_SECONDS) -> None:
        self._folder, self._runs_per_device, self._idle_seconds = folder, runs_per_device, idle_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._has_started = False

    def enter(self) -> Entrance | None:
        from explorer.training.contact import Contact, fingerprint

        file = self._folder / f"{fingerprint()}.json"  # other code has another: a worker keeps what it once imported
        contact = Contact.read(file)
        if contact is not None:
            self._has_started = True
            return Entrance(contact.address, contact.security)
        if self._process is not None and self._process.poll() is not None:  # it has ended, or never was
            code, self._process = self._process.returncode, None
            if code != 0 and not self._has_started:
                raise ClusterError(f"The training workers did not start: {self._last_words()}")
        if self._process is None:
            self._process, self._has_started = self._start(file), False
            threading.Thread(target=self._process.wait, daemon=True).start()  # lest it stays a zombie when it ends
            import distributed  # noqa: F401 (it takes a second, which the processes need anyway)
        return None

    def _start(self, file: Path) -> subprocess.Popen[bytes]:
        """Start the processes in a session of their own: neither Ctrl-C nor the end of this process reaches them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        arguments = (str(file), str(self._idle_seconds), str(self._runs_per_device))
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "explorer.training.local_cluster", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": path, "DASK_LOGGING__DISTRIBUTED": "warning"},
                start_new_session=True,
            )

    @property
    def _log(self) -> Path:
        return self._folder / "cluster.log"

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "they left no word."


def knock(entrance: Entrance, setting: Setting) -> int:
    """Have the cluster's idle workers look into the queue; return how many runs the cluster takes at once.

    Each worker is given turns for its slots and one to spare: that one waits until a slot is free, so a run that is
    queued just when a turn ends is found too. ClusterError says that the scheduler does not answer.
    """
    from distributed import Client, fire_and_forget

    try:
        with Client(
            entrance.address, security=entrance.security, timeout=ANSWER_SECONDS, set_as_default=False
        ) as client:
            resource, slots = _find_slots(client)
            device = "cpu" if resource == "CPU" else None
            turns = client.processing()
            for worker, count in slots.items():
                for _ in range(count + 1 - len(turns.get(worker, ()))):
                    fire_and_forget(
                        client.submit(
                            take_turn,
                            setting._replace(device=device),
                            key=f"turn-{uuid.uuid4().hex}",
                            resources={resource: 1},
                            workers=[worker],
                            allow_other_workers=True,
                        )
                    )
            return sum(slots.values())
    except (OSError, TimeoutError) as error:
        raise ClusterError(f"The training cluster at {entrance.address} does not answer.") from error


def _find_slots(client: Client) -> tuple[str, dict[str, int]]:
    """Return the resource that runs take here, and how many of them each worker has."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    if not workers:
        raise ClusterError("No training worker is there at the moment; it waits for one.")
    for resource in RESOURCES:
        slots = {address: math.floor(worker["resources"].get(resource, 0)) for address, worker in workers.items()}
        slots = {address: count for address, count in slots.items() if count}
        if slots:
            return resource, slots
    raise ClusterError("The training cluster has no worker that declares a GPU or a CPU.")

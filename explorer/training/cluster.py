"""The Dask cluster that trains: one of our own on this machine, or any other by its address."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from explorer.training.records import JobError
from explorer.training.worker import Setting, read_ticket, take_turn

if TYPE_CHECKING:
    from distributed import Client
    from distributed.security import Security

IDLE_SECONDS = 15 * 60.0  # after which a cluster of our own ends
ANSWER_SECONDS = 10.0
RESOURCES = ("GPU", "CPU")  # a cluster with GPUs trains on GPUs only

log = logging.getLogger(__name__)


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

        # Other code has another cluster, since a worker keeps what it once imported; and so have other settings.
        file = self._folder / f"{fingerprint()}-{self._runs_per_device}.json"
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


def knock(entrance: Entrance, setting: Setting, ticket: int) -> int:
    """Have the cluster's idle workers look into the queue; return how many runs the cluster takes at once.

    `ticket` is the latest that was drawn from the queue: workers that have not heard of it look into another one.
    ClusterError says why no worker can be had.
    """
    try:
        return asyncio.run(_knock(entrance, setting, ticket))  # a loop of its own: whatever fails, it leaves nothing
    except ClusterError:
        raise
    except (OSError, TimeoutError) as error:
        raise ClusterError(f"The training cluster at {entrance.address} does not answer.") from error
    except Exception as error:
        log.warning("Knocking at %s broke off: %r", entrance.address, error)  # every two seconds, so in one line
        raise ClusterError(f"The training cluster at {entrance.address} cannot be asked: {error}") from error


async def _knock(entrance: Entrance, setting: Setting, ticket: int) -> int:
    """Give each worker turns for its slots and one to spare.

    That one waits until a slot is free, so a run that is queued just when a turn ends is found too.
    """
    from distributed import Client, fire_and_forget
    from distributed.comm.addressing import get_address_host_port

    get_address_host_port(entrance.address)  # raises ValueError, where a client would leave half of itself
    client = Client(
        entrance.address,
        security=entrance.security,
        timeout=ANSWER_SECONDS,
        set_as_default=False,
        asynchronous=True,
    )
    try:
        await client
        resource, slots = await _find_slots(client)
        setting = setting._replace(device="cpu" if resource == "CPU" else None)
        turns = await client.processing()
        for worker, count in slots.items():
            for _ in range(count + 1 - len(turns.get(worker, ()))):
                fire_and_forget(
                    client.submit(
                        take_turn,
                        setting,
                        key=f"turn-{uuid.uuid4().hex}",
                        resources={resource: 1},
                        workers=[worker],
                        allow_other_workers=True,
                    )
                )
        await _check_queues(client, list(slots), setting, ticket)
        return sum(slots.values())
    finally:
        await client.close()  # also one that did not connect


async def _check_queues(client: Client, workers: Sequence[str], setting: Setting, ticket: int) -> None:
    """Raise ClusterError for a worker that looks into another queue than this process, or into none."""
    seen = await client.run(read_ticket, setting.database, workers=list(workers), on_error="return")
    for worker, found in seen.items():
        if isinstance(found, BaseException):
            raise ClusterError(f"The training worker at {worker} cannot use the database of runs. {found}")
        if found < ticket:
            raise ClusterError(
                f"The training worker at {worker} sees another database of runs than this server; give "
                "EXPLORER_DATABASE and EXPLORER_ARTIFACTS an address that all machines reach."
            )


async def _find_slots(client: Client) -> tuple[str, dict[str, int]]:
    """Return the resource that runs take here, and how many of them each worker has."""
    assert client.scheduler is not None  # it is connected
    workers = (await client.scheduler.identity(n_workers=-1))["workers"]
    if not workers:
        raise ClusterError("No training worker is there at the moment; it waits for one.")
    for resource in RESOURCES:
        slots = {address: math.floor(worker["resources"].get(resource, 0)) for address, worker in workers.items()}
        slots = {address: count for address, count in slots.items() if count}
        if slots:
            return resource, slots
    raise ClusterError("The training cluster has no worker that declares a GPU or a CPU.")

"""A cluster of our own for the tests, and the jobs of a web server that uses it."""

from __future__ import annotations

from pathlib import Path

import psutil

from explorer.settings import Limits
from explorer.training.artifacts import Artifacts
from explorer.training.caretaker import Caretaker
from explorer.training.cluster import OwnCluster
from explorer.training.contact import Contact
from explorer.training.jobs import Jobs
from explorer.training.records import Record
from explorer.training.store import Store
from explorer.training.worker import Setting


class Server:
    """What a web server has to do with runs. Several may share a database, a place for files and a cluster."""

    def __init__(self, database: str, files: str, cluster_folder: Path, idle_seconds: float = 300.0) -> None:
        self.store = Store(database)
        cluster = OwnCluster(cluster_folder, idle_seconds=idle_seconds)
        caretaker = Caretaker(self.store, cluster, Setting(database, files, 3600, None), silence_seconds=5.0)
        self.jobs = Jobs(self.store, Artifacts(files), caretaker, Limits())
        caretaker.start()

    def run(self, run_id: str) -> Record:
        return self.jobs.get(run_id)

    def close(self) -> None:
        """End all runs, and go."""
        for run in self.store.under_way():
            self.store.request_stop(run.id)
        self.jobs.close()


def leaders(cluster_folder: Path) -> list[psutil.Process]:
    """Return the leading process of each cluster that runs: one, unless someone edits the code during the tests."""
    contacts = [Contact.read(file) for file in cluster_folder.glob("*.json")]
    return [psutil.Process(contact.pid) for contact in contacts if contact is not None]


def processes(cluster_folder: Path) -> list[psutil.Process]:
    """Return all processes of the clusters that run, a leading one first."""
    return [process for lead in leaders(cluster_folder) for process in (lead, *lead.children(recursive=True))]


def worker(cluster_folder: Path) -> psutil.Process:
    """Return the process that trains: the one of low priority."""
    return next(process for process in processes(cluster_folder) if process.nice() > 0)


def end(cluster_folder: Path) -> list[psutil.Process]:
    """End the clusters, and return which of their processes are still there."""
    found = processes(cluster_folder)
    for leader in leaders(cluster_folder):
        leader.terminate()
    _, left = psutil.wait_procs(found, timeout=30)
    return [process for process in left if process.status() != psutil.STATUS_ZOMBIE]

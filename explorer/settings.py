"""Where things are kept, as the environment says. Every setting has a default that needs nothing installed."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


def data_folder() -> Path:
    """Return the folder for data sets and pretrained weights: EXPLORER_DATA, or one in the user's cache."""
    given = os.environ.get("EXPLORER_DATA")
    return Path(given).expanduser() if given else _cache() / "cnn-explorer"


def database_url() -> str:
    """Return where runs are kept, as SQLAlchemy has it: EXPLORER_DATABASE, or a SQLite file in the data folder."""
    return os.environ.get("EXPLORER_DATABASE") or f"sqlite:///{data_folder() / 'runs.sqlite'}"


def artifacts_url() -> str:
    """Return where checkpoints are kept, as fsspec has it: EXPLORER_ARTIFACTS, or a folder in the data folder."""
    return os.environ.get("EXPLORER_ARTIFACTS") or str(data_folder() / "runs")


def scheduler_address() -> str | None:
    """Return the address of the Dask cluster that trains: EXPLORER_SCHEDULER; None: one of our own, on this machine."""
    return os.environ.get("EXPLORER_SCHEDULER") or None


def teacher_key() -> str | None:
    """Return what a teacher proves to be one with: EXPLORER_TEACHER_KEY; None: there is no teacher."""
    return os.environ.get("EXPLORER_TEACHER_KEY") or None


@dataclass(frozen=True)
class Limits:
    """What one visitor can ask of the machine that all share."""

    run_seconds: int = 3600  # EXPLORER_RUN_SECONDS: the longest that a run trains
    runs_per_person: int = 8  # EXPLORER_RUNS_PER_PERSON: waiting and under way
    queue_length: int = 60  # EXPLORER_QUEUE_LENGTH: runs that wait, of all visitors
    upload_mebibytes: int = 100  # EXPLORER_UPLOAD_MEBIBYTES: pictures of one's own
    runs_per_device: int = 1  # EXPLORER_RUNS_PER_DEVICE: at once, in the cluster of our own


def limits() -> Limits:
    """Return the limits. A setting that is no whole number from 1 raises ValueError."""
    defaults = Limits()
    return Limits(**{name: _whole(f"EXPLORER_{name.upper()}", default) for name, default in vars(defaults).items()})


def _whole(name: str, default: int) -> int:
    given = os.environ.get(name)
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or int(given) == 0:
        raise ValueError(f"{name} is a whole number from 1, not {given!r}.")
    return int(given)


def _cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")

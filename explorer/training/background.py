"""Preloaded by workers that share their machine with the web server: it comes first. They have started by then."""

from __future__ import annotations

import os
from typing import Any

NICENESS = 10


def dask_setup(worker: Any) -> None:
    """Lower the priority of this process."""
    os.nice(NICENESS)

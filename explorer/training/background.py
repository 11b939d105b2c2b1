"""Preloaded by workers that share their machine with the web server: it comes first. They have started by then."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

NICENESS = 10
SESSION = Path("/proc/self/autogroup")  # where Linux has it: it weighs sessions first, then processes within each


def dask_setup(worker: Any) -> None:
    """Lower the priority of this process, and of the session of its cluster against the web server's."""
    os.nice(NICENESS)
    with suppress(OSError):
        SESSION.write_text(str(NICENESS))

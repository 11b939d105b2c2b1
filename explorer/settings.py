"""Where things are kept, as the environment says. Every setting has a default that needs nothing installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Return the folder for data sets and pretrained weights: EXPLORER_DATA, or one in the user's cache."""
    given = os.environ.get("EXPLORER_DATA")
    return Path(given).expanduser() if given else _cache() / "cnn-explorer"


def _cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")

"""Training in this process: what to train, and the events of doing it. torch is imported when training starts."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.training.checkpoint import Checkpoint
    from explorer.training.device import choose_device
    from explorer.training.events import CannotTrainError, Event, Plan
    from explorer.training.loop import fit
    from explorer.training.report import Report
    from explorer.training.spec import RunSpec

__all__ = ["CannotTrainError", "Checkpoint", "Event", "Plan", "Report", "RunSpec", "choose_device", "fit"]

_HOMES = {
    "CannotTrainError": "events",
    "Checkpoint": "checkpoint",
    "Event": "events",
    "Plan": "events",
    "Report": "report",
    "RunSpec": "spec",
    "choose_device": "device",
    "fit": "loop",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)

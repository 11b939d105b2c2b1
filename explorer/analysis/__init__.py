"""Exact analysis of networks. torch is imported when one of the names below is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.analysis.memory import largest_batch, training_memory
    from explorer.analysis.summary import analyze, receptive_fields

__all__ = ["analyze", "largest_batch", "receptive_fields", "training_memory"]

_HOMES = {"analyze": "summary", "receptive_fields": "summary", "training_memory": "memory", "largest_batch": "memory"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)

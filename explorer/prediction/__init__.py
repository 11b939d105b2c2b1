"""What trained networks say about a picture, and why. torch is imported when one of the names below is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.pictures import BadImage, decode_image
    from explorer.prediction.answer import classify

__all__ = ["BadImage", "classify", "decode_image"]

_HOMES = {
    "BadImage": "explorer.pictures",
    "classify": "explorer.prediction.answer",
    "decode_image": "explorer.pictures",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)

"""What trained networks say about a picture, and why. torch is imported when one of the names below is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.prediction.answer import classify
    from explorer.prediction.images import BadImage, decode_image

__all__ = ["BadImage", "classify", "decode_image"]

_HOMES = {"BadImage": "images", "classify": "answer", "decode_image": "images"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)

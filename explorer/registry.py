"""The one list of architectures. Importing it does not import torch; building a network does."""

from __future__ import annotations

import difflib

from explorer.architecture import Architecture
from explorer.catalogue import (
    alexnet,
    densenet,
    efficientnet,
    inception,
    lenet,
    mobilenet,
    nin,
    resnet,
    squeezenet,
    torchvision_zoo,
    vgg,
    xception,
    zfnet,
)

_FAMILIES = (
    lenet,
    alexnet,
    zfnet,
    nin,
    vgg,
    inception,
    resnet,
    squeezenet,
    densenet,
    xception,
    mobilenet,
    efficientnet,
    torchvision_zoo,
)
_BY_NAME: dict[str, Architecture] = {
    arch.name: arch
    for arch in sorted(
        (arch for family in _FAMILIES for arch in family.ARCHITECTURES), key=lambda arch: arch.paper.published
    )
}


def names() -> tuple[str, ...]:
    """Return every registered name, in the order of publication."""
    return tuple(_BY_NAME)


def get(name: str) -> Architecture:
    """Return the architecture of this name. An unknown name raises KeyError with the nearest names."""
    if not isinstance(name, str) or name not in _BY_NAME:
        near = difflib.get_close_matches(str(name), _BY_NAME, n=3, cutoff=0.4)
        hint = f"Did you mean {', '.join(near)}?" if near else "The list of networks has all names."
        raise KeyError(f"There is no network called {name!r}. {hint}")
    return _BY_NAME[name]


def families() -> tuple[str, ...]:
    """Return the titles of the families, in the order of their first publication."""
    return tuple(dict.fromkeys(arch.family for arch in _BY_NAME.values()))

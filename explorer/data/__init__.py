"""Labelled pictures to train on. Importing it imports neither torch nor numpy; loading a data set does."""

from __future__ import annotations

import difflib
from functools import lru_cache

from explorer.data import embedded, own_pictures, torchvision_sets
from explorer.data.datasets import BadArchiveError, Dataset, MissingDataError, Tensors

__all__ = ["BadArchiveError", "Dataset", "MissingDataError", "Tensors", "get", "load", "names"]

_BY_NAME = {dataset.name: dataset for dataset in (embedded.DIGITS_SET, *torchvision_sets.DATASETS)}


def names() -> tuple[str, ...]:
    """Return the name of every data set, here already or not, but for those that people gave."""
    return tuple(_BY_NAME)


def get(name: str) -> Dataset:
    """Return the data set of this name. An unknown name raises KeyError with the nearest names."""
    if isinstance(name, str) and own_pictures.is_own(name):
        return own_pictures.get(name)
    try:
        return _BY_NAME[name]
    except KeyError:
        near = difflib.get_close_matches(name, _BY_NAME, n=3, cutoff=0.4)
        hint = f"Did you mean {', '.join(near)}?" if near else f"There are {', '.join(_BY_NAME)}."
        raise KeyError(f"There is no data set called {name!r}. {hint}") from None


# A worker trains on the same pictures again and again. What is kept takes little: the embedded sets are up to 52 MiB,
# and the others are views of their files. Pictures in another size are not kept: they can be a thousand times as large.
@lru_cache(maxsize=2)
def load(name: str) -> Tensors:
    """Return the pictures of a data set in their own size. Do not write to them.

    One that is not on this machine raises MissingDataError, which says what to do.
    """
    return get(name).load()

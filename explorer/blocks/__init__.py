"""The blocks one can edit, built from the families' own modules. Importing it does not import torch.

Every number is that of the module built on the meta device; formulas stand beside it, and the tests hold them to it.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Any

from explorer.analysis.rows import Analysis, Shape
from explorer.architecture import OptionValue
from explorer.blocks.auxiliary_head import AUXILIARY_HEAD
from explorer.blocks.c3_table import C3_TABLE
from explorer.blocks.construction import Call
from explorer.blocks.dense import DENSE
from explorer.blocks.fire import FIRE
from explorer.blocks.inception import INCEPTION
from explorer.blocks.inception_factorised import INCEPTION_FACTORISED
from explorer.blocks.inception_v3 import INCEPTION_V3_MODULE
from explorer.blocks.inverted_residual import INVERTED_RESIDUAL
from explorer.blocks.mlpconv import MLPCONV
from explorer.blocks.normalisation import NORMALISATION
from explorer.blocks.record import Block
from explorer.blocks.residual import RESIDUAL
from explorer.blocks.separable import SEPARABLE
from explorer.blocks.small_filters import SMALL_FILTERS

__all__ = ["Block", "analyze", "get", "names", "rivals"]

_BLOCKS = (
    C3_TABLE,
    MLPCONV,
    SMALL_FILTERS,
    INCEPTION,
    AUXILIARY_HEAD,
    NORMALISATION,
    INCEPTION_FACTORISED,
    INCEPTION_V3_MODULE,
    RESIDUAL,
    FIRE,
    DENSE,
    SEPARABLE,
    INVERTED_RESIDUAL,
)
_BY_NAME: dict[str, Block] = {block.name: block for block in _BLOCKS}


def names() -> tuple[str, ...]:
    """Return the name of every block, in the order of publication."""
    return tuple(_BY_NAME)


def get(name: str) -> Block:
    """Return the block of this name. An unknown name raises KeyError with the nearest names."""
    try:
        return _BY_NAME[name]
    except KeyError:
        near = difflib.get_close_matches(name, _BY_NAME, n=3, cutoff=0.4)
        hint = f"Did you mean {', '.join(near)}?" if near else "The list of blocks has all names."
        raise KeyError(f"There is no block called {name!r}. {hint}") from None


def analyze(name: str, **options: Any) -> Analysis:
    """Analyze a block on the meta device. Results are cached.

    An unknown name raises KeyError; an option that is not allowed, or options that make no block, ValueError.
    """
    block = get(name)
    values = block.check(options)
    return _analyze(name, block.title, block.construct(values), block.input_shape(values), tuple(values.items()))


def rivals(name: str, **options: Any) -> dict[str, Analysis]:
    """Analyze the other ways to do what a block does, at the same input; return them by their titles."""
    block = get(name)
    values = block.check(options)
    shape = block.input_shape(values)
    return {title: _analyze(name, title, made, shape) for title, made in block.rivals(values).items()}


@lru_cache(maxsize=1024)
def _analyze(
    name: str, title: str, construction: Call, input_shape: Shape, options: tuple[tuple[str, OptionValue], ...] = ()
) -> Analysis:
    import torch

    from explorer.analysis.summary import summarize

    with torch.device("meta"):
        module = construction.build()
    return summarize(module, input_shape, name=name, title=title, options=options)

"""Grids of numbers as HTML tables: brighter or darker by size, in one hue for plus and one for minus."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np

from explorer.convolution import Numbers
from explorer.ui.panel import make_panel
from explorer.units import MINUS

CSS = Path(__file__).with_name("grids.css").read_text()
show_boards = make_panel("explorer_boards", CSS)
Mark = Callable[[int, int], str]  # (row, column) -> CSS classes


def number(value: float) -> str:
    """Return a number as it stands in a cell: whole, or with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", MINUS)


def grid(values: Numbers, caption: str, note: str = "", *, small: bool = False, mark: Mark | None = None) -> str:
    """Return one table with its caption; `mark` gives a cell further classes."""
    largest = max(float(np.abs(values).max()), 1e-9)
    cells = {place: _cell(value, largest, mark(*place) if mark else "") for place, value in np.ndenumerate(values)}
    height, width = values.shape
    rows = "".join(f"<tr>{''.join(cells[row, column] for column in range(width))}</tr>" for row in range(height))
    under = f"<small>{escape(note)}</small>" if note else ""
    return (
        f'<figure class="board"><figcaption>{escape(caption)}{under}</figcaption>'
        f'<table class="grid{" small" if small else ""}"><tbody>{rows}</tbody></table></figure>'
    )


def _cell(value: float, largest: float, classes: str) -> str:
    sign = "plus" if value > 0 else "minus" if value < 0 else ""
    return (
        f'<td class="{f"{sign} {classes}".strip()}" style="--v:{100 * abs(value) / largest:.0f}%">{number(value)}</td>'
    )


def boards(*figures: str) -> str:
    """Return grids side by side."""
    return f'<div class="boards">{"".join(figures)}</div>'


def legend(*entries: tuple[str, str]) -> str:
    """Return what classes of cells mean: pairs of class and words."""
    shown = "".join(f'<span><i class="{name}"></i>{escape(words)}</span>' for name, words in entries)
    return f'<div class="legend">{shown}</div>'

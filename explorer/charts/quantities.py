"""The numbers that every row has, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer import units
from explorer.analysis.grouping import Group
from explorer.analysis.rows import Analysis, BlockRow, LayerRow

if TYPE_CHECKING:
    from explorer.comparison.candidates import Candidate


@dataclass(frozen=True)
class Quantity:
    """One of the numbers that every row has."""

    field: str  # of LayerRow, BlockRow, Group and Analysis
    word: str
    axis: str
    scale: int  # what the axis counts in
    tick_format: str
    text: Callable[[int], str]  # rounded
    exact: Callable[[int], str]

    def of(self, row: LayerRow | BlockRow | Group | Analysis | Candidate) -> int:
        value: int = getattr(row, self.field)
        return value

    @property
    def heading(self) -> str:
        """The word at the start of a sentence or a column: "Parameters", "MACs"."""
        return self.axis.split(" (")[0]

    @property
    def column(self) -> str:
        """The heading of a table's column, which holds exact numbers."""
        return f"{self.heading} (bytes)" if self.scale > 1 else self.heading


QUANTITIES = {
    "params": Quantity(
        "params", "parameters", "Parameters", 1, "~s", units.short, lambda n: f"{units.exact(n)} parameters"
    ),
    "macs": Quantity(
        "macs", "MACs", "MACs (multiply-accumulates)", 1, "~s", units.short, lambda n: f"{units.exact(n)} MACs"
    ),
    "activation_bytes": Quantity(
        "activation_bytes",
        "activation memory",
        "Activation memory (MiB)",
        2**20,
        ",~r",
        units.short_bytes,
        lambda n: f"{units.short_bytes(n)} ({units.exact(n)} bytes)",
    ),
}

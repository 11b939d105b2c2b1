"""An analysis as files: the rows as CSV, everything as JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields
from typing import Any

from explorer.analysis.rows import Analysis, LayerRow, ReceptiveField

_SEEN = {field.name: f"receptive_field_{field.name}" for field in fields(ReceptiveField)}
_COLUMNS = [field.name for field in fields(LayerRow) if field.name != "receptive_field"]


def rows_csv(analysis: Analysis) -> str:
    """Return one line a row, in the order in which they run; the columns are the fields of `LayerRow`.

    The receptive field has a column for each of its own. Sizes are written as 64x112x112, with blanks between several.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, [*_COLUMNS, *_SEEN.values()], lineterminator="\n")
    writer.writeheader()
    for row in analysis.rows:
        cells = {name: _cell(getattr(row, name)) for name in _COLUMNS}
        seen = {column: _cell(getattr(row.receptive_field, name, None)) for name, column in _SEEN.items()}
        writer.writerow(cells | seen)
    return text.getvalue()


def analysis_json(analysis: Analysis) -> str:
    """Return the totals, the rows and the blocks."""
    return json.dumps({**asdict(analysis), "options": dict(analysis.options)}, indent=1)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, tuple):
        is_size = not any(isinstance(one, (tuple, str)) for one in value)
        return ("x" if is_size else " ").join(str(_cell(one)) for one in value)
    return value

"""An analysis as files: the rows as CSV, everything as JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields
from typing import Any

from explorer.analysis.rows import Analysis, LayerRow


def rows_csv(analysis: Analysis) -> str:
    """Return one line a row, in the order in which they run; the columns are the fields of `LayerRow`."""
    text = io.StringIO()
    names = [field.name for field in fields(LayerRow)]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in analysis.rows:
        writer.writerow({name: _cell(getattr(row, name)) for name in names})
    return text.getvalue()


def analysis_json(analysis: Analysis) -> str:
    """Return the totals, the rows and the blocks."""
    return json.dumps({**asdict(analysis), "options": dict(analysis.options)}, indent=1)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join("x".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value)
    if hasattr(value, "size"):  # a receptive field
        return "x".join(map(str, value.size))
    return value

"""The notes of a page, as one reads them."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest


def notes(app: AppTest) -> list[str]:
    """Return the warnings of a page, without the backslashes that keep Markdown out of them."""
    return [re.sub(r"\\(.)", r"\1", warning.value) for warning in app.warning]

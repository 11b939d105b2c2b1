"""Text that visitors give, where Streamlit would read it as Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str) -> str:
    """Return text in which no sign means anything but itself."""
    return _SIGNS.sub(r"\\\1", text)

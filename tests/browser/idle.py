"""What the tests of every page wait for in a browser."""

from __future__ import annotations

from typing import Any

WAIT = 120_000  # milliseconds; the first visit waits for torch, the first run for its workers, all on a shared machine
_IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"


def wait_until_idle(page: Any, part: Any = None) -> None:
    """Wait until this part of the page is there, if one is given, and the script idle; no error may stand there."""
    if part is not None:
        part.first.wait_for(timeout=WAIT)
    page.wait_for_function(_IDLE, timeout=WAIT)
    assert page.get_by_test_id("stException").count() == 0

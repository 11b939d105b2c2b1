"""What the server does before anybody asks for it."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from explorer.analysis import analyze, summary, training_memory
from explorer.analysis import memory as memory_module
from explorer.ui import warm_up


def fail(*_: Any) -> NoReturn:
    raise AssertionError("it was not known yet")


def test_networks_are_analyzed_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_up.registry, "names", lambda: ("lenet5", "zfnet"))
    monkeypatch.setattr(warm_up, "AHEAD_SHARE", 1.0)
    warm_up._analyze_ahead()
    for module in (summary, memory_module):
        monkeypatch.setattr(module, "network_on_meta", fail)
    for name in ("lenet5", "zfnet"):
        assert analyze(name).params == training_memory(name, batch_size=7, optimizer="adam").params // 4

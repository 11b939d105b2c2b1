"""What the tests of several pages need."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.comparison import candidates
from explorer.comparison.candidates import Survey

FEW = ("alexnet", "vgg16", "googlenet", "resnet20", "squeezenet1_1", "lenet5")


@pytest.fixture
def few_networks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A survey of a few networks, done, so that no test waits for all of them; and an empty data folder."""
    survey = Survey(FEW)
    survey.wait()
    monkeypatch.setattr(candidates, "survey", survey)
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))

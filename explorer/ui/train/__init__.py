"""The parts of the Train page."""

from pathlib import Path

VIEWS = ("Curves", "Results", "Experiments", "Runs", "Pictures")
STYLE = Path(__file__).with_name("train.css")

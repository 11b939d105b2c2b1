"""The parts of the Train page."""

from pathlib import Path

STYLE = Path(__file__).with_name("train.css")

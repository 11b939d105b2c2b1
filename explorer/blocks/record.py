"""The record that describes one block. Importing it does not import torch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.analysis.rows import Analysis
from explorer.architecture import Option, OptionValue, Paper, check_options
from explorer.blocks.construction import Call
from explorer.blocks.parts import Part

Values = Mapping[str, Any]  # every option of a block with its checked value
Rivals = Mapping[str, Analysis]  # what the block is compared with, by title


@dataclass(frozen=True)
class Preset:
    """Values of some options under one name; the others keep their defaults."""

    title: str
    values: Mapping[str, OptionValue]


def _nothing(values: Values) -> Any:
    return ()


def _fits(values: Values) -> str:
    return ""


def _no_rivals(values: Values) -> Mapping[str, Call]:
    return {}


@dataclass(frozen=True)
class Block:
    """One block that can be edited: what it is, what can be chosen, how it is built and what its numbers say."""

    name: str
    title: str
    paper: Paper
    explanation: str  # one paragraph
    options: tuple[Option, ...]
    construct: Callable[[Values], Call]
    parts: Callable[[Values], tuple[Part, ...]]
    sentences: Callable[[Values, Analysis, Rivals], tuple[str, ...]]  # to read out
    words: Mapping[str, str] = field(default_factory=dict)  # what the choices of text options are called
    presets: tuple[Preset, ...] = ()
    rivals: Callable[[Values], Mapping[str, Call]] = _no_rivals  # other ways to do the same, by title
    misfit: Callable[[Values], str] = _fits  # why these values make no block, in one sentence; "" where they do
    unused: Callable[[Values], Collection[str]] = _nothing  # options that these values leave without effect
    derived: Callable[[Values], dict[str, int]] = field(default=lambda values: {})  # sizes that formulas use besides
    in_channels: int | None = None  # where no option sets them

    @property
    def defaults(self) -> dict[str, OptionValue]:
        return {option.name: option.default for option in self.options}

    def check(self, given: Values) -> dict[str, OptionValue]:
        """Return every option with its checked value. Values that make no block raise ValueError with the reason."""
        values = check_options(self.title, self.options, given)
        if reason := self.misfit(values):
            raise ValueError(reason)
        return values

    def input_shape(self, values: Values) -> tuple[int, int, int, int]:
        """Return the shape of what the block reads, for one picture."""
        return (1, self.in_channels or values["in_channels"], values["size"], values["size"])

    def numbers(self, values: Values) -> dict[str, int]:
        """Return the values that formulas may use: whole numbers among the options, and what follows from them."""
        return {name: value for name, value in values.items() if type(value) is int} | self.derived(values)

"""The record that describes one architecture, and the options that it offers. Importing it does not import torch."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

OptionValue = bool | int | float | str


def is_whole(value: object) -> bool:
    """Whether this is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class Option:
    """One choice that a network offers; its type is that of its default.

    `choices` lists the words a text option may be (none: any text, checked by the builder); `least`, `most` and `step`
    bound a number.
    """

    name: str
    default: OptionValue
    help: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    step: float | None = None

    @property
    def type(self) -> type:
        return type(self.default)

    def check(self, value: Any) -> OptionValue:
        """Return the value in this option's type. A value it does not allow raises ValueError with what it does."""
        if self.type is bool:
            return self._check_bool(value)
        if self.type is str:
            return self._check_text(value)
        return self._check_number(value)

    def _check_bool(self, value: Any) -> bool:
        words = {"true": True, "1": True, "false": False, "0": False}
        found = words.get(str(value).lower())
        if found is None:
            raise ValueError(f"{self.name} is on or off (true or false), not {value!r}.")
        return found

    def _check_text(self, value: Any) -> str:
        if not isinstance(value, str) or (self.choices and value not in self.choices):
            allowed = " or ".join(self.choices) or "text"
            raise ValueError(f"{self.name} can be {allowed}, not {value!r}.")
        return value

    def _check_number(self, value: Any) -> float | int:
        try:
            number = self.type(value)
            whole = self.type is float or float(value) == number
        except (TypeError, ValueError, OverflowError):
            whole = False
        least = float("-inf") if self.least is None else self.least
        most = float("inf") if self.most is None else self.most
        if isinstance(value, bool) or not whole or not least <= number <= most:
            kind = "a whole number" if self.type is int else "a number"
            raise ValueError(f"{self.name} is {kind} from {self.least:g} to {self.most:g}, not {value!r}.")
        return number


def check_options(title: str, options: Sequence[Option], given: Mapping[str, Any]) -> dict[str, OptionValue]:
    """Return every option with its checked value. An unknown name or a bad value raises ValueError."""
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            offers = f"its options are {', '.join(known)}" if known else "it has no options"
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValueError(f"{title} has no option {name!r}: {offers}.{hint}")
    return {name: option.check(given.get(name, option.default)) for name, option in known.items()}


@dataclass(frozen=True)
class Paper:
    """Where a network was published; `published` is year and month of its first public version, as "2014-09"."""

    title: str
    authors: str
    published: str
    url: str


@dataclass(frozen=True)
class Result:
    """A published accuracy: errors in percent, with the way it was measured and where it stands.

    `options` are those of the network that was measured, where they are not the defaults.
    """

    dataset: str
    how: str
    source: str
    top1_error: float | None = None
    top5_error: float | None = None
    options: tuple[tuple[str, OptionValue], ...] = ()


@dataclass(frozen=True)
class Reference:
    """A published total that the analysis is tested against.

    `quantity` is "params", "macs" or "depth". Where the source rounds, `tolerance` is half its last digit, in the unit
    of the value.
    """

    quantity: str
    value: float
    source: str
    tolerance: float = 0
    options: tuple[tuple[str, OptionValue], ...] = ()


@dataclass(frozen=True)
class Architecture:
    """One network of the registry: what it is called, where it comes from, what it offers and how it is built."""

    name: str
    title: str
    family: str
    paper: Paper
    builder: str  # "module:function" under explorer.architectures
    input_size: tuple[int, int, int]  # (C, H, W)
    least_size: int  # the smallest height and width it takes
    size_rule: str  # completes "<title> ...": why it takes no smaller picture
    most_size: int | None = None  # the largest, where linear layers fix the size
    classes: int = 1000  # as published
    least_classes: int = 1
    most_classes: int = 100_000
    arguments: tuple[tuple[str, Any], ...] = ()  # what the builder is given besides classes and options
    options: tuple[Option, ...] = ()
    ideas: tuple[str, ...] = ()  # three to six sentences
    recipe: str = ""  # how the paper trained it
    results: tuple[Result, ...] = ()
    differences: tuple[str, ...] = ()  # from torchvision's network of this name, a sentence each
    references: tuple[Reference, ...] = ()
    torchvision: str | None = None  # torchvision's builder, where it builds exactly this network
    published_depth: int | None = None  # the paper's count, where it counts other layers too
    counterpart: str | None = None  # the registered name "as in torchvision", or "as published" behind a _tv name
    least_size_for: Callable[[Mapping[str, OptionValue]], int] | None = None  # where options move the least size
    most_size_for: Callable[[Mapping[str, OptionValue]], int | None] | None = None  # where options set a largest size

    @property
    def year(self) -> int:
        return int(self.paper.published[:4])

    @cached_property
    def defaults(self) -> dict[str, OptionValue]:
        return {option.name: option.default for option in self.options}

    def check_options(self, options: Mapping[str, Any] | None) -> dict[str, OptionValue]:
        """Return every option with its checked value. An unknown name or a bad value raises ValueError."""
        return check_options(self.title, self.options, options or {})

    def check_classes(self, num_classes: int | None) -> int:
        """Return the number of classes, the published one for None. One out of range raises ValueError."""
        if num_classes is None:
            return self.classes
        if not is_whole(num_classes):
            raise ValueError(f"The number of classes is a whole number, not {num_classes!r}.")
        if not self.least_classes <= num_classes <= self.most_classes:
            allowed = f"{self.least_classes:,} to {self.most_classes:,}"
            raise ValueError(f"{self.title} can have {allowed} classes, not {num_classes:,}.")
        return num_classes

    def size_range(self, options: Mapping[str, OptionValue]) -> tuple[int, int | None]:
        """Return the least and the largest height and width; None for no limit."""
        least = self.least_size_for(options) if self.least_size_for else self.least_size
        most = self.most_size_for(options) if self.most_size_for else self.most_size
        return least, most

    def check_input_size(
        self, input_size: tuple[int, int, int] | None, options: Mapping[str, OptionValue]
    ) -> tuple[int, int, int]:
        """Return (C, H, W), the published one for None. One that the network cannot take raises ValueError."""
        if input_size is None:
            return self.input_size
        if not isinstance(input_size, (tuple, list)) or len(input_size) != 3 or not all(map(is_whole, input_size)):
            raise ValueError(f"An input is three whole numbers, channels, height and width, not {input_size!r}.")
        channels, *sides = input_size
        if channels != self.input_size[0]:
            raise ValueError(f"{self.title} takes pictures with {self.input_size[0]} channels, not {channels}.")
        least, most = self.size_range(options)
        if min(sides) < least:
            raise ValueError(f"{self.title} {self.size_rule}; the least is {least}x{least}.")
        if most is not None and max(sides) > most:
            raise ValueError(f"{self.title} {self.size_rule}; the largest is {most}x{most}.")
        return (channels, sides[0], sides[1])

    def build(self, num_classes: int | None = None, **options: Any) -> nn.Module:
        """Build a fresh network with random weights on the current default device (`torch.device("meta")` too).

        A number of classes or an option that it does not allow raises ValueError.
        """
        module, function = self.builder.split(":")
        build = getattr(importlib.import_module(f"explorer.architectures.{module}"), function)
        classes, values = self.check_classes(num_classes), self.check_options(options)
        network: nn.Module = build(num_classes=classes, **dict(self.arguments), **values)
        return network

"""One network of a comparison with its own options and input size, and a comparison as one word of an address.

"vgg16-batch_norm-true~googlenet" is VGG-16 with batch norm beside GoogLeNet: networks stand between tildes, what
differs from the default between hyphens, as name and value. All of it passes through an address unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from explorer import registry
from explorer.architecture import Architecture, OptionValue
from explorer.units import TIMES

LEAST, MOST = 2, 8  # networks in one comparison
SIZE = "size"  # stands among the options for the height and width of the input
LONGEST_SIZE = 6  # digits
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_LONGEST = 16  # letters of a text option in a label
_ESCAPES = str.maketrans({"%": "%25", "-": "%2D", "~": "%7E", ".": "%2E", ",": "."})


@dataclass(frozen=True)
class Entry:
    """A network as it is compared.

    `changed` are the options that differ from their defaults; `size` is the input's height and width, None if as
    published.
    """

    name: str
    changed: tuple[tuple[str, OptionValue], ...] = ()
    size: int | None = None

    @property
    def arch(self) -> Architecture:
        return registry.get(self.name)

    @property
    def options(self) -> dict[str, OptionValue]:
        """Every option with its value."""
        return {**self.arch.defaults, **dict(self.changed)}

    @property
    def input_size(self) -> tuple[int, int, int]:
        channels, height, width = self.arch.input_size
        return (channels, self.size or height, self.size or width)

    @property
    def slug(self) -> str:
        """Its name in the address."""
        parts = [self.name]
        for name, value in self.changed:
            parts += [name, _written(value)]
        return "-".join([*parts, SIZE, str(self.size)] if self.size else parts)

    @property
    def label(self) -> str:
        """Its title, and what is changed: "VGG-16 (batch norm)"."""
        words = [_worded(name, value) for name, value in self.changed]
        words += [f"{self.size}{TIMES}{self.size}"] if self.size else []
        return f"{self.arch.title} ({', '.join(words)})" if words else self.arch.title

    def changed_to(self, name: str, value: Any) -> Entry:
        """Return the entry with another value of an option, or of SIZE. One that is not allowed raises ValueError.

        A size that does not fit the options any more goes back to the published one.
        """
        if name == SIZE:
            height = self.arch.input_size[1]
            return replace(self, size=None if value == height else int(value))
        options = self.arch.check_options({**self.options, name: value})
        defaults = self.arch.defaults
        changed = tuple((key, one) for key, one in options.items() if one != defaults[key])
        least, most = self.arch.size_range(options)
        fits = self.size is not None and least <= self.size <= (most or self.size)
        return Entry(self.name, changed, self.size if fits else None)

    def check(self) -> None:
        """Raise ValueError where the network does not take this input size."""
        self.arch.check_input_size(self.input_size, self.options)


def encode(entries: Iterable[Entry]) -> str:
    """Return entries as they stand in the address."""
    return "~".join(entry.slug for entry in entries)


def decode(text: str) -> tuple[Entry, ...]:
    """Return the entries that an address names; commas between plain names do too.

    Fewer than two or more than eight networks, an unknown network or option, or a bad value raises ValueError.
    """
    entries = tuple(dict.fromkeys(map(decode_one, split(text))))
    if not LEAST <= len(entries) <= MOST:
        raise ValueError(f"A comparison has {LEAST} to {MOST} different networks, not {len(entries)}.")
    return entries


def split(text: str) -> list[str]:
    """Return the names that an address holds, each with its options."""
    return text.split("~" if "~" in text else ",")


def decode_one(slug: str) -> Entry:
    """Return the entry of one network. An unknown name or a bad value raises ValueError."""
    name, *rest = slug.strip().split("-")
    try:
        arch = registry.get(name)
    except KeyError as error:
        raise ValueError(error.args[0]) from None
    if len(rest) % 2:
        raise ValueError(f"Behind {name} stand options and their values in turn, as in vgg16-batch_norm-true.")
    entry = Entry(name)
    for option, value in zip(rest[::2], rest[1::2], strict=True):
        entry = entry.changed_to(option, _read(arch, option, value))
    entry.check()
    return entry


def _written(value: OptionValue) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def _read(arch: Architecture, name: str, value: str) -> OptionValue:
    if name == SIZE:
        if not value.isdecimal() or len(value) > LONGEST_SIZE:
            raise ValueError(f"The input size of {arch.title} is a whole number, not {value!r}.")
        return int(value)
    is_text = isinstance(arch.defaults.get(name), str)
    return unquote(value.replace(".", ",")) if is_text else value


def _worded(name: str, value: OptionValue) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"no {words}"
    if isinstance(value, str):
        return f"{words} {value if len(value) <= _LONGEST else value[:_LONGEST] + ELLIPSIS}"
    return f"{words} {value:g}"

"""How a module is built, as data: it can be run, written down as code, and shown with its source."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

_LINE = 88  # characters; a longer call has one argument a line


@dataclass(frozen=True)
class Named:
    """A class or a function, by the place it is defined at: "explorer.architectures.inception:Inception"."""

    place: str

    @property
    def module(self) -> str:
        return self.place.partition(":")[0]

    @property
    def name(self) -> str:
        return self.place.partition(":")[2]

    def load(self) -> Any:
        return getattr(importlib.import_module(self.module), self.name)


@dataclass(frozen=True)
class Call:
    """A call of a class or a function; its arguments may be calls and classes themselves."""

    target: Named
    arguments: tuple[Any, ...]
    keywords: tuple[tuple[str, Any], ...]

    def build(self) -> nn.Module:
        """Make the module on the current default device."""
        arguments = [_made(value) for value in self.arguments]
        module: nn.Module = self.target.load()(*arguments, **{name: _made(value) for name, value in self.keywords})
        return module

    def code(self) -> str:
        """Return the call as Python, with the imports that it needs."""
        imports = sorted({f"from {named.module} import {named.name}" for named in self.uses()})
        return "\n".join((*imports, "", f"block = {_written(self)}"))

    def uses(self) -> Iterator[Named]:
        """Yield every class and function in the call, outermost first."""
        yield self.target
        for value in (*self.arguments, *(value for _, value in self.keywords)):
            if isinstance(value, Call):
                yield from value.uses()
            elif isinstance(value, Named):
                yield value

    def sources(self) -> Iterator[tuple[Named, str]]:
        """Yield the source of each class and function in the call that is not torch's own."""
        for named in dict.fromkeys(self.uses()):
            if not named.module.startswith("torch."):
                yield named, inspect.getsource(named.load())


def call(place: str, *arguments: Any, **keywords: Any) -> Call:
    """Return the call of what is defined at a place."""
    return Call(Named(place), arguments, tuple(keywords.items()))


def _made(value: Any) -> Any:
    if isinstance(value, Call):
        return value.build()
    return value.load() if isinstance(value, Named) else value


def _written(value: Any) -> str:
    if isinstance(value, Named):
        return value.name
    if not isinstance(value, Call):
        return f'"{value}"' if isinstance(value, str) else repr(value)
    parts = [*map(_written, value.arguments), *(f"{name}={_written(one)}" for name, one in value.keywords)]
    line = f"{value.target.name}({', '.join(parts)})"
    if len(line) <= _LINE and "\n" not in line:
        return line
    return f"{value.target.name}(\n" + "".join(f"    {_indented(part)},\n" for part in parts) + ")"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")

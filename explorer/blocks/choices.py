"""Options that several blocks offer, and the words that their sentences share."""

from __future__ import annotations

from explorer import units
from explorer.architecture import Option
from explorer.units import TIMES

MOST_CHANNELS = 2048
MOST_SIDE = 256


def in_channels(default: int) -> Option:
    """Return the option for the channels that a block reads."""
    return Option("in_channels", default, "Channels of the map that the block reads.", least=1, most=MOST_CHANNELS)


def size(default: int) -> Option:
    """Return the option for the height and width of the map that a block reads."""
    return Option("size", default, "Height and width of the map that the block reads.", least=1, most=MOST_SIDE)


def width(name: str, default: int, help_: str, most: int = 512, step: int = 8) -> Option:
    """Return an option for the filters of a layer."""
    return Option(name, default, help_, least=step, most=most, step=step)


def stride(default: int = 1) -> Option:
    """Return the option for the stride of a block."""
    return Option("stride", default, "1 keeps the map's size, 2 halves it.", least=1, most=2, step=1)


def square(side: int) -> str:
    """Return the name of a square kernel or map, with a multiplication sign: "3x3"."""
    return f"{side}{TIMES}{side}"


def many(these: int, those: int, what: str) -> str:
    """Return how many these are beside those: "2.4 times the MACs", "41.2 % of the MACs", "as many MACs"."""
    if these == those:
        return f"as many {what}"
    if not those:
        return f"{units.exact(these)} {what}"
    share = these / those
    if share < 1:
        return f"{units.percent(share)} of the {what}"
    return f"{share:,.{1 if share >= 1.05 else 3}f} times the {what}"


def listed(*texts: str) -> str:
    """Return texts as a list in a sentence: "a, b and c"."""
    return " and ".join((", ".join(texts[:-1]), texts[-1])) if len(texts) > 1 else "".join(texts)

"""Numbers as they stand on the screen. One rule for all: two decimals below 100, one from there on."""

from __future__ import annotations

from collections.abc import Iterable

TIMES = "\N{MULTIPLICATION SIGN}"
MINUS = "\N{MINUS SIGN}"

_COUNTS = ("", "k", "M", "G", "T")
_BYTES = ("B", "KiB", "MiB", "GiB", "TiB")


def exact(number: int) -> str:
    """Return every digit: "138,357,544"."""
    return f"{number:,}".replace("-", MINUS)


def short(number: int) -> str:
    """Return a count, rounded: "138.4 M", "15.47 G". Below 10,000 it is exact: "9,472"."""
    return exact(number) if abs(number) < 10_000 else _scaled(number, 1000, _COUNTS)


def short_macs(macs: int) -> str:
    """Return multiply-accumulates, rounded, with their unit: "15.47 GMACs"."""
    count = short(macs)
    return f"{count}MACs" if count[-1].isalpha() else f"{count} MACs"


def short_bytes(size: int) -> str:
    """Return bytes in the largest unit of 1,024 that fits: "527.8 MiB", "4.23 GiB"."""
    return _scaled(size, 1024, _BYTES)


def mebibytes(size: int) -> str:
    """Return bytes in MiB (2**20), whatever their size: "4,330.0 MiB"."""
    return f"{_rounded(size / 2**20)} MiB"


def shape(sizes: Iterable[int]) -> str:
    """Return sizes with multiplication signs between them, as in "64x112x112"; none give an empty text."""
    return TIMES.join(map(str, sizes))


def percent(share: float) -> str:
    """Return a share of 1 in percent: "89.4 %", and "< 0.1 %" for what would round to nothing."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return f"{100 * share:.1f} %"


def ratio(factor: float) -> str:
    """Return how many times something is another, with a multiplication sign behind: "8.71x", "19.8x", "98,775x"."""
    decimals = 2 if factor < 10 else 1 if factor < 1000 else 0
    return f"{factor:,.{decimals}f}{TIMES}"


def power(value: float) -> str:
    """Return a number of any size with two digits: "0.70", "51", "1.6x10^9" with the power raised."""
    if value == 0 or 0.01 <= abs(value) < 10_000:
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
    digits, exponent = f"{value:.1e}".split("e")
    raised = str(int(exponent)).translate(
        str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
    )
    return f"{digits}{TIMES}10{raised}"


def duration(seconds: float) -> str:
    """Return a time in the units one would say it in: "50 ms", "1.2 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 0.9995:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min"


def _scaled(number: int, base: int, names: tuple[str, ...]) -> str:
    power = 0
    while power < len(names) - 1 and round(abs(number) / base**power, 1) >= base:
        power += 1
    text = exact(number) if power == 0 else _rounded(number / base**power)
    return f"{text} {names[power]}".rstrip()


def _rounded(value: float) -> str:
    decimals = 2 if round(abs(value), 2) < 100 else 1
    return f"{value:,.{decimals}f}".replace("-", MINUS)

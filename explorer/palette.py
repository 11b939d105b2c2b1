"""The colours of the kinds of layer and of heat, in light and dark. One palette for tables, charts and diagrams.

The hues are those of Okabe and Ito (2008, "Color Universal Design"), which the colour-blind can tell apart. Fills are
those hues mixed with white or with near-black, so that text on them is read easily; `mark` is the hue itself, for bars
and lines. Colour never stands alone: every group has a word and a shape too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


@dataclass(frozen=True)
class Tone:
    """The colours of one thing in one theme: an area, the text on it, its outline, and a bar or line on the page."""

    fill: str
    text: str
    line: str
    mark: str


@dataclass(frozen=True)
class Kind:
    """How one group of layers looks; `shape` is a node shape of graphviz."""

    word: str
    shape: str
    light: Tone
    dark: Tone

    def tone(self, theme: Theme) -> Tone:
        return self.light if theme == "light" else self.dark


_INK, _PAPER = "#16191d", "#f4f6f8"


def _kind(word: str, shape: str, light: tuple[str, str, str], dark: tuple[str, str]) -> Kind:
    """`light` is fill, outline and mark; in the dark theme a mark is the outline's colour."""
    fill, line, mark = light
    return Kind(word, shape, Tone(fill, _INK, line, mark), Tone(dark[0], _PAPER, dark[1], dark[1]))


# The keys are those of explorer.analysis.rows.GROUPS, in the same order.
KINDS: dict[str, Kind] = {
    "conv": _kind("conv", "box", ("#cfe3f2", "#0072b2", "#0072b2"), ("#0f3f5e", "#56b4e9")),
    "linear": _kind("linear", "box", ("#fbe3b3", "#b87f00", "#e69f00"), ("#5c4200", "#e69f00")),
    "norm": _kind("norm", "box", ("#c6e9dd", "#008561", "#009e73"), ("#00483a", "#1fc197")),
    "activation": _kind("activation", "ellipse", ("#f8d8c3", "#d55e00", "#d55e00"), ("#632d06", "#f0803c")),
    "pool": _kind("pooling", "polygon", ("#f3dbe8", "#ad5786", "#cc79a7"), ("#57304a", "#dd93bb")),
    "join": _kind("join", "ellipse", ("#f8f3b4", "#8d8400", "#c4b800"), ("#4a4610", "#f0e442")),
    "other": _kind("other", "box", ("#e6e8ea", "#6b7178", "#80868d"), ("#383d43", "#a3a9b0")),
}

# Viridis (van der Walt and Smith 2015) at equal steps, from dark to light; the light theme shows it turned round, so
# that more always stands out more from the page.
VIRIDIS = ("#440154", "#472f7d", "#39568c", "#2a768e", "#1f988b", "#35b779", "#8bd646", "#fde725")

# From which share of the network's total on a node gets each step of the scale. The first step is for nothing at all.
HEAT_SHARES = (0.0, 0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)


def heat_step(share: float) -> int:
    """Return the step of the heat scale, 0 to 7, for a share of the total from 0 to 1."""
    if share <= 0:
        return 0
    return max(step for step, least in enumerate(HEAT_SHARES) if step and share >= least)


def heat(step: int, theme: Theme) -> Tone:
    """Return the colours of a step of the heat scale."""
    if step == 0:
        return KINDS["other"].tone(theme)
    scale = VIRIDIS if theme == "dark" else VIRIDIS[::-1]
    fill = scale[step]
    return Tone(fill, max((_INK, _PAPER), key=lambda text: contrast(text, fill)), KINDS["other"].tone(theme).line, fill)


def ramp(theme: Theme) -> tuple[str, str]:
    """Return the ends of a scale of one hue: the colour of nothing, which is near the page's, and that of all."""
    return (_PAPER if theme == "light" else _INK), KINDS["conv"].tone(theme).mark


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

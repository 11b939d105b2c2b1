"""The palette as CSS for diagrams. Nodes carry a class of their kind ("conv") or of their heat ("heat3")."""

from __future__ import annotations

from functools import cache

from explorer.palette import HEAT_SHARES, KINDS, Theme, Tone, heat
from explorer.units import percent

PAGE: dict[Theme, str] = {"light": "#ffffff", "dark": "#0e1117"}
TEXT: dict[Theme, str] = {"light": "#16191d", "dark": "#f4f6f8"}
LINE: dict[Theme, str] = {"light": "#5d646b", "dark": "#a9b0b7"}

LABELS = ".node text:first-of-type{font-weight:600}.node text~text{font-size:12px}"


@cache
def classes() -> dict[str, tuple[Tone, Tone]]:
    """Return the light and the dark colours of every class that a node can have."""
    kinds = {name: (kind.light, kind.dark) for name, kind in KINDS.items()}
    return kinds | {f"heat{step}": (heat(step, "light"), heat(step, "dark")) for step in range(len(HEAT_SHARES))}


def legend(colour: str = "kind") -> tuple[tuple[str, str], ...]:
    """Return (class, words) for each colour of a diagram, in order."""
    if colour == "kind":
        return tuple((name, kind.word) for name, kind in KINDS.items())
    least = [f"\N{GREATER-THAN OR EQUAL TO} {percent(share).replace('.0', '')}" for share in HEAT_SHARES]
    return ("heat0", "none"), ("heat1", "less"), *((f"heat{i}", least[i]) for i in range(2, len(least)))


def rules(theme: Theme, scope: str = "") -> str:
    """Return CSS that colours nodes, edges and text, below a selector."""
    coloured = (
        f"{scope}.node.{name} :is(path,polygon,ellipse){{fill:{tone.fill};stroke:{tone.line}}}"
        f"{scope}.node.{name} text{{fill:{tone.text}}}"
        for name, tones in classes().items()
        for tone in [tones[0] if theme == "light" else tones[1]]
    )
    edges = (
        f"{scope}:is(.edge,.terminal,.cluster) text{{fill:{TEXT[theme]}}}"
        f"{scope}:is(.edge,.cluster) path{{stroke:{LINE[theme]}}}"
        f"{scope}.edge polygon{{fill:{LINE[theme]};stroke:{LINE[theme]}}}"
    )
    return "\n".join((*coloured, edges))


def stylesheet() -> str:
    """Return the CSS that an SVG file carries; its attributes hold the light colours already."""
    dark = f"svg{{background:{PAGE['dark']}}}\n{rules('dark')}"
    return f"{LABELS}\n@media (prefers-color-scheme:dark){{{dark}}}"

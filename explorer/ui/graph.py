"""A diagram one can move about in: pan, zoom, hover, and a click on a node that comes back to the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

import streamlit as st

from explorer.diagrams.style import LABELS, classes, rules

_HERE = Path(__file__).parent
_HTML = """
<div class="graph">
  <div class="view" tabindex="0" role="img"></div>
  <div class="hint" aria-hidden="true"></div>
  <div class="foot">
    <div class="legend"></div>
    <div class="tools"></div>
  </div>
</div>
"""


def _swatches() -> str:
    lines = []
    for name, tones in classes().items():
        for theme, tone in zip(("light", "dark"), tones, strict=True):
            lines.append(f"[data-theme={theme}] i.{name}{{background:{tone.fill};border-color:{tone.line}}}")
    return "\n".join(lines)


def _css() -> str:
    themes = (rules("light", "[data-theme=light] "), rules("dark", "[data-theme=dark] "))
    return "\n".join((LABELS, *themes, _swatches(), (_HERE / "graph.css").read_text()))


_component = st.components.v2.component("explorer_graph", html=_HTML, css=_css(), js=(_HERE / "graph.js").read_text())


class Drawn(NamedTuple):
    """A diagram laid out, and in words. The layouts are of one graph: as in `Diagram.drawings` of explorer.diagrams."""

    svgs: tuple[str, ...]
    alt: str


def graph(
    drawn: Drawn,
    *,
    key: str,
    height: int = 600,
    selected: str | None = None,
    legend: Sequence[tuple[str, str]] = (),
) -> str | None:
    """Show a diagram and return the path of the node that was just clicked, or None.

    Of its layouts the one that shows most at a readable size is taken, so that a wide screen gets columns and a phone
    one column. The view stays where it is as long as they are the same. `legend` pairs CSS
    classes of nodes with words; `height` is in pixels and includes it.
    """
    result = _component(
        key=key,
        data={
            "svgs": list(drawn.svgs),
            "alt": drawn.alt,
            "height": height,
            "selected": selected,
            "legend": list(legend),
        },
        height=height,
        on_clicked_change=_nothing,
    )
    return cast("str | None", result.clicked)


def _nothing() -> None:
    """Stand for a callback: with one, the result always has its attribute."""

"""HTML and SVG of our own on a page, in the page's theme; a click on what can be picked comes back to the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import streamlit as st

from explorer.palette import KINDS, THEMES, Theme

Panel = Callable[..., "str | None"]
_HERE = Path(__file__).parent


def make_component(name: str, css: str, js: str) -> Callable[..., Any]:
    """Register a component with our colours and fonts, drawn by its script into the element of class `panel`.

    Call it once, when a module is imported.
    """
    style = "\n".join(((_HERE / "panel.css").read_text(), *(_colours(theme) for theme in THEMES), css))
    return st.components.v2.component(name, html='<div class="panel"></div>\n', css=style, js=js)


def make_panel(name: str, css: str) -> Panel:
    """Register a panel with its style and return the function that draws it.

    That function takes HTML, which is shown as it stands, and a `key`. It returns what was picked just now: the
    `data-pick` of the link or button that was clicked, or "x,y" from 0 to 1 for a click on an element with
    `data-point`; else None.
    """
    component = make_component(name, css, (_HERE / "panel.js").read_text())

    def panel(html: str, *, key: str) -> str | None:
        result = component(key=key, data={"html": html}, on_picked_change=_nothing)
        return cast("str | None", result.picked)

    return panel


def _colours(theme: Theme) -> str:
    """The tones of every kind of layer as CSS variables: --conv-fill, --conv-text, --conv-line, --conv-mark."""
    tones = {kind: look.tone(theme) for kind, look in KINDS.items()}
    rules = "".join(
        f"--{kind}-fill:{tone.fill};--{kind}-text:{tone.text};--{kind}-line:{tone.line};--{kind}-mark:{tone.mark};"
        for kind, tone in tones.items()
    )
    return f"[data-theme={theme}] {{{rules}}}"


def _nothing() -> None:
    """Stand for a callback: with one, the result always has its attribute."""

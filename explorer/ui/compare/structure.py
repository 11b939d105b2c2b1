"""Two networks stage by stage, side by side, with what differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from explorer import units
from explorer.analysis.grouping import VECTOR
from explorer.comparison.case import Case
from explorer.comparison.structure import Pair, Stage, Unit, align
from explorer.ui.address import choose
from explorer.ui.html_table import framed

DIFFERS = "\N{NOT EQUAL TO}"


def show(cases: Sequence[Case]) -> None:
    """Draw the two networks to choose, and their stages."""
    one, other = _pick(cases)
    pairs = align(one.analysis, other.analysis)
    st.html(structure_html(one, other, pairs))
    st.caption(
        f"{DIFFERS} stands before what the other network does not have at this place. Stages with maps of about the "
        "same size stand side by side."
    )


def _pick(cases: Sequence[Case]) -> tuple[Case, Case]:
    if len(cases) == 2:
        return cases[0], cases[1]
    labels = {case.entry.slug: case.label for case in cases}
    by_slug = {case.entry.slug: case for case in cases}
    slugs = list(labels)
    with st.container(horizontal=True):
        left = choose(st.selectbox, "Left", labels, key="left", default=slugs[0], width=300)
        right = choose(st.selectbox, "Right", labels, key="right", default=slugs[1], width=300)
    return by_slug[left], by_slug[right]


def structure_html(one: Case, other: Case, pairs: Sequence[Pair]) -> str:
    """Return a table of the stages: a row a size, a column a network."""
    heads = "".join(f'<th scope="col">{escape(case.label)}</th>' for case in (one, other))
    rows = "".join(_row(pair) for pair in pairs)
    table = f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return framed(table, "Stages side by side", "stages")


def _row(pair: Pair) -> str:
    sizes = list(dict.fromkeys(stage.size.capitalize() for stage in (pair.one, pair.other) if stage))
    mark = f' <span role="img" aria-label="differs">{DIFFERS}</span>' if len(sizes) > 1 else ""
    cells = "".join(_cell(stage) for stage in (pair.one, pair.other))
    return f'<tr><th scope="row">{" and ".join(map(escape, sizes))}{mark}</th>{cells}</tr>'


def _cell(stage: Stage | None) -> str:
    if stage is None:
        return '<td class="none">no maps of this size</td>'
    units_inside = "".join(map(_unit, stage.units))
    return f"<td><ul>{units_inside}</ul><small>{_sums(stage)}</small></td>"


def _unit(unit: Unit) -> str:
    times = f" {units.TIMES} {unit.count}" if unit.count > 1 else ""
    content = f" <small>{escape(unit.content)}</small>" if unit.content else ""
    if unit.is_shared:
        return f"<li>{escape(unit.title)}{times}{content}</li>"
    mark = f'<span role="img" aria-label="differs">{DIFFERS}</span>'
    return f'<li class="differs">{mark} <b>{escape(unit.title)}</b>{times}{content}</li>'


def _sums(stage: Stage) -> str:
    what = "numbers" if stage.size == VECTOR else "channels"
    channels = [f"{units.exact(stage.channels)} {what}"] if stage.channels else []
    macs = [units.short_macs(stage.macs)] if stage.macs else []
    return ", ".join([*channels, f"{units.short(stage.params)} parameters", *macs])

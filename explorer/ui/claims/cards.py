"""The cards of claims, and the way from a card to the view that shows what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from explorer import blocks, registry
from explorer.comparison.entry import decode
from explorer.lessons import claims
from explorer.lessons.claims import Claim, Figure, Value
from explorer.ui.claims.words import DEFINITIONS, ICONS, MEANINGS, said, written
from explorer.ui.panel import make_panel

ARROW = "\N{RIGHTWARDS ARROW}"
_panel = make_panel("explorer_claims", Path(__file__).with_name("cards.css").read_text())
_KINDS = {
    "computed": ("calculate", "computed here", "Worked out anew from the network by an expression."),
    "looked up": ("menu_book", "looked up", "A fact that no analysis can give; where it was looked up stands below."),
}


@st.cache_data(max_entries=256, show_spinner=False)
def measured(name: str) -> tuple[Value, ...]:
    """Return what the expressions of a claim give."""
    return tuple(figure.expression() for figure in claims.get(name).figures)


def show_cards(shown: Sequence[Claim]) -> None:
    """Draw the cards; a click on a card's link changes to the page it leads to."""
    html = "".join(card(claim, measured(claim.name)) for claim in shown)
    picked = _panel(f'<div class="cards">{html}</div>', key="claim-cards")
    if picked:
        follow(claims.get(picked).link)


def follow(link: str) -> None:
    """Change to the page of an address, with all that it asks for."""
    address = urlsplit(link)
    st.switch_page(f"../../pages{address.path}.py", query_params=dict(parse_qsl(address.query)))


def card(claim: Claim, values: Sequence[Value]) -> str:
    """Return one claim as HTML: what decides it at a glance, further figures behind a click."""
    evidence = _evidence(claim, values) if claim.figures else _reference(claim)
    parts = (_head(claim), f"<h3>{escape(claim.text)}</h3>", evidence, f"<p>{escape(claim.reason)}</p>")
    more = _more(claim.figures[1:], values[1:])
    return f'<article class="card {claim.verdict}" id="{claim.name}">{"".join(parts)}{more}{_foot(claim)}</article>'


def _icon(name: str) -> str:
    return f'<span class="icon" aria-hidden="true">{name}</span>'


def _head(claim: Claim) -> str:
    icon, word, meaning = _KINDS[claim.kind]
    return (
        f'<header><span class="verdict" title="{escape(MEANINGS[claim.verdict])}">{_icon(ICONS[claim.verdict])} '
        f"{claim.verdict.capitalize()}</span>"
        f'<span class="kind quiet" title="{meaning}">{_icon(icon)} {word}</span></header>'
    )


def _source(claim: Claim) -> str:
    source = claim.source
    name = f'<span title="{escape(source.title)}">{escape(source.name)}</span>'
    if source.url:
        name = (
            f'<a href="{escape(source.url)}" target="_blank" rel="noopener" title="{escape(source.title)}">{name}</a>'
        )
    where = f", {escape(claim.where)}" if claim.where else ""
    quote = f' <q lang="ko">{escape(claim.quote)}</q>' if claim.quote else ""
    return f'<span class="source">{name}{where}{quote}</span>'


def _evidence(claim: Claim, values: Sequence[Value]) -> str:
    """The figure that decides: what was said beside what comes out."""
    figure = claim.figures[0]
    claimed = f"<div><dt>Said</dt><dd>{_said(figure)}</dd></div>" if figure.claimed is not None else ""
    computed = _number(written(values[0], figure.unit), figure.unit)
    return (
        f'<dl class="deciding">{claimed}'
        f"<div><dt>Computed: {escape(figure.what)}</dt><dd><b>{computed}</b></dd></div></dl>"
    )


def _reference(claim: Claim) -> str:
    return f'<p class="source"><span class="quiet">Looked up in</span> {escape(claim.reference)}</p>'


def _more(figures: Sequence[Figure], values: Sequence[Value]) -> str:
    if not figures:
        return ""
    rows = "".join(_row(figure, value) for figure, value in zip(figures, values, strict=True))
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Figure", "Said", "Computed"))
    count = f"{len(figures)} more figure{'s' * (len(figures) > 1)}"
    return (
        f"<details><summary>{count}</summary><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</details>"
    )


def _row(figure: Figure, value: Value) -> str:
    computed = _number(written(value, figure.unit), figure.unit)
    return f'<tr><th scope="row">{escape(figure.what)}</th><td>{_said(figure)}</td><td><b>{computed}</b></td></tr>'


def _said(figure: Figure) -> str:
    if figure.claimed is None:
        return ""
    unit = figure.claimed_unit or figure.unit
    return _number(said(figure.claimed, unit), unit)


def _number(text: str, unit: str) -> str:
    return f'<abbr title="{DEFINITIONS[unit]}">{escape(text)}</abbr>' if unit in DEFINITIONS else escape(text)


def _foot(claim: Claim) -> str:
    href = escape(claim.link.lstrip("/"))  # relative, so that it holds under any base path
    link = f'<a class="view" href="{href}" data-pick="{claim.name}">{escape(label(claim.link))} {ARROW}</a>'
    return f"<footer>{_source(claim)}{link}</footer>"


def label(link: str) -> str:
    """Return where a link leads, in words: "GoogLeNet in Explore: Charts"."""
    address = urlsplit(link)
    query = dict(parse_qsl(address.query))
    page = address.path.strip("/").capitalize()
    view = query.get("view") or query.get("lesson") or query.get("show")
    return f"See {_subject(query)}{page}" + (f": {view}" if view else "")


def _subject(query: Mapping[str, str]) -> str:
    if "arch" in query:
        return f"{registry.get(query['arch']).title} in "
    if "nets" in query:
        return f"{', '.join(entry.label for entry in decode(query['nets']))} in "
    return f"{blocks.get(query['b_block']).title} in " if "b_block" in query else ""

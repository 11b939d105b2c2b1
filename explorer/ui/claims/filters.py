"""The filters over the claims. What they are set to is in the page's address, by name, with commas between several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from explorer import registry
from explorer.lessons import claims
from explorer.lessons.claims import KINDS, VERDICTS, Claim
from explorer.ui.address import asked_anew, explain_address, whole_number, write
from explorer.ui.claims.words import ICONS

PAGE_SIZE = 12
_SOURCES = {source.name: source for source in claims.sources()}
_NETWORKS = {
    name: registry.get(name).title for name in registry.names() if any(name in c.networks for c in claims.all())
}
_VERDICT_LABELS: dict[str, str] = {
    verdict: f":material/{ICONS[verdict]}: {verdict.capitalize()}" for verdict in VERDICTS
}
_KIND_LABELS = {
    "computed": ":material/calculate: Computed here",
    "looked up": ":material/menu_book: Looked up",
}


def choose_claims() -> list[Claim]:
    """Draw the filters and return the claims that pass."""
    explain_address(
        "claims",
        {
            "networks": _all_of("A network", _NETWORKS),
            "source": _all_of("A source", _SOURCES),
            "verdict": _all_of("A verdict", VERDICTS),
            "kind": _all_of("A kind", KINDS),
        },
    )
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        search = st.text_input(
            "Search", key="words", bind="query-params", placeholder="any words", icon=":material/search:", width=170
        )
        networks = _choose_several(st.multiselect, "Network", _NETWORKS, "networks", width=165, placeholder="any")
        names = {name: name for name in _SOURCES}
        sources = _choose_several(st.multiselect, "Source", names, "source", width=165, placeholder="any")
        verdicts = _choose_several(st.pills, "Verdict", _VERDICT_LABELS, "verdict", selection_mode="multi", wrap=True)
        kinds = _choose_several(st.pills, "How it was checked", _KIND_LABELS, "kind", selection_mode="multi")
    return [
        claim
        for claim in claims.all()
        if (not networks or set(networks) & set(claim.networks))
        and (not sources or claim.source.name in sources)
        and (not verdicts or claim.verdict in verdicts)
        and (not kinds or claim.kind in kinds)
        and _has(claim, search or "")
    ]


def _all_of(what: str, choices: Sequence[str] | Mapping[str, Any]) -> Callable[[str], None]:
    def check(value: str) -> None:
        unknown = [name for name in value.split(",") if name not in choices]
        if unknown:
            raise ValueError(f"{what} called {unknown[0]!r} is not among them.")

    return check


def _choose_several(
    widget: Callable[..., Any], label: str, choices: Mapping[str, str], key: str, **more: Any
) -> Sequence[str]:
    asked = asked_anew(key)
    if asked is not None:
        st.session_state[key] = [name for name in asked.split(",") if name in choices]
    chosen: Sequence[str] = widget(
        label, list(choices), format_func=choices.__getitem__, key=key, persist_state="session", **more
    )
    write(key, ",".join(chosen) or None)
    return chosen


def _has(claim: Claim, search: str) -> bool:
    source, figures = claim.source, " ".join(figure.what for figure in claim.figures)
    titles = " ".join(_NETWORKS[name] for name in claim.networks)
    told = (
        claim.name,
        claim.text,
        claim.reason,
        claim.quote,
        claim.reference,
        source.name,
        source.title,
        titles,
        figures,
    )
    text = " ".join(told).lower()
    return all(word in text for word in search.lower().split())


def show_count(shown: Sequence[Claim]) -> Sequence[Claim]:
    """Draw how many claims passed and the pages they are on; return those of the chosen page."""
    counts = [(verdict, sum(claim.verdict == verdict for claim in shown)) for verdict in VERDICTS]
    present = [f"{count} {verdict}" for verdict, count in counts if count]
    of_all = f"{len(shown)} of {len(claims.all())} claims" if len(shown) < len(claims.all()) else f"{len(shown)} claims"
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    explain_address("claims-pages", {"page": whole_number("The page", 1, pages)})
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{of_all}**" + (f": {', '.join(present)}." if len(present) > 1 else "."))
        page = st.pagination(pages, key="page", bind="query-params", width=420) if pages > 1 else 1
    return shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]

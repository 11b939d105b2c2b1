"""Which networks are asked, and the wait until their weights are here."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from explorer import units
from explorer.download import CannotDownloadError
from explorer.prediction import cache, sources
from explorer.prediction.embedded import NAME as FIRST
from explorer.prediction.model import Model
from explorer.prediction.source import Entry
from explorer.ui.predict import state
from explorer.ui.predict.runs import PREFIX, RUNS
from explorer.ui.visitor import current_visitor

MOST = 4
KEY = "net"


def check_networks(value: str) -> None:
    """Refuse names that there are no weights for, and more of them than fit side by side."""
    names, known = value.split(","), sources.entries()
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            raise ValueError("This run has been deleted, or it has not begun to train.")
        if name not in known:
            raise ValueError(f"There are no weights called {name!r}.")
    if len(names) > MOST:
        raise ValueError(f"At most {MOST} networks are asked at once.")


def pick_networks() -> list[Entry]:
    """Draw the choice; what is chosen is in the address."""
    known = sources.entries()
    asked = state.followed(KEY)
    if asked is not None or KEY not in st.session_state:
        st.session_state[KEY] = (asked or FIRST).split(",")[:MOST]
    st.session_state[KEY] = [name for name in st.session_state[KEY] if name in known]
    if RUNS.problem:
        st.warning(f"Networks of training runs cannot be listed. {RUNS.problem}", icon=":material/cloud_off:")
    closed = RUNS.closed_to(current_visitor()) - {*st.session_state[KEY]}
    names: list[str] = st.multiselect(
        "Networks",
        [name for name in _sorted(known) if name not in closed],
        format_func=lambda name: _label(known[name]),
        key=KEY,
        max_selections=MOST,
        placeholder="Choose up to four",
        persist_state="session",
        help="EfficientNet-Lite0 comes with the app. Weights of torchvision are downloaded once, when first asked for. "
        "Networks that were trained on the Train page are here too, yours first. Untrained networks have random "
        "weights: they show what training changes.",
    )
    state.write(KEY, ",".join(names), FIRST)
    return [known[name] for name in names]


def _sorted(known: dict[str, Entry]) -> list[str]:
    """Return the names as one looks for them: one's own runs, the networks of the app, others' runs, chance."""
    own = RUNS.of(current_visitor())

    def place(name: str) -> int:
        if name.startswith(PREFIX):
            return 0 if name in own else 2
        return 1 if known[name].is_trained else 3

    return sorted(known, key=place)


def _label(entry: Entry) -> str:
    size = f" ({units.short_bytes(entry.download_bytes)} to download)" if entry.download_bytes else ""
    return f"{entry.title}{size}"


def load(entry: Entry) -> Model | None:
    """Return the network, loaded; None while its weights are not here, with what can be done about it."""
    if entry.download_bytes and not cache.is_loaded(entry.name):
        st.markdown(f"**{entry.title}**  \n{entry.about}")
        size = units.short_bytes(entry.download_bytes)
        if not st.button(f"Download {size}", key=f"download-{entry.name}", icon=":material/download:"):
            st.caption("It is kept on the server, for everybody.")
            return None
    return _load_now(entry)


def _load_now(entry: Entry) -> Model | None:
    place = st.empty()

    def report(done: int, total: int) -> None:
        share = done / total if total else 0.0
        place.progress(share, f"{entry.title}: {units.short_bytes(done)} of {units.short_bytes(total)}")

    try:
        if not cache.is_loaded(entry.name):
            place.skeleton(height=200)
        model = cache.get(entry.name, report, entry.version)
    except CannotDownloadError as error:
        place.error(f"{entry.title}: {error}", icon=":material/cloud_off:")
        return None
    place.empty()
    return model


def load_all(entries: list[Entry]) -> list[Model]:
    """Load the networks, each in a column of its own where something has to be waited for or said."""
    if not entries:
        st.info("Choose a network above.", icon=":material/image_search:")
    waiting = [entry for entry in entries if not cache.is_loaded(entry.name)]
    columns = dict(zip(waiting, st.columns(max(len(waiting), 1)), strict=False)) if waiting else {}
    found = []
    for entry in entries:
        with columns.get(entry, nullcontext()):
            found.append(load(entry))
    return [model for model in found if model is not None]

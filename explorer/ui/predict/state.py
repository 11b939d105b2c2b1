"""Choices of the page that no widget holds: in the session, and in the address."""

from __future__ import annotations

import streamlit as st

_WRITTEN = "predict-written"  # in the session: what this page last wrote to the address, by parameter


def followed(key: str) -> str | None:
    """Return what an address asks for that was pasted or followed; None for what this page wrote there itself."""
    asked = st.query_params.get(key)
    return None if asked is None or asked == _written().get(key) else str(asked)


def read(key: str, default: str = "") -> str:
    """Return a choice: from an address that was followed, else as it was left in this session."""
    asked = followed(key)
    if asked is not None:
        st.session_state[_name(key)] = asked
    return str(st.session_state.get(_name(key), default))


def write(key: str, value: str, default: str = "") -> None:
    """Remember a choice, and put it into the address unless it is the default."""
    st.session_state[_name(key)] = value
    _written()[key] = value
    if value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def drop(*keys: str) -> None:
    """Forget choices that belong to something which is no longer there; also those of widgets not yet drawn."""
    for key in keys:
        for name in (key, _name(key)):
            st.session_state.pop(name, None)
        _written().pop(key, None)
        st.query_params.pop(key, None)


def _name(key: str) -> str:
    return f"predict-{key}"


def _written() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault(_WRITTEN, {})
    return found

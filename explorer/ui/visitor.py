"""Who visits: a secret in a cookie, which lets a browser stop and delete the runs that it has started."""

from __future__ import annotations

import re
import secrets

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.training.records import Visitor

COOKIE = "explorer_visitor"
YEAR_SECONDS = 365 * 24 * 3600
KEY = "teacher_key"  # in the session's state, once a teacher has given it

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class VisitorCookie:
    """Middleware: gives a browser its secret with the first page. Scripts in the browser cannot read it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _make_cookie(is_secure=scope["scheme"] == "https"))
            await send(message)

        await self._app(scope, receive, send_with_cookie if _is_first_page(scope) else send)


def _is_first_page(scope: Scope) -> bool:
    """Return whether a browser without the cookie asks for a page."""
    if scope["type"] != "http":
        return False
    request = HTTPConnection(scope)
    asks_for_page = "text/html" in request.headers.get("accept", "")
    return asks_for_page and not _TOKEN.fullmatch(request.cookies.get(COOKIE, ""))


def current_visitor() -> Visitor:
    """Return who looks at the page. A browser without cookies is known until it reloads."""
    found = st.context.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(found):
        found = st.session_state.setdefault(COOKIE, secrets.token_urlsafe())
    return Visitor(found, st.session_state.get(KEY))


def _make_cookie(is_secure: bool) -> str:
    attributes = f"Max-Age={YEAR_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
    return f"{COOKIE}={secrets.token_urlsafe()}; {attributes}{'; Secure' if is_secure else ''}"

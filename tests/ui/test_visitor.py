"""The cookie that lets a browser stop what it has started."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from explorer.ui.visitor import COOKIE, VisitorCookie

TOKEN = "a" * 43


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with nothing."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})


def visit(accept: str = "text/html,*/*", cookie: str = "", scheme: str = "http") -> str:
    """Return the cookie that a browser is given; an empty text for none."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"accept", accept.encode()), (b"cookie", cookie.encode())]
    scope: Scope = {"type": "http", "scheme": scheme, "headers": headers, "path": "/train", "query_string": b""}
    asyncio.run(VisitorCookie(app)(scope, receive, send))
    return dict(sent[0]["headers"]).get(b"set-cookie", b"").decode()


def test_a_new_browser_is_given_a_secret_that_scripts_cannot_read() -> None:
    first, second = visit(), visit()
    assert first.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(first.split("; "))
    assert first.split(";")[0] != second.split(";")[0]


def test_over_https_the_secret_goes_over_https_only() -> None:
    assert "Secure" not in visit()
    assert visit(scheme="https").endswith("; Secure")


def test_a_browser_keeps_its_secret() -> None:
    assert visit(cookie=f"{COOKIE}={TOKEN}") == ""


@pytest.mark.parametrize("found", ["", "short", TOKEN + "x", "<script>" + "a" * 35])
def test_what_is_no_secret_is_replaced(found: str) -> None:
    assert visit(cookie=f"{COOKIE}={found}")


def test_only_pages_give_a_secret() -> None:
    assert visit(accept="application/json") == ""

"""Addresses beside the pages: what the live curves ask for, several times a second."""

from __future__ import annotations

import json
import re

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from explorer.ui.live_curves import LIBRARY, LIBRARY_ADDRESS

LARGEST_NUMBER = 2**31 - 1  # of an event
READERS = 4  # threads: a database that does not answer keeps no others waiting

_RUN_ID = re.compile(r"[a-z0-9]{1,16}")
_NOT_FOUND = json.dumps({"problem": "There is no such run; it may have been deleted."}), 404
_readers = CapacityLimiter(READERS)


async def read_run(request: Request) -> Response:
    """GET /api/runs/{id}?since=n: how a run stands, and its events after the n-th (`explorer.training.feed`)."""
    run_id = request.path_params["run_id"]
    if not _RUN_ID.fullmatch(run_id):
        return _answer(*_NOT_FOUND)
    since = _clamp(request.query_params.get("since", "0"))
    return _answer(*await to_thread.run_sync(_read, run_id, since, limiter=_readers))


async def send_library(request: Request) -> Response:
    """The library that draws the live curves: its address holds its version, so a browser fetches it once."""
    return FileResponse(
        LIBRARY, headers={"cache-control": "public, max-age=31536000, immutable"}, media_type="text/javascript"
    )


def _read(run_id: str, since: int) -> tuple[str, int]:
    """Return the answer and its status. The server starts sooner without what this imports."""
    from explorer.training.jobs import connect
    from explorer.training.records import JobError

    try:
        found = connect().feed.read(run_id, since)
    except JobError as error:
        return json.dumps({"problem": str(error)}), 503
    return (found, 200) if found else _NOT_FOUND


def _clamp(since: str) -> int:
    """Return the number that was sent, 0 for what is none."""
    return min(int(since), LARGEST_NUMBER) if since.isascii() and since.isdigit() and len(since) < 20 else 0


def _answer(content: str, status: int) -> Response:
    return Response(content, status, {"cache-control": "no-store"}, "application/json")


routes = [
    Route("/api/runs/{run_id}", read_run, methods=["GET"]),
    Route(f"/{LIBRARY_ADDRESS}", send_library, methods=["GET"]),
]

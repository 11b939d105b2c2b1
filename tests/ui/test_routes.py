"""What the live curves ask for: always JSON, never a traceback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from explorer.training.jobs import Jobs, connect
from explorer.training.records import Visitor
from explorer.training.spec import RunSpec
from explorer.ui.routes import read_run


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Jobs whose cluster is never there."""
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setenv("EXPLORER_SCHEDULER", "tcp://127.0.0.1:1")
    opened = connect()
    yield opened
    opened.close()


def ask(run_id: str, query: str = "") -> tuple[int, dict[str, Any]]:
    """Return the status and what was answered."""
    request = Request(
        {"type": "http", "path_params": {"run_id": run_id}, "query_string": query.encode(), "headers": []}
    )
    response = asyncio.run(read_run(request))
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, json.loads(bytes(response.body))


def test_a_run_tells_how_it_stands(jobs: Jobs) -> None:
    run = jobs.submit(RunSpec("lenet5_modern", "digits", epochs=1), Visitor("me"))
    status, told = ask(run.id)
    assert (status, told["state"], told["events"], told["next"], told["is_over"]) == (200, "queued", [], 0, False)


def test_what_others_may_not_know_is_not_told(jobs: Jobs) -> None:
    run = jobs.submit(RunSpec("lenet5_modern", "digits", epochs=1), Visitor("me"))
    assert run.owner not in str(ask(run.id))


@pytest.mark.parametrize("run_id", ["nobody", "UPPER", "..", "%2e%2e", "a" * 17, "", "a'--", "ä"])
def test_an_unknown_run_is_404_in_a_sentence(jobs: Jobs, run_id: str) -> None:
    assert ask(run_id) == (404, {"problem": "There is no such run; it may have been deleted."})


@pytest.mark.parametrize("since", ["-1", "x", "", "1e3", "9" * 19, "9" * 500, "٣", "1.5", "0x1"])
def test_any_number_is_answered(jobs: Jobs, since: str) -> None:
    run = jobs.submit(RunSpec("lenet5_modern", "digits", epochs=1), Visitor("me"))
    assert ask(run.id, f"since={since}")[0] == 200


def test_a_database_that_is_gone_is_503_in_a_sentence(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("EXPLORER_DATABASE", f"sqlite:///{tmp_path / 'file' / 'runs.sqlite'}")
    status, told = ask("abcdefghij")
    assert status == 503
    assert told["problem"].startswith("The database of runs does not answer")
    connect().close()

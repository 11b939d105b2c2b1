"""Train in a real browser: runs that really train, on digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archives import noise, packed, two_classes
from idle import WAIT, wait_until_idle
from playwright.sync_api import expect

from explorer import pictures

pytestmark = pytest.mark.browser
LOSS = "Training and validation loss along the run"
STEPS = f"document.querySelector('[aria-label=\"{LOSS}\"]')?.data?.[0].x"


def ready(page: Any) -> None:
    wait_until_idle(page, page.locator(".st-key-train button"))


def start(page: Any, **address: Any) -> None:
    """Open the form as an address has it, and press Train."""
    page.goto("/train?" + "&".join(f"{key}={value}" for key, value in address.items()))
    ready(page)
    page.locator(".st-key-train button").first.click()


def status(page: Any) -> Any:
    """The line that says how the only run stands."""
    return page.locator(".statuses > div")


def points(page: Any) -> int:
    """How many points the curve of the training loss has."""
    return len(steps(page))


def steps(page: Any) -> list[int]:
    """The steps of these points."""
    return list(page.evaluate(STEPS) or [])


def wait_for_points(page: Any, more_than: int) -> None:
    page.wait_for_function(f"{STEPS}?.length > {more_than}", timeout=WAIT)


def shown_range(page: Any) -> list[float]:
    """From where to where the steps of the loss are shown."""
    return list(page.evaluate(f"document.querySelector('[aria-label=\"{LOSS}\"]').layout.xaxis.range"))


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True).first


def stop(page: Any) -> None:
    button(page, "Stop").click()
    expect(status(page)).to_contain_text("stopped", timeout=WAIT)


def test_a_curve_grows_and_keeps_its_zoom_while_it_does(page: Any) -> None:
    start(page, t_for="steps", t_amount=100_000)
    expect(status(page)).to_contain_text("running", timeout=WAIT)
    wait_for_points(page, 3)
    plot = page.get_by_role("img", name=LOSS)
    box = plot.locator(".nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.up()
    zoomed = shown_range(page)
    assert zoomed[0] > 0
    plot.evaluate("plot => { plot.mark = 'the same'; }")
    wait_for_points(page, points(page) + 8)
    assert shown_range(page) == zoomed
    assert plot.evaluate("plot => plot.mark") == "the same"
    stop(page)


def test_a_reload_in_the_middle_shows_the_same_curve(page: Any) -> None:
    start(page, t_for="steps", t_amount=100_000)
    wait_for_points(page, 5)
    curve = f"document.querySelector('[aria-label=\"{LOSS}\"]').data[0].y.slice(0, 5)"
    before = page.evaluate(curve)
    page.reload()
    ready(page)
    wait_for_points(page, 5)
    assert page.evaluate(curve) == before
    stop(page)


def test_a_stopped_run_goes_on_where_it_was(page: Any) -> None:
    start(page, t_for="steps", t_amount=100_000)
    wait_for_points(page, 5)
    stop(page)
    before = steps(page)
    button(page, "Resume").click()
    expect(status(page)).to_contain_text("running", timeout=WAIT)
    page.wait_for_function(f"{STEPS}?.at(-1) > {before[-1]}", timeout=WAIT)
    assert steps(page)[: len(before)] == before
    assert steps(page) == sorted(steps(page))
    stop(page)


def test_the_plan_of_a_budget_in_seconds_is_shown_first_and_kept_up_to_date(page: Any) -> None:
    start(page, t_for="seconds", t_amount=15)
    plan = page.locator(".statuses small")
    shown = re.compile(r"Plan: [\d.]+ m?s a step, so ([\d,]+) steps? in 15 s on CPU.* validation pictures every ")
    expect(plan).to_contain_text(shown, timeout=WAIT)
    expect(status(page)).to_contain_text("finished", timeout=WAIT)
    (steps,) = re.findall(shown, plan.inner_text())
    expect(status(page)).to_contain_text(f"of {steps} ")


def test_it_asks_no_more_when_the_run_has_ended_and_shows_its_results(page: Any) -> None:
    start(page, t_for="steps", t_amount=20)
    expect(status(page)).to_contain_text("finished", timeout=WAIT)
    ready(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/runs/" in request.url else None)
    page.wait_for_timeout(1000)  # four looks
    assert asked == []
    page.get_by_role("tab", name="Results").click()
    page.get_by_text("validation pictures correctly").wait_for(timeout=WAIT)
    page.get_by_text("Surest where it is wrong").wait_for(timeout=WAIT)


def test_the_curve_is_downloaded_as_csv(page: Any) -> None:
    start(page, t_for="steps", t_amount=20)
    expect(status(page)).to_contain_text("finished", timeout=WAIT)
    ready(page)
    button(page, "Download").click()
    with page.expect_download(timeout=WAIT) as found:
        button(page, "Curve (CSV)").click()
    head, *rows = found.value.path().read_text().splitlines()
    assert head.startswith("step,epoch,seconds,train_loss")
    assert rows[-1].startswith("20,1,")


def test_someone_else_sees_the_curve_but_cannot_stop_it(page: Any, open_tab: Callable[..., Any]) -> None:
    start(page, t_for="steps", t_amount=100_000)
    wait_for_points(page, 1)
    other = open_tab()
    other.goto(page.url)
    ready(other)
    wait_for_points(other, 1)
    expect(button(other, "Stop")).to_be_disabled()
    expect(button(page, "Stop")).to_be_enabled()
    stop(page)
    expect(status(other)).to_contain_text("stopped", timeout=WAIT)


def test_an_archive_may_be_larger_than_a_picture(page: Any, tmp_path: Path) -> None:
    given = tmp_path / "pictures.zip"
    given.write_bytes(packed(two_classes(**{f"cat/{i}.png": noise() for i in (2, 3, 4)})).getvalue())
    assert given.stat().st_size > pictures.MOST_BYTES
    page.goto("/train?t_view=Pictures")
    ready(page)
    page.locator("input[type=file]").set_input_files(given)
    page.get_by_text(given.name).wait_for()
    button(page, "Read the archive").click()
    page.get_by_text("5 pictures were taken").wait_for(timeout=WAIT)

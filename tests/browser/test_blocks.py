"""Blocks in a real browser: what only a browser shows."""

from __future__ import annotations

from typing import Any

import pytest
from idle import WAIT, wait_until_idle

pytestmark = pytest.mark.browser
DIAGRAM = ".st-key-b-diagram"  # the large one; others compare the block with its variants


def metric(page: Any, label: str) -> Any:
    return page.get_by_test_id("stMetric").filter(has_text=label)


def ready(page: Any) -> None:
    wait_until_idle(page, metric(page, "Parameters"))


def open_at(page: Any, address: str) -> None:
    page.goto(address)
    ready(page)


def press(page: Any, slider: str, key: str) -> None:
    """Move the handle of a slider by one step."""
    handle = page.get_by_test_id("stSlider").filter(has=page.get_by_text(slider, exact=True)).get_by_role("slider")
    handle.focus()
    page.keyboard.press(key)


def view_box(page: Any) -> list[float]:
    """What the first diagram shows of its drawing: left, top, width, height."""
    svg = page.locator(f"{DIAGRAM} .view svg")
    svg.wait_for(timeout=WAIT)
    return [float(number) for number in svg.get_attribute("viewBox").split()]


def test_a_slider_changes_the_number_the_diagram_and_the_address(page: Any) -> None:
    open_at(page, "/blocks")
    page.locator(f"{DIAGRAM} g.node", has_text="3×3 conv, 128").first.wait_for(timeout=WAIT)
    press(page, "3×3", "ArrowRight")
    metric(page, "Parameters").filter(has_text="170.6 k").wait_for(timeout=WAIT)  # 8 filters of 9*96 + 1 more
    page.locator(f"{DIAGRAM} g.node", has_text="3×3 conv, 136").first.wait_for(timeout=WAIT)
    page.wait_for_url("**/blocks?b_c3x3=136")


def test_the_diagram_keeps_its_place_while_a_slider_moves(page: Any) -> None:
    open_at(page, "/blocks")
    view_box(page)
    page.get_by_role("button", name="Zoom in").first.click()
    box = page.locator(f"{DIAGRAM} .view").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 160, steps=4)
    page.mouse.up()
    before = view_box(page)
    press(page, "5×5", "ArrowRight")
    page.locator(f"{DIAGRAM} g.node", has_text="5×5 conv, 40").first.wait_for(timeout=WAIT)
    assert view_box(page) == pytest.approx(before, abs=3)  # the drawing may become a little wider


def test_another_block_fits_its_diagram_anew(page: Any) -> None:
    open_at(page, "/blocks")
    page.get_by_role("button", name="Zoom in").first.click()
    page.get_by_role("combobox").first.click()
    page.keyboard.type("Residual")
    page.keyboard.press("Enter")
    page.locator(f"{DIAGRAM} g.node", has_text="+ ReLU").first.wait_for(timeout=WAIT)
    ready(page)
    left, top, width, height = view_box(page)
    assert left < 0 < top + height
    assert page.url.endswith("/blocks?b_block=residual")
    assert width > 0


def test_a_pasted_link_opens_the_same_block_and_view(page: Any) -> None:
    open_at(page, "/blocks?b_block=residual&b_form=bottleneck&b_in_channels=256&b_view=Code")
    assert metric(page, "Parameters").inner_text().endswith("70.40 k")
    assert page.get_by_role("tab", name="Code").get_attribute("aria-selected") == "true"
    page.get_by_text("class Bottleneck").first.wait_for(timeout=WAIT)


def test_a_click_on_a_layer_shows_its_formulas_and_stays_in_the_address(page: Any) -> None:
    open_at(page, "/blocks")
    page.locator(f"{DIAGRAM} g.node", has_text="5×5 conv, 32").first.click(timeout=WAIT)
    page.get_by_text("(5×5×16)×32 + 32 = 12,832").wait_for(timeout=WAIT)
    assert "b_layer=branch5x5.conv5x5.conv" in page.url


def test_a_link_of_c3_is_set_with_a_click(page: Any) -> None:
    open_at(page, "/blocks?b_block=c3_table")
    cross = page.get_by_label("Map 1 of C3 reads map 0 of S2")
    cross.click(timeout=WAIT)
    metric(page, "Parameters").filter(has_text="1,541").wait_for(timeout=WAIT)
    assert cross.get_attribute("aria-pressed") == "true"
    assert "b_maps=012.0123.234" in page.url
    page.get_by_text("As published", exact=True).click()
    metric(page, "Parameters").filter(has_text="1,516").wait_for(timeout=WAIT)
    assert page.url.endswith("/blocks?b_block=c3_table")


def test_nothing_is_cut_off_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_at(page, "/blocks")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_click_on_a_box_opens_it_and_a_button_leads_back(page: Any) -> None:
    open_at(page, "/blocks?b_block=dense")
    page.locator(f"{DIAGRAM} g.node", has_text="denselayer1").first.click(timeout=WAIT)
    page.locator(f"{DIAGRAM} g.node", has_text="1×1 conv, 128").first.wait_for(timeout=WAIT)
    page.get_by_role("button", name="Whole block").click()
    page.locator(f"{DIAGRAM} g.node", has_text="denselayer1").first.wait_for(timeout=WAIT)
    page.wait_for_url("**/blocks?b_block=dense")

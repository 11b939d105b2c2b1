"""Convolution in a real browser: what only a browser shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from idle import WAIT, wait_until_idle

from explorer.ui.convolution import VIEWS

pytestmark = pytest.mark.browser


MARKS = {  # what each view draws
    "Picture": ".st-key-picture-after svg.scene",
    "Step by step": ".stepper .result td.now",
    "Channels": ".sums td",
    "Pooling": "td.changed",
    "Flattening": ".cell.me",
    "Receptive field": "svg.scene rect.field",
}


def ready(page: Any) -> None:
    wait_until_idle(page, page.get_by_role("tab", name=VIEWS[0]))


def opened(page: Any, address: str = "") -> None:
    page.goto(f"/convolution{address}")
    ready(page)


def numbers_of(page: Any, board: str) -> list[float]:
    texts = page.locator(f".stepper .{board} td").all_text_contents()
    return [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts]


@pytest.mark.parametrize("view", VIEWS)
def test_each_tab_opens_and_draws(page: Any, view: str) -> None:
    opened(page)
    page.get_by_role("tab", name=view).click()
    page.locator(MARKS[view]).first.wait_for(timeout=WAIT)
    ready(page)


def test_the_products_of_a_step_add_up_to_its_output(page: Any) -> None:
    opened(page, "?lesson=Step+by+step&kernel=outline&at=9")
    page.locator(".stepper .result td.now").wait_for(timeout=WAIT)
    now = float(page.locator(".stepper .result td.now").inner_text().replace("\N{MINUS SIGN}", "-"))
    assert sum(numbers_of(page, "products")) == now
    assert page.locator(".stepper output").inner_text() == "Step 9 of 36"


def test_a_click_on_an_output_goes_to_its_step_and_into_the_address(page: Any) -> None:
    opened(page, "?lesson=Step+by+step")
    page.locator(".stepper .result td").nth(13).click()
    assert page.locator(".stepper output").inner_text() == "Step 14 of 36"
    assert page.locator(".stepper .input td.in").count() == 9
    page.wait_for_url(re.compile(r"at=14"), timeout=WAIT)


def test_playing_walks_on_by_itself(page: Any) -> None:
    opened(page, "?lesson=Step+by+step")
    page.get_by_role("button", name="Play").click()
    page.get_by_text("Step 3 of 36").wait_for(timeout=WAIT)
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").count() == 1


def test_the_keyboard_moves_the_step(page: Any) -> None:
    opened(page, "?lesson=Step+by+step")
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".stepper output").inner_text() == "Step 3 of 36"


def test_a_new_kernel_keeps_the_step_and_changes_the_numbers(page: Any) -> None:
    opened(page, "?lesson=Step+by+step&at=8")
    page.locator(".stepper .kernel td").first.wait_for(timeout=WAIT)
    page.get_by_role("combobox", name="Kernel").first.click()
    page.get_by_role("option", name="Outline").click()
    page.wait_for_url(re.compile("kernel=outline"), timeout=WAIT)
    page.locator(".stepper .kernel td").filter(has_text="8").wait_for(timeout=WAIT)
    assert numbers_of(page, "kernel") == [-1, -1, -1, -1, 8, -1, -1, -1, -1]
    assert page.locator(".stepper output").inner_text() == "Step 8 of 36"


def test_pixels_that_are_never_read_are_marked(page: Any) -> None:
    opened(page, "?lesson=Step+by+step&stride=2")
    page.locator(".stepper .input td.never").first.wait_for(timeout=WAIT)
    assert page.locator(".stepper .input td.never").count() == 8 + 8 - 1


def test_a_control_changes_the_numbers(page: Any) -> None:
    opened(page)
    page.get_by_text("numbers from \N{MINUS SIGN}528 to 525").wait_for(timeout=WAIT)
    page.get_by_role("spinbutton", name="Bias").fill("30")
    page.keyboard.press("Enter")
    page.get_by_text("to 555").wait_for(timeout=WAIT)


@pytest.mark.parametrize("picture", ["before", "after"])
def test_a_click_on_a_picture_works_out_the_number_there(page: Any, picture: str) -> None:
    opened(page)
    page.locator(f".st-key-picture-{picture} svg.scene").click(position={"x": 1, "y": 1})
    page.wait_for_url(re.compile("spot=1(,|%2C)1$"), timeout=WAIT)
    page.get_by_text("In row 1, column 1 the 3×3 products add up to").wait_for(timeout=WAIT)


def test_a_click_on_the_picture_picks_the_unit_there(page: Any) -> None:
    opened(page, "?lesson=Receptive+field&network=vgg16")
    page.locator("svg.scene rect.field").first.wait_for(timeout=WAIT)
    scene, image = page.locator("svg.scene"), page.locator("svg.scene image").bounding_box()
    left, top = (image[side] - scene.bounding_box()[side] for side in ("x", "y"))
    scene.click(position={"x": left + 0.93 * image["width"], "y": top + 0.07 * image["height"]})
    page.wait_for_url(re.compile("unit_row=1&unit_column=7"), timeout=WAIT)
    page.get_by_text("The unit in row 1, column 7 of 7×7").wait_for(timeout=WAIT)


def test_a_click_on_a_pixel_of_the_list_shows_its_neighbours(page: Any) -> None:
    opened(page, "?lesson=Flattening")
    page.locator(".square .cell").first.click()
    page.get_by_text("The pixel in row 1, column 1 is number 1 of the list. Its 3 neighbours").wait_for(timeout=WAIT)
    assert page.locator(".square .cell.near").count() == 3


def test_a_picture_of_ones_own_comes_through_the_upload(page: Any) -> None:
    from explorer import samples

    opened(page, "?picture=own")
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.jpg", "mimeType": "image/jpeg", "buffer": samples.get("astronaut").data()}
    )
    page.get_by_text("Input: 288×288 pixels.").wait_for(timeout=WAIT)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_cut_off_on_a_phone(page: Any, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"?lesson={view.replace(' ', '+')}")
    page.locator(MARKS[view]).first.wait_for(timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 1

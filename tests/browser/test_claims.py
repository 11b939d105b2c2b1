"""Claims in a real browser: what only a browser shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from idle import WAIT, wait_until_idle

from explorer.lessons import claims

pytestmark = pytest.mark.browser


def ready(page: Any) -> None:
    wait_until_idle(page)


def test_a_pasted_link_shows_the_claims_that_it_asks_for(page: Any) -> None:
    page.goto("/claims?verdict=depends&networks=googlenet")
    page.locator(".card").first.wait_for(timeout=WAIT)
    expected = [c.name for c in claims.all() if c.verdict == "depends" and "googlenet" in c.networks]
    assert [card.get_attribute("id") for card in page.locator(".card").all()] == expected
    assert page.locator(".card .verdict").first.inner_text().endswith("Depends")


def test_a_verdict_is_chosen_with_a_click_and_goes_into_the_address(page: Any) -> None:
    page.goto("/claims")
    page.locator(".card").first.wait_for(timeout=WAIT)
    page.get_by_role("button", name="Roughly").click()
    page.wait_for_url(re.compile("verdict=roughly"), timeout=WAIT)
    page.locator(".card.roughly").first.wait_for(timeout=WAIT)
    ready(page)
    assert page.locator(".card").count() == page.locator(".card.roughly").count()


def test_a_search_finds_claims_by_their_words(page: Any) -> None:
    page.goto("/claims")
    page.locator(".card").first.wait_for(timeout=WAIT)
    page.get_by_role("textbox", name="Search").fill("asymmetric 3x1")
    page.keyboard.press("Enter")
    page.locator("#inception-v3-asymmetric").wait_for(timeout=WAIT)
    assert page.locator(".card").count() == 1


def test_the_link_of_a_card_leads_to_the_view_that_shows_it(page: Any) -> None:
    page.goto("/claims?words=cs231n-vgg-memory")
    page.locator("#cs231n-vgg-memory a.view").click()
    page.wait_for_url(re.compile(r"/explore\?.*arch=vgg16"), timeout=WAIT)
    page.get_by_role("tab", name="Charts").wait_for(timeout=WAIT)
    ready(page)
    assert page.get_by_role("tab", name="Charts").get_attribute("aria-selected") == "true"


def test_the_link_of_a_card_can_be_opened_in_a_tab_of_its_own(page: Any) -> None:
    page.goto("/claims?words=vgg-two-see-five")
    link = page.locator("#vgg-two-see-five a.view")
    link.wait_for(timeout=WAIT)
    assert re.fullmatch(r"convolution\?lesson=Receptive\+field&stack=.*", link.get_attribute("href"))
    page.goto(f"/{link.get_attribute('href')}")
    page.get_by_text("behind layer 2 sees 5×5 pixels").wait_for(timeout=WAIT)


@pytest.mark.parametrize("width", [390, 1920])
def test_nothing_is_cut_off(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/claims")
    page.locator(".card").first.wait_for(timeout=WAIT)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 1
    for card in page.locator(".card").all():
        assert card.evaluate("one => one.scrollWidth - one.clientWidth") <= 1

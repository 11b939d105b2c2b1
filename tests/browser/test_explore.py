"""Explore in a real browser: what only a browser shows."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from idle import WAIT, wait_until_idle

from explorer.ui.explore import VIEWS

pytestmark = pytest.mark.browser


def metric(page: Any, label: str) -> Any:
    return page.get_by_test_id("stMetric").filter(has_text=label)


def ready(page: Any) -> None:
    wait_until_idle(page, metric(page, "Parameters"))


def test_the_bare_address_opens_explore_and_vgg16_has_its_parameters(page: Any) -> None:
    page.goto("/")
    ready(page)
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("combobox", name="Network").fill("VGG-16")
    page.get_by_role("option", name="VGG-16 (2014)", exact=True).click()
    metric(page, "Parameters").filter(has_text="138.4 M").wait_for(timeout=WAIT)
    metric(page, "Parameters").get_by_test_id("stTooltipIcon").hover()
    page.get_by_text("138,357,544").wait_for(timeout=WAIT)
    assert "arch=vgg16" in page.url


def test_a_pasted_link_opens_the_same_view(page: Any) -> None:
    page.goto("/explore?arch=resnet34&shortcut=B&batch=8&view=Charts&quantity=macs")
    ready(page)
    assert metric(page, "Parameters").inner_text().endswith("21.80 M")
    assert page.get_by_role("tab", name="Charts").get_attribute("aria-selected") == "true"
    page.locator(".js-plotly-plot").first.wait_for(timeout=WAIT)
    assert "quantity=macs" in page.url


def test_the_way_back_to_a_bad_link_shows_what_was_shown_and_its_whole_address(page: Any) -> None:
    page.goto("/explore?arch=vgg16&size=64&batch=inf")
    ready(page)
    page.get_by_text("The link asks for batch=inf.").wait_for(timeout=WAIT)
    page.go_back()
    ready(page)
    page.wait_for_url("**/explore?arch=vgg16&size=64", timeout=WAIT)
    assert page.locator("input[aria-label='Input size']").input_value() == "64"


def test_a_claim_shows_its_network_whatever_family_size_and_classes_were_chosen(page: Any) -> None:
    page.goto("/explore?family=VGG&size=64&classes=10")
    ready(page)
    page.get_by_role("link", name="Claims").first.click()
    page.locator("a.view", has_text="See AlexNet in Explore: Charts").first.click(timeout=WAIT)
    metric(page, "Parameters").filter(has_text="60.97 M").wait_for(timeout=WAIT)
    ready(page)
    assert page.url.endswith("/explore?arch=alexnet&view=Charts")


def test_an_option_that_moves_the_size_moves_it_in_the_address_too(page: Any) -> None:
    page.goto("/explore?arch=googlenet&size=64")
    ready(page)
    page.get_by_text("Aux", exact=True).click()
    page.get_by_text("The input size was 64 and is 223 now").wait_for(timeout=WAIT)
    page.wait_for_url("**/explore?aux=true&size=223", timeout=WAIT)


def test_a_number_out_of_range_is_told_what_is_allowed(page: Any) -> None:
    page.goto("/explore?arch=vgg16")
    ready(page)
    size = page.locator("input[aria-label='Input size']")
    size.fill("5")
    size.press("Enter")
    told = page.get_by_text("Please enter a value between 32 and")
    told.wait_for(timeout=WAIT)
    assert told.bounding_box()["width"] > 100


@pytest.mark.parametrize("view", VIEWS)
def test_each_tab_opens_and_draws(page: Any, view: str) -> None:
    page.goto("/explore?arch=googlenet")
    ready(page)
    page.get_by_role("tab", name=view).click()
    ready(page)
    marks = {
        "Layers": "[data-testid=stDataFrame] canvas",
        "Charts": ".js-plotly-plot .bars path",
        "Diagram": "svg g.node",
        "Memory": ".js-plotly-plot .scatterlayer path",
        "Story": "text=What it brought",
        "Code": "[data-testid=stCode]",
        "Audit": "text=FlopCounterMode",
    }
    page.locator(marks[view]).first.wait_for(state="attached", timeout=WAIT)


def test_a_click_on_an_inception_module_opens_its_own_diagram(page: Any) -> None:
    page.goto("/explore?arch=googlenet&view=Diagram")
    ready(page)
    page.locator("svg g.node#inception3a").first.click(timeout=WAIT)
    page.locator("svg g.node", has_text="5×5 conv, 32").first.wait_for(timeout=WAIT)
    assert "block=inception3a" in page.url
    page.get_by_role("button", name="GoogLeNet").click()
    page.locator("svg g.node#inception3a").first.wait_for(timeout=WAIT)


def test_what_one_chart_shows_is_kept_while_another_is_shown(page: Any) -> None:
    page.goto("/explore?arch=vgg16&view=Charts&quantity=macs&log=true")
    ready(page)
    charts = page.get_by_test_id("stButtonGroup")
    charts.get_by_text("Treemap", exact=True).click()
    page.locator(".treemaplayer").first.wait_for(state="attached", timeout=WAIT)
    charts.get_by_text("By layer", exact=True).click()
    page.locator(".js-plotly-plot .bars path").first.wait_for(state="attached", timeout=WAIT)
    assert page.get_by_role("switch", name="Logarithmic axis").is_checked()
    page.wait_for_url("**log=true**", timeout=WAIT)
    assert "quantity=macs" in page.url


def test_the_full_diagram_opens_at_the_chosen_layer_and_holds_only_what_is_in_view(page: Any) -> None:
    page.goto("/explore?arch=preact_resnet164&view=Diagram&detail=layers&layer=stage2.9.conv2")
    ready(page)
    chosen = page.locator("svg g.node.selected")
    chosen.wait_for(timeout=WAIT)
    assert chosen.get_attribute("id") == "stage2.9.conv2"
    frame, node = page.locator(".view").first.bounding_box(), chosen.bounding_box()
    assert frame["y"] < node["y"] < frame["y"] + frame["height"] - node["height"]
    held = page.locator("svg g.node").count()
    page.get_by_role("button", name="Show all").click()
    assert page.locator("svg g.node").count() == 551 > 10 * held  # 549 layers, the input and the output


def test_the_downloaded_layers_add_up_to_the_networks_parameters(page: Any, tmp_path: Path) -> None:
    page.goto("/explore?arch=vgg16")
    ready(page)
    page.get_by_test_id("stPopoverButton").filter(has_text="Download").click()
    with page.expect_download(timeout=WAIT) as download:
        page.get_by_role("button", name="Layers (CSV)").click()
    saved = tmp_path / "layers.csv"
    download.value.save_as(saved)
    with saved.open() as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["params"]) for row in rows) == 138_357_544
    assert sum(int(row["macs"]) for row in rows) == 15_470_264_320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1920, 390])
def test_nothing_is_cut_off_sideways_in_either_theme(open_tab: Callable[..., Any], scheme: str, width: int) -> None:
    tab = open_tab(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.goto("/explore?arch=googlenet")
    ready(tab)
    background = tab.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert (background == "rgb(17, 24, 31)") == (scheme == "dark")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(overflow) <= 0
    for value in tab.get_by_test_id("stMetricValue").all():
        assert value.evaluate("e => e.scrollWidth - e.clientWidth") <= 1, value.inner_text()

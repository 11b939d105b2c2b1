"""Compare in a real browser: what only a browser shows."""

from __future__ import annotations

import csv
import io
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from idle import WAIT, wait_until_idle
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def ready(page: Any) -> None:
    wait_until_idle(page, page.locator(".st-key-sentences li"))


def sentence(page: Any, text: str) -> Any:
    return page.locator(".st-key-sentences li", has_text=text)


def row(page: Any, title: str) -> Any:
    return page.locator(".sheet tbody tr", has=page.get_by_text(title, exact=True))


def test_vgg_against_googlenet_is_what_one_sees_first(page: Any) -> None:
    page.goto("/compare")
    ready(page)
    assert sentence(
        page, "19.8 times the parameters of GoogLeNet; 89 % of them sit in three linear layers."
    ).is_visible()
    cells = row(page, "Parameters").locator("td")
    expect(cells).to_have_text(["138.4 M", "19.8×", "7.00 M ★"], timeout=WAIT)
    expect(cells.first).to_have_attribute("title", "138,357,544")


def test_the_best_of_a_row_stands_out_by_weight_and_by_a_mark(page: Any) -> None:
    page.goto("/compare")
    ready(page)
    best = row(page, "Parameters").locator("b")
    expect(best).to_have_text("7.00 M", timeout=WAIT)
    expect(best).to_have_css("font-weight", "700")
    expect(row(page, "Parameters").get_by_role("img", name="best")).to_have_text("★")


def test_a_preset_changes_sentences_table_and_address(page: Any) -> None:
    page.goto("/compare")
    ready(page)
    page.get_by_text("Plain against residual").click()
    sentence(page, "Plain-34").wait_for(timeout=WAIT)
    ready(page)
    assert "nets=plain18~resnet18~plain34~resnet34" in page.url


def test_a_network_is_added_by_its_name(page: Any) -> None:
    page.goto("/compare")
    ready(page)
    page.get_by_role("combobox", name=re.compile("Networks")).fill("DenseNet-121")
    page.get_by_role("option", name="DenseNet-121 (2016)").click()
    sentence(page, "DenseNet-121").wait_for(timeout=WAIT)
    assert "nets=vgg16~googlenet~densenet121" in page.url


def test_an_option_of_one_network_changes_its_column(page: Any) -> None:
    page.goto("/compare?nets=vgg16~googlenet")
    ready(page)
    page.get_by_role("button", name="VGG-16", exact=True).click()
    page.get_by_text("Batch norm", exact=True).click()
    sentence(page, "VGG-16 (batch norm)").first.wait_for(timeout=WAIT)
    assert "nets=vgg16-batch_norm-true~googlenet" in page.url
    cell = row(page, "Parameters").locator("td").first
    expect(cell).to_have_attribute("title", "138,365,992", timeout=WAIT)  # VGG16_BN_Weights: num_params


def test_a_pasted_link_opens_the_same_view(page: Any) -> None:
    page.goto("/compare?nets=alexnet~alexnet_tv&against=alexnet&step_batch=8&show=Structure")
    ready(page)
    assert page.get_by_role("tab", name="Structure").get_attribute("aria-selected") == "true"
    assert sentence(page, "on 8 pictures with Adam").is_visible()
    expect(row(page, "13×13").locator("li.differs")).to_have_count(3, timeout=WAIT)


def test_a_click_on_a_point_opens_its_network(page: Any) -> None:
    page.goto("/explore?arch=lenet5")  # a network that Explore remembers
    page.get_by_test_id("stMetric").first.wait_for(timeout=WAIT)
    page.get_by_role("link", name="Compare").click()
    ready(page)
    page.get_by_role("tab", name="Accuracy").click()
    points = page.locator(".js-plotly-plot .scatterlayer .points path")
    points.first.wait_for(timeout=WAIT)
    ready(page)
    points.first.scroll_into_view_if_needed()
    box = points.first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/explore?arch=alexnet_tv", timeout=WAIT)
    page.get_by_test_id("stMetric").first.wait_for(timeout=WAIT)
    page.get_by_role("link", name="Compare").click()
    ready(page)
    page.get_by_role("tab", name="Accuracy").click()
    points.first.wait_for(timeout=WAIT)
    ready(page)
    assert "/compare" in page.url  # the click is forgotten


def test_latency_is_measured_for_the_selected_networks(page: Any) -> None:
    page.goto("/compare?show=Choose&budget_params=0&budget_params=2")
    ready(page)
    grid = page.get_by_test_id("stDataFrame")
    grid.wait_for(timeout=WAIT)
    assert page.get_by_role("button", name="Measure their latency").is_disabled()
    grid.click(position={"x": 16, "y": 52})  # the box before the first row
    page.get_by_role("button", name="Measure their latency").click(timeout=WAIT)
    milliseconds = grid.locator("[role=gridcell]").nth(8)  # of the first row, in the table that screen readers get
    expect(milliseconds).to_have_text(re.compile(r"^\d+\.\d+$"), timeout=WAIT)
    assert page.get_by_text("1 thread").is_visible()


def test_a_link_with_a_budget_opens_the_choice(page: Any) -> None:
    page.goto("/compare?show=Choose&budget_params=0&budget_params=2")
    ready(page)
    page.get_by_text("networks with a published accuracy on ImageNet remain").wait_for(timeout=WAIT)
    page.get_by_test_id("stDataFrame").wait_for(timeout=WAIT)
    assert "budget_params=0&budget_params=2" in page.url


def test_the_table_comes_down_as_a_file(page: Any) -> None:
    page.goto("/compare")
    ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))
    assert rows[1][:3] == ["Parameters", "", "138357544"]


def test_a_chart_comes_down_as_a_picture_and_as_a_drawing(page: Any) -> None:
    page.goto("/compare?show=Charts")
    ready(page)
    plot = page.locator(".st-key-compare-bars .js-plotly-plot")
    plot.locator(".bars path").first.wait_for(timeout=WAIT)
    files = {}
    for ending in ("PNG", "SVG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=ending, exact=True).first.click()
        files[download.value.suggested_filename] = Path(download.value.path()).read_bytes()
    assert "VGG-16" in files["compare-bars.svg"].decode()
    size = struct.unpack(">II", files["compare-bars.png"][16:24])  # in the header of a PNG
    assert list(size) == plot.evaluate("one => [2 * one.clientWidth, 2 * one.clientHeight]")


def test_nothing_is_cut_off_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/compare")
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(row(page, "Parameters").locator("td").last).to_be_visible(timeout=WAIT)

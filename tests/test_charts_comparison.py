"""Charts of several networks: what they draw adds up, in both themes."""

from __future__ import annotations

from functools import cache

import pytest

from explorer import charts
from explorer.charts import FONT_SIZE, Chart
from explorer.charts.ratios import colour
from explorer.comparison.accuracy import Error
from explorer.comparison.candidates import Candidate, Rated
from explorer.comparison.case import Case, case
from explorer.comparison.entry import decode
from explorer.palette import THEMES, Theme, contrast

PAPER = {"light": "#FFFFFF", "dark": "#11181F"}  # the pages' backgrounds, of .streamlit/config.toml
EIGHT = "alexnet~vgg16~googlenet~resnet18~densenet121~mobilenet_v2~vit_b_16~lenet5"


@cache
def cases(word: str = "vgg16~googlenet") -> tuple[Case, ...]:
    return tuple(case(entry, batch_size=32, optimizer="adam") for entry in decode(word))


def point(name: str, params: int, percent: float, origin: str = "torchvision") -> Rated:
    one = Candidate(name, name.title(), "", 2015, 224, params, 9 * params, 2**20 * params, 4 * params, 1)
    return Rated(one, Error(percent, "ImageNet: one crop", "a paper", origin))  # type: ignore[arg-type]


POINTS = (point("small", 1, 40.0), point("large", 100, 20.0), point("beaten", 200, 30.0, "paper"))


def every_chart(word: str, theme: Theme = "light") -> list[Chart]:
    return [
        charts.ratio_bars(cases(word), 0, theme=theme),
        charts.ratio_bars(cases(word), 1, logarithmic=True, theme=theme),
        *(charts.homes(cases(word), quantity, theme=theme) for quantity in ("params", "macs")),
        *(charts.running_shares(cases(word), quantity, theme=theme) for quantity in ("params", "macs")),
        charts.accuracy_scatter(POINTS, "params", "top1", chosen=("small",), theme=theme),
    ]


def fonts(node: object) -> list[float]:
    if isinstance(node, dict):
        own = [value["size"] for key, value in node.items() if key.endswith("font")]
        return own + [size for value in node.values() for size in fonts(value)]
    return [size for value in node for size in fonts(value)] if isinstance(node, (list, tuple)) else []


@pytest.mark.parametrize("word", ["vgg16~googlenet", EIGHT, "resnet34~resnet34-shortcut-B"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_chart_is_a_figure_that_plotly_accepts(word: str, theme: Theme) -> None:
    for chart in every_chart(word, theme):
        type(chart.figure)(chart.figure.to_dict())


def test_every_chart_has_a_sentence_a_table_and_text_that_is_large_enough() -> None:
    for chart in every_chart(EIGHT):
        assert chart.alt.endswith(".")
        assert len(chart.table) > 0
        figure = chart.figure.to_dict()
        del figure["layout"]["template"]  # the page puts its own in its place
        assert min(fonts(figure)) >= FONT_SIZE


def test_bars_are_ratios_with_the_figure_behind_them() -> None:
    vgg, googlenet = charts.ratio_bars(cases(), reference=1).figure.data
    assert vgg.x[0] == pytest.approx(138_357_544 / 6_998_552)  # torchvision's metadata; table 1 of GoogLeNet
    assert vgg.text[0].strip() == "138.4 M"
    assert set(googlenet.x) == {1}


def test_on_a_logarithmic_axis_bars_start_at_one() -> None:
    vgg, googlenet = charts.ratio_bars(cases(), reference=1, logarithmic=True).figure.data
    assert (vgg.base, googlenet.base) == (1, 1)
    assert vgg.base + vgg.x[0] == pytest.approx(138_357_544 / 6_998_552)
    assert set(googlenet.x) == {0}
    assert vgg.x[-1] < 0  # 16 layers are fewer than 22


def test_networks_are_told_apart_by_colour_and_pattern_or_dash() -> None:
    bars = charts.ratio_bars(cases(EIGHT), 0).figure.data
    lines = charts.running_shares(cases(EIGHT), "params").figure.data
    assert len({(bar.marker.color, bar.marker.pattern.shape) for bar in bars}) == 8
    assert len({bar.marker.pattern.shape for bar in bars}) == 8
    assert len({(line.line.color, line.line.dash) for line in lines}) == 8


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("place", range(8))
def test_every_colour_stands_out_from_the_page(place: int, theme: Theme) -> None:
    assert contrast(colour(place, theme), PAPER[theme]) >= 3  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("quantity", ["params", "macs"])
def test_shares_add_up_to_the_whole(quantity: str) -> None:
    traces = charts.homes(cases(EIGHT), quantity).figure.data
    for place in range(8):
        assert sum(trace.x[place] for trace in traces) == pytest.approx(100)


def test_most_parameters_of_vgg_live_in_linear_layers() -> None:
    (share,) = [trace.x[0] for trace in charts.homes(cases(), "params").figure.data if trace.name == "linear"]
    assert share == pytest.approx(100 * 123_642_856 / 138_357_544)  # 102,764,544 + 16,781,312 + 4,097,000


@pytest.mark.parametrize("quantity", ["params", "macs"])
def test_running_shares_rise_from_nothing_to_the_whole(quantity: str) -> None:
    for trace in charts.running_shares(cases(EIGHT), quantity).figure.data:
        assert (trace.x[0], trace.y[0]) == (0, 0)
        assert (trace.x[-1], trace.y[-1]) == (pytest.approx(100), pytest.approx(100))
        assert list(trace.y) == sorted(trace.y)


def test_heads_that_run_in_training_only_are_not_part_of_the_depth() -> None:
    plain, aux = cases("googlenet~googlenet-aux-true")
    first, second = charts.running_shares((plain, aux), "params").figure.data
    assert list(first.y) == pytest.approx(list(second.y))


def test_points_carry_the_name_of_their_network() -> None:
    data = charts.accuracy_scatter(POINTS, "params", "top1").figure.data
    named = {custom[0]: (x, y) for trace in data if trace.customdata for custom, x, y in _points(trace)}
    assert named == {"small": (1, 60.0), "large": (100, 80.0), "beaten": (200, 70.0)}


def _points(trace: object) -> list[tuple[list[str], float, float]]:
    return list(zip(trace.customdata, trace.x, trace.y, strict=True))  # type: ignore[attr-defined]


def test_the_line_joins_what_nothing_beats() -> None:
    chart = charts.accuracy_scatter(POINTS, "macs", "top1")
    (line,) = [trace for trace in chart.figure.data if trace.name == "Pareto front"]
    assert list(zip(line.x, line.y, strict=True)) == [(9, 60.0), (900, 80.0)]
    assert list(chart.table["On the front"]) == [True, True, False]


def test_both_places_of_errors_have_a_symbol_of_their_own() -> None:
    data = charts.accuracy_scatter(POINTS, "params", "top1").figure.data
    assert len({trace.marker.symbol for trace in data if trace.customdata}) == 2


def test_chosen_networks_are_ringed_and_named() -> None:
    chart = charts.accuracy_scatter(POINTS, "params", "top1", chosen=("beaten",))
    (ring,) = [trace for trace in chart.figure.data if trace.name == "compared here"]
    (names,) = [trace for trace in chart.figure.data if trace.mode == "text"]
    assert list(ring.x) == [200]
    assert any("Beaten" in text for text in names.text)


def test_memory_is_in_mebibytes() -> None:
    chart = charts.accuracy_scatter(POINTS, "activation_bytes", "top1")
    (line,) = [trace for trace in chart.figure.data if trace.name == "Pareto front"]
    assert list(line.x) == [1, 100]
    assert "MiB" in chart.figure.layout.xaxis.title.text

"""The table of a comparison: values, ratios, the best of a row, and the file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache

import pytest

from explorer.comparison.case import Case, case
from explorer.comparison.entry import Entry, decode
from explorer.comparison.table import Line, lines, points, ratio, sources, table_csv


@cache
def cases(word: str = "vgg16~googlenet", batch_size: int = 32) -> tuple[Case, ...]:
    return tuple(case(entry, batch_size=batch_size, optimizer="adam") for entry in decode(word))


def line(title: str, table: Sequence[Line]) -> Line:
    return next(one for one in table if one.measure.title == title)


def test_parameters_are_torchvisions_and_the_papers() -> None:
    found = line("Parameters", lines(cases(), reference=1))
    assert found.values == (138_357_544, 6_998_552)  # VGG16_Weights: num_params; table 1 of GoogLeNet, with biases
    assert found.texts == ("138.4 M", "7.00 M")
    assert found.exact == ("138,357,544", "6,998,552")


def test_ratios_are_against_the_network_of_choice() -> None:
    assert line("Parameters", lines(cases(), reference=1)).against == ("19.8×", "1.00×")
    assert line("Parameters", lines(cases(), reference=0)).against == ("1.00×", "0.051×")


def test_errors_differ_in_percentage_points() -> None:
    found = line("Top-5 error, as published", lines(cases(), reference=1))
    assert found.values == (8.8, 10.07)
    assert found.against == ("\N{MINUS SIGN}1.27 pt", "0 pt")


def test_the_least_of_a_row_is_the_best() -> None:
    table = lines(cases(), reference=0)
    assert line("MACs", table).best == {1}
    assert line("Top-1 error, as published", table).best == {0}


def test_all_that_share_the_least_are_best() -> None:
    assert line("Parameters", lines(cases("plain18~resnet18~plain34"), 0)).best == {0, 1}


def test_nothing_is_best_where_all_are_equal_or_alone() -> None:
    assert not line("MACs", lines(cases("plain18~resnet18"), 0)).best
    assert not line("Top-1 error, torchvision's weights", lines(cases(), 0)).best


@pytest.mark.parametrize("title", ["Depth", "Input", "Year"])
def test_what_is_neither_better_nor_worse_has_no_best(title: str) -> None:
    assert not line(title, lines(cases("vgg16~lenet5"), 0)).best


def test_a_row_that_no_network_has_is_left_out() -> None:
    titles = [one.measure.title for one in lines(cases("lenet5~lenet_keras"), 0)]
    assert not [title for title in titles if "error" in title]


def test_a_missing_figure_is_a_dash_without_a_ratio() -> None:
    found = line("Top-1 error, torchvision's weights", lines(cases(), reference=0))
    assert found.texts[1] == "\N{EN DASH}"
    assert found.against[1] == ""


def test_one_that_cannot_be_trained_on_one_picture_has_no_peak() -> None:
    """Batch norm needs two values a channel, and these maps end at one pixel."""
    found = line("Training peak", lines(cases("resnet18_tv-size-32~vgg16", batch_size=1), 1))
    assert found.texts[0] == "\N{EN DASH}"
    assert found.values[1] is not None


def test_options_change_the_figures_and_take_away_the_errors() -> None:
    (plain, norm) = cases("vgg16~vgg16-batch_norm-true")
    assert norm.analysis.params - plain.analysis.params == 2 * 4224  # two for each of the channels of the convolutions
    assert not any(norm.errors.values())


def test_the_input_size_scales_the_macs_of_convolutions() -> None:
    small, large = cases("resnet18~resnet18-size-448")
    assert small.input == "3×224×224"
    assert large.analysis.macs - 512_000 == 4 * (small.analysis.macs - 512_000)  # all but the last layer, 512 to 1,000


def test_a_size_that_a_network_cannot_take_is_an_error() -> None:
    with pytest.raises(ValueError, match="227"):
        case(Entry("alexnet", size=100), batch_size=1, optimizer="adam")


def test_every_error_of_the_table_has_a_source() -> None:
    shown = [
        value for one in lines(cases(), 0) for value in one.values if "error" in one.measure.title and value is not None
    ]
    assert sorted(one.percent for one in sources(cases())) == sorted(shown)
    assert all(one.source and one.how for one in sources(cases()))


def test_the_file_holds_exact_numbers_ratios_and_sources() -> None:
    rows = list(csv.reader(table_csv(cases(), reference=1).splitlines()))
    assert rows[0] == ["figure", "unit", "VGG-16", "VGG-16 / GoogLeNet", "GoogLeNet", "GoogLeNet / GoogLeNet"]
    assert rows[1] == ["Parameters", "", "138357544", "19.7695", "6998552", "1"]
    assert rows[-1][:3] == ["GoogLeNet", "Top-5 error", "10.07"]


@pytest.mark.parametrize(("value", "reference", "text"), [(1, 1, "1.00×"), (1, 200, "0.005×"), (300, 2, "150.0×")])
def test_ratios_keep_two_digits_or_more(value: int, reference: int, text: str) -> None:
    assert ratio(value, reference) == text


@pytest.mark.parametrize(("one", "text"), [(28.5, "+1 pt"), (27.5, "0 pt"), (26.25, "\N{MINUS SIGN}1.25 pt")])
def test_points_have_a_sign(one: float, text: str) -> None:
    assert points(one, 27.5) == text

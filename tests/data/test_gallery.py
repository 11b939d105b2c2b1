"""What is shown of a data set, and that little is read for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_sets
from archives import GREEN, RED, packed, picture

from explorer import charts, data
from explorer.charts import FONT_SIZE
from explorer.data import MissingDataError, own_pictures, stored
from explorer.data.gallery import GAP, SAMPLES, TILE, gallery, strip
from explorer.palette import THEMES, Theme

SIZES = ((500, 375, 812), (375, 500, 90), (640, 480, 1))


def own(data_folder: Path) -> str:
    files = {f"cat/{i}.png": picture(RED, (40, 30)) for i in range(12)} | {"dog/1.png": picture(GREEN, (30, 30))}
    return own_pictures.add(packed(files), "pets", 32)[0]


def test_the_digits_are_counted_and_shown_class_by_class() -> None:
    looks = gallery("digits")
    assert sum(looks.train) == 1797  # https://archive.ics.uci.edu/dataset/80
    assert (looks.train[0], looks.test) == (178, (0,) * 10)  # scikit-learn's user guide, section 7.1: about 180 each
    assert [samples.shape for samples in looks.samples] == [(SAMPLES, 1, 8, 8)] * 10
    assert looks.sizes == ((8, 8, 1797),)


def test_samples_belong_to_their_class() -> None:
    found = data.load("digits")
    for label, samples in enumerate(gallery("digits").samples):
        first = found.train_images[found.train_labels == label][:SAMPLES]
        np.testing.assert_array_equal(samples, first.numpy())


def test_sizes_are_those_that_pictures_had_before(data_folder: Path) -> None:
    assert gallery(own(data_folder)).sizes == ((40, 30, 12), (30, 30, 1))


def test_a_class_with_few_pictures_shows_them_all(data_folder: Path) -> None:
    assert [len(samples) for samples in gallery(own(data_folder)).samples] == [SAMPLES, 1]


def test_test_pictures_are_counted_too(file_server: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_sets.make("cats_dogs", file_server, monkeypatch)
    data.get("cats_dogs").download()
    looks = gallery("cats_dogs")
    assert (looks.train, looks.test) == ((1, 1), (0, 1))
    assert looks.sizes == ((40, 30, 2), (30, 50, 1))


def test_of_a_file_no_more_is_read_than_is_shown(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = own(data_folder)

    def everything(_: Path) -> None:
        raise AssertionError("all pictures were read")

    monkeypatch.setattr(stored, "read", everything)
    assert len(gallery(name).samples) == 2


def test_a_set_that_is_not_here_says_so(data_folder: Path) -> None:
    with pytest.raises(MissingDataError, match="STL-10 is not on this machine"):
        gallery("stl10")


@pytest.mark.parametrize(("size", "shown"), [(8, 72), (28, 56), (32, 64), (72, 72), (160, 72)])
def test_small_pictures_are_enlarged_by_a_whole_number(size: int, shown: int) -> None:
    assert strip(np.zeros((3, 1, size, size), np.uint8)).shape == (shown, 3 * shown + 2 * GAP, 4)


def test_a_strip_keeps_colours_and_is_transparent_between_pictures() -> None:
    samples = np.zeros((2, 3, 8, 8), np.uint8)
    samples[1, 0] = 255
    shown = strip(samples)
    assert shown[0, 0].tolist() == [0, 0, 0, 255]
    assert shown[0, TILE + 1].tolist() == [0, 0, 0, 0]
    assert shown[0, -1].tolist() == [255, 0, 0, 255]


# The chart of sizes


def test_the_chart_has_a_mark_for_each_size() -> None:
    chart = charts.picture_sizes("Pets", SIZES)
    marks = chart.figure.data[-1]
    assert list(zip(marks.x, marks.y, strict=True)) == [(500, 375), (375, 500), (640, 480)]
    assert chart.table.to_numpy().tolist() == [list(size) for size in SIZES]


def test_the_area_of_a_mark_goes_with_its_pictures() -> None:
    largest, smaller, _ = charts.picture_sizes("Pets", SIZES).figure.data[-1].marker.size
    assert (largest / smaller) ** 2 == pytest.approx(812 / 90)


def test_the_sentence_of_the_chart_says_what_one_sees() -> None:
    assert charts.picture_sizes("Pets", SIZES).alt == (
        "The 903 pictures of Pets have 3 sizes: 375 to 640 pixels wide and 375 to 500 high. The most frequent is "
        "500×375, of 812 pictures."
    )
    assert charts.picture_sizes("Digits", ((8, 8, 1797),)).alt == "All 1,797 pictures of Digits have 8×8 pixels."


@pytest.mark.parametrize("theme", THEMES)
def test_the_chart_is_accepted_by_plotly_and_can_be_read_from_afar(theme: Theme) -> None:
    figure = charts.picture_sizes("Pets", SIZES, theme=theme).figure
    type(figure)(figure.to_dict())
    assert figure.layout.xaxis.tickfont.size >= FONT_SIZE

"""Filters, feature maps, the units' view of the picture, pictures made worse, and parts of them hidden."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.analysis import analyze
from explorer.prediction import cache
from explorer.prediction.features import feature_maps, filters, first_convolution
from explorer.prediction.field import Box, field_box, influence
from explorer.prediction.hiding import hide
from explorer.prediction.layers import layers
from explorer.prediction.model import Model
from explorer.prediction.robustness import CHANGES


@pytest.fixture(scope="module")
def lite0() -> Model:
    return cache.get("efficientnet_lite0")


@pytest.mark.parametrize(
    ("name", "path", "count", "size"),
    [
        ("efficientnet_lite0", "stem.conv", 32, (3, 3)),
        ("alexnet", "conv1", 96, (11, 11)),
        ("zfnet", "conv1", 96, (7, 7)),
        ("lenet5", "c1", 6, (5, 5)),
        ("vit_b_32", "conv_proj", 768, (32, 32)),
    ],
)
def test_the_filters_are_those_of_the_first_convolution(
    name: str, path: str, count: int, size: tuple[int, int], quick: Callable[[str], Model]
) -> None:
    model = quick(name)
    pictures = filters(model)
    assert first_convolution(model)[0] == path
    assert (len(pictures), pictures[0].size) == (count, size)


def test_a_weight_of_zero_is_mid_grey_and_the_largest_is_full_colour(quick: Callable[[str], Model]) -> None:
    model = quick("lenet5")
    weights = first_convolution(model)[1].weight
    weights[0] = 0
    weights[0, 0, 0, 0], weights[0, 0, 0, 1] = 2.0, -1.0
    picture = filters(model)[0]
    assert [picture.getpixel((x, 0)) for x in (0, 1, 2)] == [255, 64, 128]


def test_the_first_maps_are_the_convolution_of_the_picture(lite0: Model, cat: Image.Image) -> None:
    from torch.nn import functional as F

    found = feature_maps(lite0, cat, "stem.conv").values
    padded = F.pad(lite0.tensor(cat), (0, 1, 0, 1))
    expected = F.conv2d(padded, first_convolution(lite0)[1].weight, stride=2)[0]
    torch.testing.assert_close(torch.from_numpy(found), expected, rtol=1e-4, atol=1e-4)


def test_layers_all_along_the_depth_can_be_looked_at(quick: Callable[[str], Model], cat: Image.Image) -> None:
    for name in ("resnet20", "swin_t"):
        model = quick(name)
        for layer in layers(model)[::3]:
            assert feature_maps(model, cat, layer.path).values.shape == layer.shape


def test_the_strongest_channels_come_first(lite0: Model, cat: Image.Image) -> None:
    maps = feature_maps(lite0, cat, "head.relu6")
    strengths = [maps.strengths[channel] for channel in maps.strongest]
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[0] == pytest.approx(np.abs(maps.values[maps.strongest[0]]).mean())


def test_the_peak_of_a_map_is_where_it_is_highest(lite0: Model, cat: Image.Image) -> None:
    maps = feature_maps(lite0, cat, "stages.3.1")
    row, column = maps.peak(7)
    assert maps.values[7, row, column] == maps.values[7].max()
    assert maps.picture(7).getpixel((column, row)) == (253, 231, 37)  # the light end of viridis


# The receptive field


@pytest.mark.parametrize(
    ("name", "path", "unit"),
    [
        ("vgg11", "features.8", (3, 5)),
        ("resnet18_tv", "layer1.1.conv2", (8, 8)),
        ("googlenet", "inception3a.branch3.conv", (4, 4)),
        ("efficientnet_lite0", "stages.2.0.depthwise.conv", (4, 2)),
        ("alexnet", "conv3", (0, 12)),
        ("efficientnet_b0", "features.1.0.block.0.0", (31, 31)),
        ("efficientnet_b0", "features.2.0.block.0.0", (31, 31)),  # behind a gate: the whole picture
        ("mobilenet_v3_small", "features.4.block.0.0", (0, 7)),
    ],
)
def test_what_a_unit_depends_on_lies_in_its_receptive_field_and_fills_it(
    name: str, path: str, unit: tuple[int, int], quick: Callable[[str], Model], cat: Image.Image
) -> None:
    model = quick(name)
    rows = analyze(name, input_size=model.preprocessing.shape).by_path
    path = path if path in rows else next(layer.path for layer in layers(model) if layer.path.startswith("inception3a"))
    field = rows[path].receptive_field
    assert field is not None
    side = model.preprocessing.crop
    box = field_box(field, unit, side).inside(side)
    rows_seen, columns_seen = np.nonzero(influence(model, cat, path, unit).values)
    assert (rows_seen.min(), rows_seen.max()) == (box.top, box.bottom)
    assert (columns_seen.min(), columns_seen.max()) == (box.left, box.right)


def test_a_box_is_cut_and_drawn_where_it_lies_on_the_picture(cat: Image.Image) -> None:
    square = cat.resize((64, 64))
    box = Box(-10, 20, 9, 39)
    assert box.cut_from(square).size == (20, 10)
    drawn = box.drawn_on(square, "#ff0000")
    assert drawn.getpixel((20, 0)) == (255, 0, 0)
    assert drawn.getpixel((30, 5)) == square.getpixel((30, 5))
    assert sum(drawn.getpixel((50, 50))) < sum(square.getpixel((50, 50)))


# Pictures made worse


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("name", CHANGES)
def test_an_amount_of_nothing_changes_nothing_and_any_other_does(name: str, mode: str, cat: Image.Image) -> None:
    picture, change = cat.convert(mode), CHANGES[name]
    none, some = (change.apply(picture, amount) for amount in (0, change.step))
    assert (none.mode, none.size) == (some.mode, some.size) == (mode, cat.size)
    assert none.tobytes() == picture.tobytes()
    assert some.tobytes() != picture.tobytes()


@pytest.mark.parametrize("name", ["blur", "noise", "darken"])
def test_more_of_it_changes_more(name: str, cat: Image.Image) -> None:
    change, before = CHANGES[name], np.asarray(cat, int)
    pictures = (change.apply(cat, change.most * share) for share in (0.25, 0.5, 1))
    differences = [np.abs(np.asarray(picture, int) - before).mean() for picture in pictures]
    assert differences == sorted(differences)


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_change_twice_gives_the_same_picture(name: str, cat: Image.Image) -> None:
    change = CHANGES[name]
    assert change.apply(cat, change.most / 2).tobytes() == change.apply(cat, change.most / 2).tobytes()


def test_darkening_takes_light_away_in_proportion() -> None:
    assert CHANGES["darken"].apply(Image.new("RGB", (1, 1), (200, 100, 0)), 50).getpixel((0, 0)) == (100, 50, 0)


def test_a_shift_moves_pixels_to_the_right(cat: Image.Image) -> None:
    moved = CHANGES["shift"].apply(cat, 25)
    offset = round(cat.width * 0.25)
    assert moved.getpixel((offset + 7, 9)) == cat.getpixel((7, 9))
    assert moved.getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize(("fill", "expected"), [("grey", (128, 128, 128)), ("black", (0, 0, 0))])
def test_only_what_is_hidden_changes(fill: str, expected: tuple[int, int, int], cat: Image.Image) -> None:
    mask = np.zeros((cat.height, cat.width), bool)
    mask[:10] = True
    hidden = hide(cat, mask, fill)
    assert hidden.getpixel((5, 5)) == expected
    assert hidden.crop((0, 10, *cat.size)).tobytes() == cat.crop((0, 10, *cat.size)).tobytes()
    assert hide(cat, mask, "blur").getpixel((5, 50)) == cat.getpixel((5, 50))

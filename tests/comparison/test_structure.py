"""Stages of two networks side by side."""

from __future__ import annotations

import pytest

from explorer.analysis import analyze
from explorer.comparison.structure import Pair, align

PAIRS = [
    ("vgg16", "googlenet"),
    ("plain18", "resnet34"),
    ("alexnet", "alexnet_tv"),
    ("vit_b_16", "swin_t"),
    ("resnet20", "densenet121"),
    ("lenet5", "preact_resnet56"),
]


def sizes(pairs: tuple[Pair, ...]) -> list[tuple[str | None, str | None]]:
    return [(pair.one and pair.one.size, pair.other and pair.other.size) for pair in pairs]


@pytest.mark.parametrize("names", PAIRS, ids="~".join)
def test_every_stage_stands_once_and_they_add_up_to_the_networks(names: tuple[str, str]) -> None:
    one, other = map(analyze, names)
    pairs = align(one, other)
    for analysis, stages in ((one, [pair.one for pair in pairs]), (other, [pair.other for pair in pairs])):
        assert sum(stage.params for stage in stages if stage) == analysis.params
        assert sum(stage.macs for stage in stages if stage) == analysis.macs


def test_a_network_beside_itself_has_no_difference() -> None:
    pairs = align(analyze("googlenet"), analyze("googlenet"))
    assert all(pair.is_same for pair in pairs)
    assert all(unit.is_shared for pair in pairs if pair.one for unit in pair.one.units)


def test_stages_of_one_size_stand_side_by_side() -> None:
    found = sizes(align(analyze("vgg16"), analyze("googlenet")))
    assert found[0] == ("224×224", None)  # VGG keeps the picture's size at first, GoogLeNet halves it at once
    assert found[1:] == [(size, size) for size in ("112×112", "56×56", "28×28", "14×14", "7×7", "vector")]


def test_nearly_equal_sizes_stand_side_by_side() -> None:
    found = sizes(align(analyze("alexnet"), analyze("vgg16")))
    assert ("55×55", "56×56") in found
    assert ("27×27", "28×28") in found
    assert ("13×13", "14×14") in found


def test_tokens_stand_beside_the_maps_they_were_cut_from() -> None:
    assert ("196 tokens", "14×14") in sizes(align(analyze("vit_b_16"), analyze("resnet50")))


def test_a_shortcut_tells_plain_and_residual_blocks_apart() -> None:
    pairs = align(analyze("plain18"), analyze("resnet18"))
    stage = next(pair for pair in pairs if pair.one and pair.one.size == "28×28")
    assert stage.one is not None
    assert stage.other is not None
    assert [unit.is_shared for unit in stage.one.units] == [False]
    assert "sum" in stage.other.units[0].content
    assert "sum" not in stage.one.units[0].content


def test_only_what_differs_is_marked() -> None:
    pairs = align(analyze("resnet34"), analyze("resnet34", options={"shortcut": "B"}))
    marked = {pair.one.size for pair in pairs if pair.one and not pair.is_same}
    assert marked == {"28×28", "14×14", "7×7"}  # where the shape changes, B projects


def test_equal_units_in_a_row_are_counted() -> None:
    (first, *_) = align(analyze("vgg16"), analyze("vgg19"))
    assert first.one is not None
    assert [(unit.title, unit.count) for unit in first.one.units] == [("3×3 conv, 64", 2)]


def test_channels_are_read_whichever_axis_they_are_on() -> None:
    pairs = align(analyze("swin_t"), analyze("vit_b_16"))
    assert [pair.one.channels for pair in pairs if pair.one] == [96, 192, 384, 768, 1000]  # Liu et al. 2021, table 7
    assert {pair.other.channels for pair in pairs if pair.other} == {768, 1000}


def test_auxiliary_heads_stand_apart() -> None:
    pairs = align(analyze("googlenet"), analyze("googlenet", options={"aux": True}))
    assert sizes(pairs)[-1] == (None, "In training only")

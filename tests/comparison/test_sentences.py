"""Sentences made from the numbers: right, and in grammar and number."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, pairwise

import pytest

from explorer.comparison.case import Case, case
from explorer.comparison.entry import decode, decode_one
from explorer.comparison.sentences import overview, pair_sentences

KINDS = (
    "lenet5",
    "lenet_keras",
    "alexnet",
    "nin",
    "vgg16",
    "resnet18",
    "preact_resnet164",
    "squeezenet1_0",
    "vit_b_16",
)


@cache
def one(slug: str, batch_size: int = 32) -> Case:
    return case(decode_one(slug), batch_size=batch_size, optimizer="adam")


def said(word: str, batch_size: int = 32) -> tuple[str, ...]:
    first, second = (one(entry.slug, batch_size) for entry in decode(word))
    return pair_sentences(first, second)


def test_vgg_and_googlenet_as_a_teacher_reads_it() -> None:
    assert said("vgg16~googlenet")[0] == (
        "VGG-16 has 19.8 times the parameters of GoogLeNet; 89 % of them sit in three linear layers."
    )
    assert said("vgg16~googlenet")[3] == "GoogLeNet is deeper: 22 layers against 16."


def test_the_order_of_the_two_does_not_matter() -> None:
    assert said("googlenet~vgg16")[:4] == said("vgg16~googlenet")[:4]


def test_the_share_is_that_of_the_three_linear_layers() -> None:
    linear = 25_088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000
    assert f"{100 * linear / 138_357_544:.0f} %" == "89 %"  # VGG-16's parameters: torchvision's metadata


def test_equal_counts_are_said_to_be_equal() -> None:
    parameters, macs, *_ = said("plain18~resnet18")
    assert parameters == "Plain-18 and ResNet-18 have exactly as many parameters: 11,515,688."
    assert macs == "Both need exactly 1.79 GMACs for one picture."


def test_small_differences_are_given_in_full() -> None:
    assert said("alexnet~alexnet_tv")[0].startswith("AlexNet (torchvision) has 135,616 more parameters than AlexNet;")


def test_less_than_twice_is_in_percent() -> None:
    assert said("resnet18~resnet34")[0].startswith("ResNet-34 has 88 % more parameters than ResNet-18;")


def test_twice_is_a_word() -> None:
    assert "needs twice the MACs of ResNet-18" in said("resnet18~resnet34")[1]


def test_pictures_of_other_sizes_are_mentioned() -> None:
    assert "(on pictures of 224×224 and 227×227)" in said("zfnet~alexnet")[1]
    assert "on pictures" not in said("vgg16~googlenet")[1]


def test_attention_is_not_counted_as_layers() -> None:
    assert "in linear layers and attention." in said("vit_b_16~resnet18")[0]


def test_one_picture_is_singular() -> None:
    assert "on one picture with Adam" in said("vgg16~alexnet", batch_size=1)[2]


def test_errors_of_weights_come_before_those_of_papers() -> None:
    assert said("vgg16~vgg19")[-1] == (
        "With torchvision's weights, VGG-16 is wrong at the first guess on 28.4 % of ImageNet's pictures and VGG-19 on "
        "27.6 %."
    )


def test_other_ways_of_testing_are_mentioned() -> None:
    assert said("vgg16~googlenet")[-1].endswith("; the two tests may differ.")
    assert said("resnet34~resnet34-shortcut-B")[-1].endswith("(shortcut B) on 7.5 %.")


@pytest.mark.parametrize("pair", list(combinations(KINDS, 2)), ids="~".join)
def test_any_pair_gives_whole_sentences(pair: tuple[str, str]) -> None:
    for sentence in pair_sentences(*map(one, pair)):
        assert re.fullmatch(r"[A-Z].*[^ .]\.", sentence)
        assert not re.search(r"\b(1|one) (parameters|MACs|convolutions|linear layers|pictures)\b", sentence)
        assert not re.search(r"\b(two|\d\d) (parameter|convolution|linear layer|picture)\b", sentence)
        assert not re.search(r"nan|inf|None|  |\b0\.0 times|\b100 % of them", sentence)


@pytest.mark.parametrize("pair", list(pairwise(KINDS)), ids="~".join)
def test_the_larger_network_is_the_subject(pair: tuple[str, str]) -> None:
    first, second = map(one, pair)
    larger = max((first, second), key=lambda case: case.analysis.params)
    assert pair_sentences(first, second)[0].startswith(f"{larger.label} has ")


def test_an_overview_has_a_sentence_for_each_but_the_reference() -> None:
    cases = [one(name) for name in ("resnet18", "vgg16", "plain18", "squeezenet1_0")]
    assert overview(cases, reference=0) == (
        "VGG-16 has 12.0 times the parameters of ResNet-18 and 8.6 times the MACs.",
        "Plain-18 has exactly as many parameters as ResNet-18 and exactly as many MACs.",
        "SqueezeNet 1.0 has 11 % of the parameters of ResNet-18 and 46 % of the MACs.",
    )

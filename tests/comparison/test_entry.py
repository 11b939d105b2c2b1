"""Networks of a comparison and how they stand in the address."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from explorer import registry
from explorer.comparison.entry import Entry, decode, decode_one, encode
from explorer.comparison.presets import PRESETS


@pytest.mark.parametrize("name", registry.names())
def test_every_network_comes_back_from_the_address(name: str) -> None:
    assert decode_one(Entry(name).slug) == Entry(name)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_every_preset_comes_back_from_the_address(preset: object) -> None:
    assert decode(encode(preset.entries)) == preset.entries  # type: ignore[attr-defined]


def test_plain_names_stand_as_they_are() -> None:
    assert encode((Entry("vgg16"), Entry("googlenet"))) == "vgg16~googlenet"


def test_commas_between_plain_names_do_too() -> None:
    assert decode("vgg16,googlenet") == (Entry("vgg16"), Entry("googlenet"))


def test_options_and_size_stand_behind_the_name() -> None:
    entry = Entry("vgg16").changed_to("batch_norm", True).changed_to("dropout", 0.3).changed_to("size", 256)
    assert entry.slug == "vgg16-dropout-0.3-batch_norm-true-size-256"
    assert decode_one(entry.slug) == entry


def test_text_with_every_separator_comes_back() -> None:
    entry = Entry("vgg_custom").changed_to("layers", "64,M-1~2.5%,M")
    assert decode_one(entry.slug) == entry


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_the_word_passes_through_an_address_unchanged(preset: object) -> None:
    word = encode(preset.entries)  # type: ignore[attr-defined]
    assert quote(word, safe="") == word


def test_a_value_at_its_default_is_left_out() -> None:
    changed = Entry("vgg16").changed_to("batch_norm", True).changed_to("size", 256)
    assert changed.changed_to("batch_norm", False).changed_to("size", 224) == Entry("vgg16")


def test_a_label_says_what_is_changed() -> None:
    entry = Entry("vgg16").changed_to("batch_norm", True).changed_to("dropout", 0).changed_to("size", 256)
    assert entry.label == "VGG-16 (dropout 0, batch norm, 256\N{MULTIPLICATION SIGN}256)"


def test_a_long_text_is_cut_in_a_label() -> None:
    assert len(Entry("vgg_custom").changed_to("layers", "64,M," * 20).label) < 60


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("vgg16", "2 to 8"),
        ("vgg16~vgg16", "2 to 8"),
        ("~".join(registry.names()[:9]), "2 to 8"),
        ("vgg16~vgg61", "Did you mean vgg19, vgg16"),
        ("vgg16~googlenet-auxx-true", "Did you mean aux"),
        ("vgg16~googlenet-aux", "in turn"),
        ("vgg16~googlenet-aux-maybe", "on or off"),
        ("vgg16~resnet34-shortcut-D", "A or B or C"),
        ("vgg16~alexnet-size-9", "227"),
        ("vgg16~alexnet-size-large", "whole number"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(word: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decode(word)

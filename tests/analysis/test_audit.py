"""The audit against the counters themselves, over every registered network."""

from __future__ import annotations

import pytest

from explorer import registry
from explorer.analysis import analyze
from explorer.analysis.audit import audit, published_weights, torchinfo_table

NAMES = registry.names()


@pytest.mark.parametrize("name", NAMES)
def test_totals_equal_those_of_other_counters_or_every_difference_is_explained_to_the_digit(name: str) -> None:
    lines = audit(analyze(name))
    assert all(line.is_explained for line in lines), lines
    for exact in ("FlopCounterMode", "built network"):
        assert next(line for line in lines if exact in line.source).difference == 0
    if registry.get(name).torchvision:
        published = [line for line in lines if line.source.startswith("torchvision")]
        assert len(published) == 2
        assert all(line.agrees or "auxiliary" in line.terms[0].reason for line in published), published


def test_a_published_network_that_torchvision_changed_is_held_against_torchvisions() -> None:
    lines = [line for line in audit(analyze("googlenet")) if line.source.startswith("torchvision")]
    assert [line.difference for line in lines] == [6_624_904 - 6_998_552, 1_498_000_000 - 1_582_671_872]
    assert "another" in lines[0].terms[0].reason


def test_an_option_off_its_default_is_not_held_against_torchvision() -> None:
    assert not [line for line in audit(analyze("vgg16", num_classes=10)) if line.source.startswith("torchvision")]


def test_only_what_torchvision_builds_has_its_weights() -> None:
    assert published_weights("googlenet") is None
    assert str(published_weights("resnet50_tv")) == "ResNet50_Weights.IMAGENET1K_V1"


def test_torchinfos_table_is_torchinfos() -> None:
    assert "138,357,544" in torchinfo_table(analyze("vgg16"))

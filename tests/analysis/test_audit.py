"""The audit against the counters themselves, over every registered network."""

from __future__ import annotations

from dataclasses import replace

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


@pytest.mark.parametrize("name", ["googlenet", "resnet50", "vit_b_16"])
def test_a_total_that_is_wrong_is_not_explained(name: str) -> None:
    right = analyze(name)
    memory = right.activation_bytes + 4
    wrong = replace(right, params=right.params + 1, macs=right.macs + 1, activation_bytes=memory)
    of_torchinfo = [line for line in audit(wrong) if line.source.startswith("torchinfo")]
    assert [line.unexplained for line in of_torchinfo] == [-1, -1, -4]
    assert not any(line.is_explained for line in of_torchinfo)


@pytest.mark.parametrize("name", ["vit_b_32", "swin_t", "swin_v2_t", "maxvit_t", "efficientnet_b0", "lenet5"])
def test_a_batch_is_explained_as_well(name: str) -> None:
    assert all(line.is_explained for line in audit(analyze(name, batch_size=3)))


@pytest.mark.parametrize("name", ["googlenet", "googlenet_tv", "inception_v3"])
def test_auxiliary_heads_are_counted_by_all(name: str) -> None:
    lines = [line for line in audit(analyze(name, options={"aux": True})) if line.quantity == "Parameters"]
    assert all(line.difference == 0 for line in lines if "torchvision" not in line.source)


def test_what_attention_writes_has_a_reason_of_its_own() -> None:
    analysis = analyze("vit_b_16")
    written = sum(row.activation_bytes for row in analysis.rows if row.kind == "MultiheadAttention")
    (memory,) = (line for line in audit(analysis) if line.quantity == "Activation memory")
    assert written == 12 * 197 * 768 * 4
    assert [-written] == [term.amount for term in memory.terms if "attention" in term.reason]


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

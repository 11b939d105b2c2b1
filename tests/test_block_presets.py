"""The blocks one can edit, against the networks that they are from, against what papers say, and where they end."""

from __future__ import annotations

from typing import Any

import pytest

from explorer import analysis, blocks
from explorer.architectures.lenet import C3_TABLE
from explorer.blocks.c3_table import PUBLISHED, read_table, write_table
from explorer.blocks.normalisation import USED_IN

THREE_A = {"c1x1": 64, "c3x3_reduce": 96, "c3x3": 128, "c5x5_reduce": 16, "c5x5": 32, "pool_proj": 32}


# Presets against the networks that they are taken from


def part_of(network: str, *paths: str, **how: Any) -> tuple[int, int]:
    """Parameters and MACs of blocks of a network, together."""
    found = [block for block in analysis.analyze(network, **how).blocks if block.path in paths]
    assert len(found) == len(paths)
    return sum(block.params for block in found), sum(block.macs for block in found)


def preset_of(name: str, title: str) -> tuple[int, int]:
    values = next(preset.values for preset in blocks.get(name).presets if preset.title == title)
    found = blocks.analyze(name, **values)
    return found.params, found.macs


FIRES = {"fire2": 3, "fire3": 4, "fire4": 5, "fire5": 7, "fire6": 8, "fire7": 9, "fire8": 10, "fire9": 12}
SQUEEZENET = {"input_size": (3, 227, 227)}
WITH_B = {"options": {"shortcut": "B"}}
TAKEN_FROM: list[tuple[str, str, str, tuple[str, ...], dict[str, Any]]] = [
    *(
        ("inception", f"Inception {name}", "googlenet", (f"inception{name}",), {})
        for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
    ),
    *(
        ("inception_v3", f"Mixed {name}", "inception_v3", (f"Mixed_{name}",), {})
        for name in ("5b", "5c", "5d", "6a", "6b", "6c", "6e", "7a", "7b", "7c")
    ),
    ("residual", "ResNet-34, conv2", "resnet34", ("conv2_x.1",), {}),
    ("residual", "ResNet-34, into conv3", "resnet34", ("conv3_x.0",), WITH_B),
    ("residual", "ResNet-50, into conv2", "resnet50", ("conv2_x.0",), {}),
    ("residual", "ResNet-50, conv2", "resnet50", ("conv2_x.1",), {}),
    ("residual", "ResNet-50, into conv3", "resnet50", ("conv3_x.0",), {}),
    ("residual", "Plain-34, conv2", "plain34", ("conv2_x.1",), {}),
    ("residual", "CIFAR, zeros", "resnet56", ("stage2.0",), {}),
    ("residual", "Pre-activation", "preact_resnet56", ("stage1.1",), {}),
    *(("fire", name, "squeezenet1_0", (f"features.{place}",), SQUEEZENET) for name, place in FIRES.items()),
    *(
        (
            "dense",
            f"DenseNet-121, block {i}",
            "densenet121",
            (f"features.denseblock{i}", *((f"features.transition{i}",) if i < 4 else ())),
            {},
        )
        for i in (1, 2, 3, 4)
    ),
    ("separable", "MobileNet, first", "mobilenet_v1", ("blocks.0",), {}),
    ("separable", "MobileNet, halving", "mobilenet_v1", ("blocks.1",), {}),
    ("separable", "MobileNet, middle", "mobilenet_v1", ("blocks.6",), {}),
    ("separable", "Xception, middle flow", "xception", ("middle.0.body.sepconv1.conv",), {}),
    ("inverted_residual", "MobileNetV2, 24 to 24", "mobilenet_v2", ("features.3",), {}),
    ("inverted_residual", "MobileNetV2, 24 to 32", "mobilenet_v2", ("features.4",), {}),
    ("inverted_residual", "MobileNetV3, 112 to 112", "mobilenet_v3_large", ("features.12",), {}),
    ("inverted_residual", "MobileNetV3, 112 to 160", "mobilenet_v3_large", ("features.13",), {}),
    ("inverted_residual", "EfficientNet-B0, 40 to 40", "efficientnet_b0", ("features.3.1",), {}),
    ("mlpconv", "CIFAR, first", "nin_cifar", ("mlpconv1",), {}),
    ("mlpconv", "CIFAR, second", "nin_cifar", ("mlpconv2",), {}),
    ("mlpconv", "CIFAR, third", "nin_cifar", ("mlpconv3",), {}),
    ("mlpconv", "ImageNet, first", "nin", ("mlpconv1",), {}),
]


@pytest.mark.parametrize(("name", "title", "network", "paths", "how"), TAKEN_FROM, ids=lambda one: str(one)[:30])
def test_a_preset_is_the_part_of_the_network_it_is_named_after(
    name: str, title: str, network: str, paths: tuple[str, ...], how: dict[str, Any]
) -> None:
    assert preset_of(name, title) == part_of(network, *paths, **how)


def test_the_auxiliary_heads_are_those_of_googlenet() -> None:
    heads = [preset_of("auxiliary_head", f"GoogLeNet, behind {place}")[0] for place in ("4a", "4d")]
    assert sum(heads) == analysis.analyze("googlenet", options={"aux": True}).auxiliary_params


def test_the_auxiliary_head_of_inception_v3_is_torchvisions() -> None:
    params, _ = preset_of("auxiliary_head", "Inception-v3")
    # torchvision's metadata counts 27,161,264 parameters with the head; the paper's network without it has 23,834,568
    assert params == 27_161_264 - 23_834_568


# Published claims


def test_cs231n_counts_the_naive_module_right() -> None:
    values = next(dict(preset.values) for preset in blocks.get("inception").presets if "CS231n" in preset.title)
    assert blocks.analyze("inception", naive=True, **values).macs == 854_196_224  # "854M ops"
    assert blocks.analyze("inception", **values).macs == 271_351_808  # the slide says 358M; its own terms give this


def test_the_reductions_of_3a_save_a_factor_of_2_4() -> None:
    reduced, naive = (blocks.analyze("inception", **THREE_A, naive=naive) for naive in (False, True))
    assert (reduced.params, reduced.macs) == (163_696, 128_049_152)
    assert naive.macs / reduced.macs == pytest.approx(2.37, abs=0.005)
    block = blocks.get("inception")
    values = block.check(THREE_A)
    first, _ = block.sentences(values, reduced, {"Naive": naive})
    assert first == "Without the 1×1 reductions this module needs 2.4 times the MACs and 2.4 times the parameters."


@pytest.mark.parametrize(("kernel", "saved"), [(5, 0.28), (7, 0.449)])  # Szegedy et al. 2015; Simonyan 2014
def test_3x3_in_a_row_save_what_the_papers_say_and_see_as_much(kernel: int, saved: float) -> None:
    stack, large = (blocks.analyze("small_filters", kernel=kernel, form=form) for form in ("stack", "one"))
    assert 1 - stack.macs / large.macs == pytest.approx(saved, abs=0.0005)
    for one in (stack, large):
        seen = one.rows[-1].receptive_field
        assert seen is not None
        assert seen.size == (kernel, kernel)


def test_1x3_and_3x1_save_a_third_of_one_3x3() -> None:
    pair, one = (blocks.analyze("small_filters", kernel=3, form=form) for form in ("pair", "one"))
    assert pair.macs / one.macs == pytest.approx(2 / 3)


def test_a_separable_convolution_does_one_nth_and_one_ninth_of_the_macs() -> None:
    (full,) = blocks.rivals("separable", channels=512).values()
    assert blocks.analyze("separable", channels=512).macs / full.macs == pytest.approx(1 / 512 + 1 / 9)


def test_the_table_of_c3_is_the_papers() -> None:
    assert read_table(PUBLISHED) == C3_TABLE
    assert blocks.analyze("c3_table").params == 1_516  # LeCun et al. 1998: "1,516 trainable parameters"
    (full,) = blocks.rivals("c3_table").values()
    assert full.params == 16 * (25 * 6 + 1)


@pytest.mark.parametrize(("form", "kind"), [("lrn", "LocalResponseNorm"), ("batch", "BatchNorm2d")])
def test_the_networks_named_with_a_norm_hold_it(form: str, kind: str) -> None:
    for name in USED_IN[form]:
        assert any(row.kind == kind for row in analysis.analyze(name).rows), name


# Choices that do not fit


MISFITS = [
    (
        "residual",
        {"shortcut": "identity", "channels": 128},
        "The sum needs 64 channels on both sides; the branch has 128: use a projection (B).",
    ),
    ("residual", {"shortcut": "identity", "stride": 2}, "28×28 of 56×56"),
    ("residual", {"shortcut": "A", "channels": 32}, "from 64 to 32"),
    ("residual", {"form": "preact_basic", "shortcut": "C"}, "clean"),
    ("residual", {"form": "preact_bottleneck", "shortcut": "A"}, "use B"),
    ("auxiliary_head", {"size": 17}, "128 maps of 4×4; pooling makes 5×5 of 17×17"),
    ("auxiliary_head", {"size": 4}, "larger than a map of 4×4"),
    ("auxiliary_head", {"form": "inception_v3", "size": 14}, "gets only 4×4"),
    ("inception_v3", {"form": "B", "size": 2}, "a map of 2×2 is too small"),
    ("inception_factorised", {"kernel": 4}, "no middle"),
    ("small_filters", {"kernel": 6}, "no middle"),
    ("separable", {"form": "xception", "stride": 2}, "use stride 1"),
    ("inverted_residual", {"in_channels": 20}, "multiples of 8; 20 is none"),
    ("inverted_residual", {"form": "mobilenet_v2"}, "no squeeze-and-excitation"),
    ("inverted_residual", {"form": "mobilenet_v2", "squeeze_excitation": False, "kernel": 5}, "always 3×3"),
    ("inverted_residual", {"kernel": 4}, "no middle"),
    ("mlpconv", {"kernel": 11, "size": 4, "padding": 1}, "map of 4×4, 6×6 with its padding, even once"),
    ("dense", {"size": 1}, "cannot be halved"),
    ("c3_table", {"maps": ".".join([""] + ["0"] * 15)}, "map 0 reads none"),
    ("c3_table", {"maps": "012"}, "not 1"),
    ("c3_table", {"maps": ".".join(["007"] * 16)}, "no such list"),
    ("c3_table", {"size": 4}, "does not fit into a map of 4×4"),
]


@pytest.mark.parametrize(("name", "values", "reason"), MISFITS)
def test_choices_that_do_not_fit_are_explained_in_a_sentence(name: str, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$") as refused:
        blocks.analyze(name, **values)
    assert reason in str(refused.value)


def test_without_the_skip_nothing_has_to_fit() -> None:
    assert blocks.analyze("residual", shortcut="identity", channels=128, stride=2, skip=False).params


def test_a_table_is_written_as_it_is_read() -> None:
    assert write_table(read_table(PUBLISHED)) == PUBLISHED

"""Analyses against the networks themselves, and against the tables of the papers."""

from __future__ import annotations

import functools
import pickle
from typing import Any

import pytest
import torch
from torch import nn

from explorer import registry
from explorer.analysis import analyze
from explorer.analysis.rows import GROUPS, INPUT, Analysis
from explorer.analysis.summary import summarize

NAMES = registry.names()

# Layer, its output and its parameters, by hand from the tables of the papers named.
GOLDEN = {
    # LeCun et al. 1998, section II-B
    "lenet5": {
        "c1": ("6x28x28", 156),
        "s2": ("6x14x14", 12),
        "s4": ("16x5x5", 32),
        "c5": ("120x1x1", 48_120),
        "f6": ("84", 10_164),
    },
    # Krizhevsky et al. 2012, section 3.5
    "alexnet": {
        "conv1": ("96x55x55", 34_944),
        "conv2": ("256x27x27", 307_456),
        "conv3": ("384x13x13", 885_120),
        "conv4": ("384x13x13", 663_936),
        "conv5": ("256x13x13", 442_624),
        "fc6": ("4096", 37_752_832),
        "fc7": ("4096", 16_781_312),
        "fc8": ("1000", 4_097_000),
    },
    # Zeiler and Fergus 2013, figure 3
    "zfnet": {
        "conv1": ("96x110x110", 14_208),
        "conv2": ("256x26x26", 614_656),
        "conv3": ("384x13x13", 885_120),
        "conv4": ("384x13x13", 1_327_488),
        "conv5": ("256x13x13", 884_992),
        "fc6": ("4096", 37_752_832),
        "fc7": ("4096", 16_781_312),
        "fc8": ("1000", 4_097_000),
    },
    # Simonyan and Zisserman 2014, table 1
    "vgg16": {
        "features.0": ("64x224x224", 1_792),
        "features.2": ("64x224x224", 36_928),
        "features.5": ("128x112x112", 73_856),
        "features.7": ("128x112x112", 147_584),
        "features.10": ("256x56x56", 295_168),
        "features.12": ("256x56x56", 590_080),
        "features.14": ("256x56x56", 590_080),
        "features.17": ("512x28x28", 1_180_160),
        "features.19": ("512x28x28", 2_359_808),
        "features.21": ("512x28x28", 2_359_808),
        "features.24": ("512x14x14", 2_359_808),
        "features.26": ("512x14x14", 2_359_808),
        "features.28": ("512x14x14", 2_359_808),
        "classifier.0": ("4096", 102_764_544),
        "classifier.3": ("4096", 16_781_312),
        "classifier.6": ("1000", 4_097_000),
    },
    # Szegedy et al. 2014, table 1: outputs, and parameters by its kernel counts, with biases
    "googlenet": {
        "conv1.conv": ("64x112x112", 9_472),
        "conv2.conv": ("192x56x56", 110_784),
        "inception3a.cat": ("256x28x28", 0),
        "inception3b.cat": ("480x28x28", 0),
        "inception4a.cat": ("512x14x14", 0),
        "inception4b.cat": ("512x14x14", 0),
        "inception4c.cat": ("512x14x14", 0),
        "inception4d.cat": ("528x14x14", 0),
        "inception4e.cat": ("832x14x14", 0),
        "inception5a.cat": ("832x7x7", 0),
        "inception5b.cat": ("1024x7x7", 0),
        "fc": ("1000", 1_025_000),
    },
    # He et al. 2015, table 1
    "resnet50_tv": {
        "conv1": ("64x112x112", 9_408),
        "layer1.2.conv3": ("256x56x56", 16_384),
        "layer2.3.conv3": ("512x28x28", 65_536),
        "layer3.5.conv3": ("1024x14x14", 262_144),
        "layer4.2.conv3": ("2048x7x7", 1_048_576),
        "fc": ("1000", 2_049_000),
    },
    # Huang et al. 2016, table 1
    "densenet121": {
        "features.conv0": ("64x112x112", 9_408),
        "features.transition1.conv": ("128x56x56", 32_768),
        "features.transition3.pool": ("512x7x7", 0),
        "classifier": ("1000", 1_025_000),
    },
    # Iandola et al. 2016, table 1; torchvision's first convolution is not padded, so 109 in place of 111
    "squeezenet1_0": {
        "features.0": ("96x109x109", 14_208),
        "features.3.expand3x3": ("64x54x54", 9_280),
        "features.12.cat": ("512x13x13", 0),
        "classifier.1": ("1000x13x13", 513_000),
    },
    # Sandler et al. 2018, table 2
    "mobilenet_v2": {"features.18.0": ("1280x7x7", 409_600), "classifier.1": ("1000", 1_281_000)},
    # Szegedy et al. 2015, table 1
    "inception_v3": {
        "Conv2d_1a_3x3.conv": ("32x149x149", 864),
        "Conv2d_2b_3x3.conv": ("64x147x147", 18_432),
        "Conv2d_4a_3x3.conv": ("192x71x71", 138_240),
        "Mixed_6a.cat": ("768x17x17", 0),
        "Mixed_7a.cat": ("1280x8x8", 0),
        "fc": ("1000", 2_049_000),
    },
    # Tan and Le 2019, table 1
    "efficientnet_b0": {"features.0.0": ("32x112x112", 864), "features.8.0": ("1280x7x7", 409_600)},
    # Dosovitskiy et al. 2020, section 3.1
    "vit_b_16": {"conv_proj": ("768x14x14", 590_592), "class_token": ("", 768), "heads.head": ("1000", 769_000)},
}


@pytest.mark.parametrize("name", NAMES)
def test_rows_add_up_to_the_totals(name: str) -> None:
    analysis = analyze(name)
    for field in ("params", "trainable_params", "macs", "activation_bytes"):
        assert sum(getattr(row, field) for row in analysis.rows) == getattr(analysis, field)
        assert getattr(analysis.blocks[0], field) == getattr(analysis, field)


@pytest.mark.parametrize("name", NAMES)
def test_rows_have_names_of_their_own_and_read_only_earlier_rows(name: str) -> None:
    seen = {INPUT}
    for row in analyze(name).rows:
        assert row.path not in seen
        assert row.group in GROUPS
        assert seen.issuperset(row.inputs), row
        seen.add(row.path)


@pytest.mark.parametrize("name", GOLDEN)
def test_layers_are_those_of_the_papers_table(name: str) -> None:
    rows = analyze(name).by_path
    for path, (output, params) in GOLDEN[name].items():
        row = rows[path]
        assert row.params == params, path
        if output:
            assert "x".join(map(str, row.output_shape[1:])) == output, path


def test_the_first_inception_module_costs_what_its_filters_do() -> None:
    block = next(block for block in analyze("googlenet").blocks if block.path == "inception3a")
    by_hand = (192 * 64 + 64) + (192 * 96 + 96) + (9 * 96 * 128 + 128)
    by_hand += (192 * 16 + 16) + (25 * 16 * 32 + 32) + (192 * 32 + 32)
    assert block.params == by_hand == 163_696
    assert block.macs == 128_049_152


def test_operations_between_modules_are_rows() -> None:
    rows = analyze("resnet50_tv").by_path
    assert rows["layer1.0.add"].inputs == ("layer1.0.bn3", "layer1.0.downsample.1")
    assert rows["layer1.1.add"].inputs == ("layer1.1.bn3", "layer1.0.relu:3")
    assert rows["flatten"].output_shape == (1, 2048)


def test_a_second_call_of_one_module_is_a_row_without_weights_of_its_own() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(4, 4, 3, padding=1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.conv(self.conv(x))

    analysis = _of(Twice(), (1, 4, 8, 8))
    assert [row.path for row in analysis.rows] == ["conv", "conv:2"]
    assert [row.params for row in analysis.rows] == [148, 0]
    assert [row.macs for row in analysis.rows] == [9_216, 9_216]
    assert analysis.rows[1].is_repeat


def test_tied_weights_are_counted_once() -> None:
    with torch.device("meta"):
        network = nn.Sequential(nn.Linear(5, 5, bias=False), nn.ReLU(), nn.Linear(5, 5, bias=False))
    network[2].weight = network[0].weight
    assert _of(network, (1, 5)).params == 25


def test_frozen_weights_are_not_trainable() -> None:
    network = nn.Sequential(nn.Linear(5, 5), nn.Linear(5, 2))
    network[0].requires_grad_(False)
    analysis = _of(network, (1, 5))
    assert (analysis.params, analysis.trainable_params) == (42, 12)


def _of(network: nn.Module, shape: tuple[int, ...]) -> Analysis:
    return summarize(network.to("meta"), shape, name="own", title="Own")


def test_auxiliary_heads_are_shown_apart() -> None:
    analysis = analyze("googlenet", options={"aux": True})
    assert (analysis.params, analysis.auxiliary_params) == (13_378_280, 13_378_280 - 6_998_552)
    assert analysis.macs == analyze("googlenet").macs


def test_a_batch_multiplies_macs_and_memory_and_leaves_parameters() -> None:
    one, eight = analyze("resnet20"), analyze("resnet20", batch_size=8)
    assert eight.macs == 8 * one.macs
    assert eight.activation_bytes == 8 * one.activation_bytes
    assert eight.params == one.params


def test_a_layer_that_works_in_place_writes_nothing() -> None:
    rows = analyze("vgg16").by_path
    assert rows["features.0"].activation_bytes == 4 * 64 * 224 * 224
    assert rows["features.1"].activation_bytes == 0


def test_vgg16_writes_what_the_course_notes_table_adds_up_to() -> None:
    """CS231n's column has the picture too; torchvision's adaptive pooling writes its output once more."""
    values = analyze("vgg16").activation_bytes // 4
    assert values + 3 * 224 * 224 - 512 * 7 * 7 == 15_237_608


def test_a_result_is_plain_data_that_holds_no_tensor() -> None:
    analysis = analyze("googlenet")
    assert b"torch" not in pickle.dumps(analysis)
    assert pickle.loads(pickle.dumps(analysis)) == analysis
    with pytest.raises(AttributeError):
        analysis.params = 0  # type: ignore[misc]


def test_a_result_is_cached() -> None:
    assert analyze("vgg16") is analyze("vgg16", options={"batch_norm": False})


@pytest.mark.parametrize("batch", [0, -1, 1.5, True, "2", None])
def test_a_batch_of_no_whole_number_of_pictures_is_refused(batch: Any) -> None:
    with pytest.raises(ValueError, match=f"A batch is a whole number of pictures, at least one, not {batch!r}"):
        analyze("vgg16", batch_size=batch)


@pytest.mark.parametrize(
    "size", [(3, 224), (3, 224, 224, 5), (), (3, 224.5, 224), (3, "224", 224), (3, True, 224), 224, "abc"]
)
def test_an_input_that_is_not_three_whole_numbers_is_refused(size: Any) -> None:
    with pytest.raises(ValueError, match="An input is three whole numbers, channels, height and width, not"):
        analyze("vgg16", input_size=size)


@pytest.mark.parametrize("classes", [2.5, "x", True, (10,)])
def test_a_number_of_classes_that_is_not_whole_is_refused(classes: Any) -> None:
    with pytest.raises(ValueError, match="The number of classes is a whole number, not"):
        analyze("vgg16", num_classes=classes)


@pytest.mark.parametrize("name", [None, 16, ["vgg16"]])
def test_what_is_no_name_is_an_unknown_network(name: Any) -> None:
    with pytest.raises(KeyError, match="There is no network called"):
        analyze(name)


def test_too_many_classes_for_lenets_bitmaps_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 10 classes, not 11"):
        analyze("lenet5", num_classes=11)


@pytest.mark.parametrize("name", ["resnet18", "swin_v2_t", "vit_b_16", "efficientnet_b0", "googlenet"])
def test_kernels_that_are_stepped_around_give_the_shapes_that_they_have(name: str) -> None:
    """Norms and a few others are not run on meta; real tensors on the CPU must give the same output."""
    arch = registry.get(name)
    side = 256 if "swin" in name else 224 if "vit" in name else 64
    rows = analyze(name, input_size=(3, side, side)).by_path
    network = arch.build().eval()
    shapes: dict[str, tuple[int, ...]] = {}
    for path, module in network.named_modules():
        if path in rows and not list(module.children()):
            module.register_forward_hook(functools.partial(_keep_shape, shapes, path))
    with torch.no_grad():
        network(torch.zeros(1, 3, side, side))
    assert shapes
    assert {path: rows[path].output_shape for path in shapes} == shapes


def _keep_shape(shapes: dict[str, tuple[int, ...]], path: str, _: nn.Module, __: object, output: torch.Tensor) -> None:
    shapes.setdefault(path, tuple(output.shape))

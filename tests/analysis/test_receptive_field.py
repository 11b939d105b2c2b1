"""Receptive fields against published ones, and against the pixels that a gradient really reaches."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from explorer import registry
from explorer.analysis import analyze, receptive_fields

# Araujo et al. 2019, table 1 ("Computing Receptive Fields of Convolutional Neural Networks"): size and stride at the
# last feature map of these networks, in the layouts of TF-Slim where they equal ours.
PUBLISHED = {"vgg16": (212, 32), "resnet50": (483, 32), "resnet101": (1027, 32), "resnet152": (1507, 32)}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_last_feature_map_sees_what_is_published(name: str) -> None:
    field = analyze(name).receptive_field
    assert field is not None
    assert (field.size[0], field.stride[0]) == PUBLISHED[name]


@pytest.mark.parametrize("side", [32, 100, 224, 320])
def test_adaptive_pooling_leaves_the_last_feature_map_as_it_is(side: int) -> None:
    field = analyze("vgg16", input_size=(3, side, side)).receptive_field
    assert field is not None
    assert (field.size[0], field.stride[0]) == PUBLISHED["vgg16"]


def _soften(network: nn.Module) -> nn.Module:
    """Make every path carry a positive gradient: positive weights, averages for maxima, norms that keep values."""
    for module in network.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.MaxPool2d):
                pool = nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode)
                setattr(module, name, pool)
            if isinstance(child, (nn.ReLU6, nn.Hardswish, nn.SiLU)):
                setattr(module, name, nn.ReLU())
    for weight in network.parameters():
        nn.init.constant_(weight, 0.01)
    return network.double().eval()


CHECKED = [
    ("resnet18", 128, "conv3_x.1.relu2"),
    ("googlenet", 128, "inception4a.cat"),
    ("squeezenet1_1", 128, "features.7.cat"),
    ("mobilenet_v1", 96, "blocks.4.pointwise.relu"),
    ("densenet121", 96, "features.denseblock1.denselayer6.conv2"),
    ("inception_v3", 139, "Mixed_6b.cat"),
    ("nin_cifar", 64, "mlpconv3.cccp2"),
    ("resnet20", 64, "stage3.0.shortcut"),
    ("mobilenet_v2", 96, "features.6.add"),
]


@pytest.mark.parametrize(("name", "side", "path"), CHECKED)
def test_a_gradient_reaches_exactly_the_pixels_of_the_field(name: str, side: int, path: str) -> None:
    channels = registry.get(name).input_size[0]
    row = analyze(name, input_size=(channels, side, side)).by_path[path]
    field = row.receptive_field
    assert field is not None
    unit = tuple(count // 2 for count in row.output_shape[2:])
    reached = _reached(name, side, path, unit)
    for axis in (0, 1):
        centre = field.offset[axis] + unit[axis] * field.stride[axis]
        first, last = centre - (field.size[axis] - 1) / 2, centre + (field.size[axis] - 1) / 2
        assert reached[axis] == (max(first, 0), min(last, side - 1)), (axis, field)


SHORT_VGG = {"layers": "4, M, 4, M"}  # 7 units a side behind adaptive pooling of a quarter of the picture's side


@pytest.mark.parametrize("side", [36, 40, 52, 80])
def test_behind_uneven_adaptive_pooling_the_field_is_the_widest_that_a_gradient_reaches(side: int) -> None:
    row = analyze("vgg_custom", input_size=(3, side, side), options=SHORT_VGG).by_path["avgpool"]
    field = row.receptive_field
    assert field is not None
    assert not field.has_even_steps
    reached = [_reached("vgg_custom", side, "avgpool", (unit, unit), **SHORT_VGG) for unit in range(7)]
    assert field.size == tuple(max(last - first + 1 for first, last in spans) for spans in zip(*reached, strict=True))


@pytest.mark.parametrize("side", [28, 32, 40, 80])
def test_flattening_behind_adaptive_pooling_sees_what_the_whole_map_sees(side: int) -> None:
    units = side // 4  # one for each four pixels, and each sees ten
    sees = 10 + 4 * (units - 1)
    field = analyze("vgg_custom", input_size=(3, side, side), options=SHORT_VGG).by_path["flatten"].receptive_field
    assert field is not None
    assert field.size == (sees, sees)


def _reached(name: str, side: int, path: str, unit: tuple[int, ...], **options: str) -> list[tuple[int, int]]:
    """The first and last row and column of the picture that the gradient of one unit reaches."""
    network = _soften(registry.get(name).build(**options))
    kept: list[Tensor] = []
    block = path.rpartition(".")[0]
    is_module = path in dict(network.named_modules())
    target = network.get_submodule(path if is_module else block)
    target.register_forward_hook(lambda _, __, output: kept.append(output))
    picture = torch.ones(1, registry.get(name).input_size[0], side, side, dtype=torch.float64, requires_grad=True)
    network(picture)
    kept[0][0, :, unit[0], unit[1]].sum().backward()
    assert picture.grad is not None
    touched = picture.grad[0].abs().sum(0) > 0
    spans = []
    for axis in (0, 1):
        places = touched.any(1 - axis).nonzero().flatten()
        spans.append((int(places[0]), int(places[-1])))
    return spans


def test_branches_give_a_least_and_a_greatest_field() -> None:
    field = receptive_fields("googlenet")["inception3a.cat"]
    assert field is not None
    assert field.size > field.least
    before = receptive_fields("googlenet")["inception3a.branch1x1.conv"]
    assert before is not None
    assert before.size == field.least


@pytest.mark.parametrize("name", registry.names())
def test_only_attention_leaves_no_field_and_a_small_picture_leaves_it_as_it_is(name: str) -> None:
    arch = registry.get(name)
    channels, side, _ = arch.input_size
    least = arch.size_range(arch.defaults)[0]
    usual, small = (analyze(name, input_size=(channels, size, size)) for size in (side, least))
    field, of_small = usual.receptive_field, small.receptive_field
    if name.startswith(("vit", "swin", "maxvit")):
        assert field is None
        assert of_small is None
        return
    assert field is not None
    assert of_small is not None
    assert (of_small.least, of_small.stride) == (field.least, field.stride)
    reads_whole_maps = any("SqueezeExcitation" in block.kind for block in usual.blocks)
    assert (of_small.size < field.size) if reads_whole_maps else (of_small.size == field.size)


def test_an_asymmetric_kernel_sees_further_in_one_direction() -> None:
    fields = receptive_fields("inception_v3")
    before, after = fields["Mixed_6b.branch7x7_1.conv"], fields["Mixed_6b.branch7x7_2.conv"]
    assert before is not None
    assert after is not None
    assert after.size[1] - before.size[1] == 6 * before.stride[1]
    assert after.size[0] == before.size[0]

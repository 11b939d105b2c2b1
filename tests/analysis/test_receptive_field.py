"""Receptive fields against published ones, and against the pixels that a gradient really reaches."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torchvision.ops import SqueezeExcitation

from explorer import registry
from explorer.analysis import analyze, receptive_fields
from explorer.analysis.meta_device import network_on_meta
from explorer.analysis.rows import LayerRow, ReceptiveField
from explorer.analysis.summary import summarize
from explorer.analysis.trace import trace

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
            if isinstance(child, nn.Hardsigmoid):  # flat where it is full
                setattr(module, name, nn.Sigmoid())
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
    unit = tuple(count // 2 for count in row.output_shape[2:])
    assert _reached(name, side, path, unit) == _window(row, unit, side)


def _window(row: LayerRow, unit: tuple[int, ...], side: int) -> list[tuple[float, float]]:
    """The first and last row and column of the picture in the field of a unit."""
    field = row.receptive_field
    assert field is not None
    spans = []
    for axis in (0, 1):
        centre = field.offset[axis] + unit[axis] * field.stride[axis]
        first, last = centre - (field.size[axis] - 1) / 2, centre + (field.size[axis] - 1) / 2
        spans.append((max(first, 0), min(last, side - 1)))
    return spans


GATED = [  # squeeze-and-excitation; rows before and behind the first gates, all with several units at 64 pixels
    ("efficientnet_b0", "features.1.0.block.0.0", False),
    ("efficientnet_b0", "features.1.0.block.2.0", True),
    ("efficientnet_b0", "features.2.0.block.1.0", True),
    ("efficientnet_b0", "features.3.1.add", True),
    ("mobilenet_v3_small", "features.1.block.0.0", False),
    ("mobilenet_v3_small", "features.1.block.2.0", True),
    ("mobilenet_v3_small", "features.3.add", True),
    ("mobilenet_v3_small", "features.4.block.1.0", True),
    ("regnet_y_400mf", "trunk_output.block1.block1-0.proj.0", False),
    ("regnet_y_400mf", "trunk_output.block1.block1-0.add", True),
    ("regnet_y_400mf", "trunk_output.block2.block2-0.proj.0", True),
    ("regnet_y_400mf", "trunk_output.block3.block3-0.f.b.0", True),
]


@pytest.mark.parametrize(("name", "path", "is_gated"), GATED)
def test_behind_a_gate_a_gradient_reaches_the_whole_picture_and_without_it_the_window(
    name: str, path: str, is_gated: bool
) -> None:
    side = 64
    row = analyze(name, input_size=(3, side, side)).by_path[path]
    assert row.receptive_field is not None
    assert row.receptive_field.is_gated == is_gated
    count = row.output_shape[2]
    for unit in ((0, 0), (count // 2, count // 2), (count - 1, count - 1)):
        window = _window(row, unit, side)
        assert _reached(name, side, path, unit, has_gates=False) == window
        assert _reached(name, side, path, unit) == ([(0, side - 1)] * 2 if is_gated else window)


@pytest.mark.parametrize("name", ["efficientnet_b0", "efficientnet_v2_s", "mobilenet_v3_large", "regnet_y_400mf"])
@pytest.mark.parametrize("side", [1, 31, 64, 97])
def test_gates_read_the_whole_picture_at_every_size(name: str, side: int) -> None:
    with network_on_meta(name, 1000, ()) as network:
        fields = [node.seen for node in trace(network, (1, 3, side, side)).nodes]
    gates = [field.shared for field in fields if field and field.shared]
    assert gates
    assert all(low <= 0 and high >= side - 1 for gate in gates for low, high in gate)


def test_global_pooling_behind_a_gate_sees_windows_and_gate_together() -> None:
    fields = receptive_fields("efficientnet_b0", input_size=(3, 64, 64))
    last_map, pooled = fields["features.8.2"], fields["avgpool"]
    assert last_map is not None
    assert pooled is not None
    assert last_map.is_gated
    assert not pooled.is_gated
    assert pooled.size[0] == last_map.size[0] + last_map.stride[0]  # two units a side


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


class _WideGate(nn.Module):
    """A map that sees single pixels, times what a 7x7 sees of the whole picture."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow, self.wide, self.last = nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 7, padding=3), nn.Conv2d(1, 1, 3)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, picture: Tensor) -> Tensor:
        gated = self.narrow(picture) * self.wide(picture).mean((2, 3), keepdim=True)
        return self.pool(self.last(gated))  # type: ignore[no-any-return]


def test_what_a_gate_read_moves_with_no_window_and_is_seen_by_the_next_global_pooling() -> None:
    with torch.device("meta"):
        rows = summarize(_WideGate(), (1, 1, 8, 8), name="wide", title="Wide").by_path
    gated, behind, pooled = (rows[path].receptive_field for path in ("mul", "last", "pool"))
    assert gated == ReceptiveField((1, 1), (1, 1), (1, 1), (0, 0), is_gated=True)
    assert behind == ReceptiveField((3, 3), (3, 3), (1, 1), (1, 1), is_gated=True)
    assert pooled is not None
    assert pooled.size == (14, 14)  # the gate's: eight pixels, and three of padding on each side
    assert pooled.offset == (3.5, 3.5)


def _reached(
    name: str, side: int, path: str, unit: tuple[int, ...], has_gates: bool = True, **options: str
) -> list[tuple[int, int]]:
    """The first and last row and column of the picture that the gradient of one unit reaches."""
    network = _soften(registry.get(name).build(**options))
    for module in network.modules():
        if isinstance(module, SqueezeExcitation) and not has_gates:
            module.scale_activation = _Open()
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


class _Open(nn.Module):
    """A gate that lets everything through, whatever the picture."""

    def forward(self, scale: Tensor) -> Tensor:
        return torch.ones_like(scale)


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
    assert (of_small.size, of_small.least, of_small.stride) == (field.size, field.least, field.stride)
    assert field.is_gated == any("SqueezeExcitation" in block.kind for block in usual.blocks)


def test_an_asymmetric_kernel_sees_further_in_one_direction() -> None:
    fields = receptive_fields("inception_v3")
    before, after = fields["Mixed_6b.branch7x7_1.conv"], fields["Mixed_6b.branch7x7_2.conv"]
    assert before is not None
    assert after is not None
    assert after.size[1] - before.size[1] == 6 * before.stride[1]
    assert after.size[0] == before.size[0]

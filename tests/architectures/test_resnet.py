"""The ResNets: totals of every name and shortcut, the shortcuts themselves, and the smallest pictures."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from explorer.architectures.resnet import (
    BasicBlock,
    Bottleneck,
    PreActBasicUnit,
    PreActBottleneckUnit,
    ZeroPadShortcut,
    make_shortcut,
)
from explorer.catalogue.resnet import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}


def build_on_meta(name: str, **options: object) -> nn.Module:
    with torch.device("meta"):
        return BY_NAME[name].build(**options).eval()


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def macs(name: str) -> int:
    network, picture = build_on_meta(name), torch.zeros(1, *BY_NAME[name].input_size, device="meta")
    with FlopCounterMode(display=False) as counter:
        network(picture)
    return counter.get_total_flops() // 2


# He et al. 2015, tables 1 and 6, worked out by hand; torchvision's metadata for its own.
@pytest.mark.parametrize(
    ("name", "total"),
    [
        *(("plain18", 11_515_688), ("plain34", 21_623_848), ("resnet18", 11_515_688), ("resnet34", 21_623_848)),
        *(("resnet50", 25_557_032), ("resnet101", 44_549_160), ("resnet152", 60_192_808)),
        *(("resnet18_tv", 11_689_512), ("resnet34_tv", 21_797_672), ("resnet50_tv", 25_557_032)),
        *(("resnet101_tv", 44_549_160), ("resnet152_tv", 60_192_808)),
        *(("plain20", 269_722), ("plain32", 464_154), ("plain44", 658_586), ("plain56", 853_018)),
        *(("plain110", 1_727_962), ("resnet20", 269_722), ("resnet32", 464_154), ("resnet44", 658_586)),
        *(("resnet56", 853_018), ("resnet110", 1_727_962), ("preact_resnet56", 853_018), ("resnet_toy", 576_282)),
    ],
)
def test_parameters_are_those_published(name: str, total: int) -> None:
    assert parameters(build_on_meta(name)) == total


@pytest.mark.parametrize(("name", "millions", "half_digit"), [("164", 1.70, 0.005), ("1001", 10.3, 0.05)])
def test_deep_preactivation_networks_have_about_the_published_parameters(
    name: str, millions: float, half_digit: float
) -> None:
    assert parameters(build_on_meta(f"preact_resnet{name}")) == pytest.approx(millions * 1e6, abs=half_digit * 1e6)


# B of 18 and 34 is torchvision's; the others add a 1x1 convolution and a batch norm for each shortcut, by hand.
@pytest.mark.parametrize(
    ("name", "shortcut", "total"),
    [
        *(("resnet18", "A", 11_515_688), ("resnet18", "B", 11_689_512), ("resnet18", "C", 12_043_816)),
        *(("resnet34", "A", 21_623_848), ("resnet34", "B", 21_797_672), ("resnet34", "C", 22_716_840)),
        *(("resnet50", "B", 25_557_032), ("resnet50", "C", 40_128_552)),
        *(("resnet20", "B", 269_722 + 512 + 64 + 2048 + 128),),
        *(("resnet20", "C", 272_474 + 3 * (256 + 32) + 2 * (1024 + 64) + 2 * (4096 + 128)),),
    ],
)
def test_shortcuts_cost_what_they_should(name: str, shortcut: str, total: int) -> None:
    assert parameters(build_on_meta(name, shortcut=shortcut)) == total


@pytest.mark.parametrize(("name", "billions"), [("resnet50", 3.858), ("resnet101", 7.570), ("resnet152", 11.282)])
def test_macs_are_those_of_the_stride_in_the_first_1x1(name: str, billions: float) -> None:
    assert macs(name) == pytest.approx(billions * 1e9, abs=0.0005e9)


@pytest.mark.parametrize(("plain", "residual"), [("plain34", "resnet34"), ("plain56", "resnet56")])
def test_option_a_costs_no_macs(plain: str, residual: str) -> None:
    assert macs(plain) == macs(residual)


@pytest.mark.parametrize("name", BY_NAME)
def test_output_has_one_row_a_picture(name: str) -> None:
    arch = BY_NAME[name]
    assert build_on_meta(name)(torch.zeros(2, *arch.input_size, device="meta")).shape == (2, arch.classes)


@pytest.mark.parametrize("name", ["plain18", "resnet18", "resnet50", "resnet20", "preact_resnet56", "resnet_toy"])
def test_learns_from_the_smallest_picture(name: str) -> None:
    arch = BY_NAME[name]
    network = arch.build(num_classes=3).train()
    pictures = torch.randn(2, arch.input_size[0], arch.least_size, arch.least_size)
    F.cross_entropy(network(pictures), torch.tensor([0, 2])).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())


def test_smallest_picture_of_the_toy_is_28() -> None:
    toy = build_on_meta("resnet_toy")
    with pytest.raises(RuntimeError):
        toy(torch.zeros(1, 1, 27, 27, device="meta"))


def test_option_a_takes_every_second_pixel_and_adds_channels_of_zeros() -> None:
    picture = torch.arange(32.0).reshape(1, 2, 4, 4)
    out = ZeroPadShortcut(2, 5, stride=2)(picture)
    assert out[0, 0].tolist() == [[0, 2], [8, 10]]
    assert out[0, 1].tolist() == [[16, 18], [24, 26]]
    assert out.shape == (1, 5, 2, 2)
    assert not out[0, 2:].any()


def test_shortcut_is_the_identity_where_the_shape_stays() -> None:
    assert isinstance(make_shortcut("A", 16, 16, 1), nn.Identity)
    assert isinstance(make_shortcut("B", 16, 16, 1), nn.Identity)


def test_option_c_projects_even_where_the_shape_stays() -> None:
    assert isinstance(make_shortcut("C", 16, 16, 1), nn.Sequential)


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
def test_block_with_silent_layers_passes_its_input_on(block: type[BasicBlock | Bottleneck]) -> None:
    one = block(16, 16 // block.expansion).eval()
    for weight in one.parameters():
        nn.init.zeros_(weight)
    x = torch.rand(1, 16, 4, 4)  # positive, as after a ReLU
    assert torch.equal(one(x), x)


def test_plain_block_with_silent_layers_passes_nothing_on() -> None:
    block = BasicBlock(16, 16, shortcut="none").eval()
    for weight in block.parameters():
        nn.init.zeros_(weight)
    assert not block(torch.rand(1, 16, 4, 4)).any()


@pytest.mark.parametrize("unit", [PreActBasicUnit, PreActBottleneckUnit])
def test_nothing_follows_the_sum_of_a_preactivation_unit(unit: type[PreActBasicUnit | PreActBottleneckUnit]) -> None:
    one = unit(16, 16 // unit.expansion).eval()
    for weight in one.parameters():
        nn.init.zeros_(weight)
    x = torch.randn(1, 16, 4, 4)
    assert torch.equal(one(x), x)


def test_shared_activation_reaches_the_shortcut() -> None:
    unit = PreActBasicUnit(4, 4, shares_activation=True).eval()
    for conv in (unit.conv1, unit.conv2):
        nn.init.zeros_(conv.weight)
    x = torch.randn(1, 4, 4, 4)
    assert torch.equal(unit(x), unit.bn1(x).relu())


def test_stride_of_a_bottleneck_is_in_its_first_1x1() -> None:
    block = Bottleneck(256, 128, stride=2)
    assert (block.conv1.stride, block.conv2.stride) == ((2, 2), (1, 1))


def test_only_the_first_unit_of_a_stage_shares_its_activation() -> None:
    network = build_on_meta("preact_resnet164")
    for stage in (network.stage1, network.stage2, network.stage3):
        assert [unit.shares_activation for unit in stage] == [True] + 17 * [False]


def test_convolutions_start_with_variance_two_by_fan_in() -> None:
    weight: Tensor = BasicBlock(256, 256).conv1.weight
    assert weight.var().item() == pytest.approx(2 / (256 * 9), rel=0.02)


def test_unknown_shortcut_says_what_there_is() -> None:
    with pytest.raises(ValueError, match="shortcut can be B or C, not 'A'"):
        BY_NAME["resnet50"].build(shortcut="A")


def test_counterparts_name_each_other() -> None:
    for depth in (18, 34, 50, 101, 152):
        assert BY_NAME[f"resnet{depth}"].counterpart == f"resnet{depth}_tv"
        assert BY_NAME[f"resnet{depth}_tv"].counterpart == f"resnet{depth}"

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from explorer.architectures.mobilenet import DepthwiseSeparable
from explorer.catalogue import mobilenet

BY_NAME = {arch.name: arch for arch in mobilenet.ARCHITECTURES}


def count_macs(network: torch.nn.Module) -> float:
    with FlopCounterMode(display=False) as counter:
        network(torch.empty(1, 3, 224, 224))
    return counter.get_total_flops() / 2


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("mobilenet_v1", 4_231_976),
        ("mobilenet_v2", 3_504_872),
        ("mobilenet_v3_small", 2_542_856),
        ("mobilenet_v3_large", 5_483_032),
    ],
)
def test_mobilenet_has_its_parameters(name, params):
    with torch.device("meta"):
        network = BY_NAME[name].build()
    assert sum(p.numel() for p in network.parameters()) == params


def test_mobilenet_v1_has_its_macs():
    with torch.device("meta"):
        assert count_macs(BY_NAME["mobilenet_v1"].build()) == 568_740_352


# Howard et al. 2017, table 6.
@pytest.mark.parametrize(
    ("width", "million_macs", "million_params"), [(1.0, 569, 4.2), (0.75, 325, 2.6), (0.5, 149, 1.3), (0.25, 41, 0.5)]
)
def test_widths_cost_what_the_paper_says(width, million_macs, million_params):
    with torch.device("meta"):
        network = BY_NAME["mobilenet_v1"].build(width=width)
        assert round(count_macs(network) / 1e6) == million_macs
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 1) == million_params


# Howard et al. 2017, table 2: the share of the 1x1 convolutions is 94.86 % of the MACs and 74.59 % of the parameters.
def test_pointwise_convolutions_hold_three_quarters_of_the_parameters():
    with torch.device("meta"):
        network = BY_NAME["mobilenet_v1"].build()
    pointwise = sum(p.numel() for name, p in network.named_parameters() if "pointwise.conv" in name)
    weights = sum(p.numel() for p in network.parameters() if p.dim() > 1)
    assert 0.74 < pointwise / weights < 0.75


def test_depthwise_separable_block_filters_each_channel_alone():
    block = DepthwiseSeparable(8, 16, stride=2)
    assert block.depthwise.conv.groups == 8
    assert block(torch.randn(1, 8, 10, 10)).shape == (1, 16, 5, 5)


def test_a_width_beyond_the_paper_is_refused():
    with pytest.raises(ValueError, match=r"width is a number from 0\.25 to 1"):
        BY_NAME["mobilenet_v1"].build(width=2)


def test_dropout_is_an_option_of_the_later_versions():
    with torch.device("meta"):
        network = BY_NAME["mobilenet_v3_large"].build(dropout=0.5)
    assert network.classifier[2].p == 0.5


@pytest.mark.parametrize("arch", mobilenet.ARCHITECTURES, ids=lambda arch: arch.name)
def test_every_parameter_learns_at_the_least_size(arch):
    network = arch.build(num_classes=3)
    network(torch.randn(2, 3, 1, 1)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())

"""The AlexNets: their totals, the sizes that they take, and the paper's normalisation and starting values."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from explorer.architectures.alexnet import initialise, response_norm
from explorer.catalogue.alexnet import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}
FIXED_SIZE = [name for name, arch in BY_NAME.items() if arch.most_size is not None]


def build_on_meta(name: str, **options: object) -> nn.Module:
    with torch.device("meta"):
        return BY_NAME[name].build(**options).eval()


# Counted by hand from the layers of each; alexnet_tv from torchvision's metadata.
@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("alexnet", 60_965_224),
        ("alexnet_single", 62_378_344),
        ("alexnet_bn", 46_751_809),
        ("alexnet_no_pool5", 171_535_746),
        ("alexnet_tv", 61_100_840),
    ],
)
def test_parameters_are_those_of_its_layers(name: str, total: int) -> None:
    assert sum(weight.numel() for weight in build_on_meta(name).parameters()) == total


def test_macs_of_alexnet_are_those_published() -> None:
    network = build_on_meta("alexnet")
    with FlopCounterMode(display=False) as flops:
        network(torch.empty(1, 3, 227, 227, device="meta"))
    # Sze et al. 2017, table II: 724 M; to the digit by hand from the layers.
    assert flops.get_total_flops() / 2 == 724_406_816


@pytest.mark.parametrize("name", BY_NAME)
def test_output_has_one_value_a_class(name: str) -> None:
    arch = BY_NAME[name]
    pictures = torch.empty(2, *arch.input_size, device="meta")
    assert build_on_meta(name)(pictures).shape == (2, arch.classes)


@pytest.mark.parametrize("name", FIXED_SIZE)
def test_it_takes_the_sizes_it_declares_and_no_others(name: str) -> None:
    arch, network = BY_NAME[name], build_on_meta(name)
    assert arch.most_size is not None
    for side in (arch.least_size, arch.most_size):
        assert network(torch.empty(1, 3, side, side, device="meta")).shape == (1, arch.classes)
    for side in (arch.least_size - 1, arch.most_size + 1):
        with pytest.raises(RuntimeError):
            network(torch.empty(1, 3, side, side, device="meta"))
        with pytest.raises(ValueError, match="of exactly"):
            arch.check_input_size((3, side, side), {})


def test_torchvisions_takes_63_pixels_and_no_less() -> None:
    arch, network = BY_NAME["alexnet_tv"], build_on_meta("alexnet_tv")
    assert network(torch.empty(1, 3, 63, 63, device="meta")).shape == (1, 1000)
    with pytest.raises(RuntimeError):
        network(torch.empty(1, 3, 62, 62, device="meta"))
    with pytest.raises(ValueError, match="the least is 63x63"):
        arch.check_input_size((3, 62, 62), {})


def test_the_feature_maps_have_the_sizes_of_the_paper() -> None:
    sizes = {}
    maps = torch.empty(1, 3, 227, 227, device="meta")
    for name, layer in build_on_meta("alexnet").named_children():
        maps = layer(maps)
        sizes[name] = tuple(maps.shape[1:])
    assert [sizes[name] for name in ("conv1", "conv2", "conv3", "conv5", "pool5", "fc6", "fc8")] == [
        *((96, 55, 55), (256, 27, 27), (384, 13, 13), (256, 13, 13), (256, 6, 6)),
        *((4096,), (1000,)),
    ]


def test_only_conv3_reads_the_maps_of_both_gpus() -> None:
    network = build_on_meta("alexnet")
    groups = [network.get_submodule(f"conv{number}").groups for number in range(2, 6)]
    assert groups == [2, 1, 2, 2]


def test_response_norm_is_the_formula_of_the_paper() -> None:
    # Krizhevsky et al. 2012, section 3.3: b = a / (k + alpha * sum of a^2 over n neighbouring maps)^beta.
    maps = torch.arange(1.0, 8.0) * 30
    expected = []
    for i, value in enumerate(maps.tolist()):
        neighbours = maps[max(0, i - 2) : i + 3].square().sum().item()
        expected.append(value / (2 + 1e-4 * neighbours) ** 0.75)
    normed = response_norm()(maps.view(1, 7, 1, 1)).flatten().tolist()
    assert normed == pytest.approx(expected, rel=1e-5)


def test_weights_start_small_and_biases_at_one_where_the_paper_says() -> None:
    layers = {name: nn.Conv2d(64, 64, 3) for name in ("conv1", "conv2", "conv3", "conv4", "conv5")}
    network = nn.Sequential()
    for name, layer in layers.items():
        network.add_module(name, layer)
    initialise(network)
    biases = {name: layer.bias.unique().tolist() for name, layer in layers.items() if layer.bias is not None}
    assert biases == {"conv1": [0], "conv2": [1], "conv3": [0], "conv4": [1], "conv5": [1]}
    assert layers["conv1"].weight.std().item() == pytest.approx(0.01, rel=0.05)


def test_it_learns_from_a_batch() -> None:
    arch = BY_NAME["alexnet_bn"]
    network = arch.build(num_classes=2)
    pictures = torch.rand(2, 3, arch.least_size, arch.least_size)
    F.cross_entropy(network(pictures), torch.tensor([0, 1])).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())


@pytest.mark.parametrize("name", BY_NAME)
def test_dropout_is_an_option(name: str) -> None:
    network = build_on_meta(name, dropout=0.25)
    assert [layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)] == [0.25, 0.25]


def test_dropout_above_its_range_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"dropout is a number from 0 to 0\.9"):
        BY_NAME["alexnet"].build(dropout=1.0)


def test_the_published_and_torchvisions_network_point_at_each_other() -> None:
    assert (BY_NAME["alexnet"].counterpart, BY_NAME["alexnet_tv"].counterpart) == ("alexnet_tv", "alexnet")

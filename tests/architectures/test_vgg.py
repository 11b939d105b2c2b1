"""The VGGs: totals, column C, and the list of layers that a reader writes."""

import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.architectures.vgg import parse_layers
from explorer.catalogue.vgg import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}
CUSTOM = BY_NAME["vgg_custom"]
VGG11 = "64, M, 128, M, 256, 256, M, 512, 512, M, 512, 512, M"


def build_on_meta(name: str, **options: object) -> nn.Module:
    with torch.device("meta"):
        return BY_NAME[name].build(**options).eval()


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


# torchvision's metadata; C by hand: VGG-16's less what three kernels of 1x1 save.
@pytest.mark.parametrize(
    ("name", "total"),
    [
        *(("vgg11", 132_863_336), ("vgg13", 133_047_848), ("vgg16", 138_357_544), ("vgg19", 143_667_240)),
        *(("vgg11_bn", 132_868_840), ("vgg13_bn", 133_053_736), ("vgg16_bn", 138_365_992), ("vgg19_bn", 143_678_248)),
        ("vgg16_c", 133_638_952),
    ],
)
def test_parameters_are_those_published(name: str, total: int) -> None:
    assert parameters(build_on_meta(name)) == total


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "vgg_custom"])
def test_it_takes_32_pixels_and_no_less(name: str) -> None:
    arch, network = BY_NAME[name], build_on_meta(name)
    assert network(torch.empty(2, 3, 32, 32, device="meta")).shape == (2, 1000)
    with pytest.raises(RuntimeError):
        network(torch.empty(2, 3, 31, 31, device="meta"))
    with pytest.raises(ValueError, match=r"halves the picture five times; the least is 32x32\.$"):
        arch.check_input_size((3, 31, 31), {})


def test_the_error_of_a_small_picture_reads_as_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^VGG-16 halves the picture five times; the least is 32x32\.$"):
        BY_NAME["vgg16"].check_input_size((3, 20, 20), {})


def test_the_option_and_the_name_give_the_same_batch_norm_network() -> None:
    assert parameters(build_on_meta("vgg16", batch_norm=True)) == parameters(build_on_meta("vgg16_bn"))


def test_c_has_1x1_third_convolutions_in_blocks_3_to_5() -> None:
    kernels = [layer.kernel_size[0] for layer in build_on_meta("vgg16_c").modules() if isinstance(layer, nn.Conv2d)]
    assert kernels == [3, 3, 3, 3, 3, 3, 1, 3, 3, 1, 3, 3, 1]


@pytest.mark.parametrize("name", BY_NAME)
def test_dropout_is_an_option(name: str) -> None:
    network = build_on_meta(name, dropout=0.25)
    assert [layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)] == [0.25, 0.25]


def test_the_list_of_vgg11_gives_vgg11() -> None:
    custom, published = build_on_meta("vgg_custom", layers=VGG11), build_on_meta("vgg11")
    assert [weight.shape for weight in custom.parameters()] == [weight.shape for weight in published.parameters()]


def test_a_list_learns_from_a_batch_of_its_least_size() -> None:
    network = CUSTOM.build(num_classes=3, layers="4, M, 4, M", batch_norm=True)
    F.cross_entropy(network(torch.rand(2, 3, 4, 4)), torch.tensor([0, 1])).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())


def test_spaces_and_small_letters_do_not_matter() -> None:
    assert parse_layers(" 64,m , 128") == (64, "M", 128)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("", "The list of layers is empty; it takes channels and M"),
        ("64, , M", "Entry 2 of the list of layers is ''; it can be M or channels from 1 to 4096"),
        ("64, X", "Entry 2 of the list of layers is 'X'"),
        ("64, -3", "Entry 2 of the list of layers is '-3'"),
        ("0, M", "Entry 1 of the list of layers is '0'"),
        ("4097", "Entry 1 of the list of layers is '4097'"),
        ("64.5", "Entry 1 of the list of layers is '64.5'"),
        ("9" * 5000, "Entry 1 of the list of layers is '99999999999999999999...'"),
        ("1, " * 64 + "1", "The list of layers has 65 entries; the most is 64"),
        ("M, M", "The list of layers has no convolution"),
        ("8" + ", M" * 8, "The list of layers halves the picture 8 times; the most is 7"),
    ],
)
def test_a_malformed_list_is_a_clear_error(layers: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}.*[.]$"):
        build_on_meta("vgg_custom", layers=layers)


@pytest.mark.parametrize(("layers", "least"), [("8", 1), ("8, M", 2), (VGG11, 32), ("8" + ", m" * 7, 128)])
def test_each_pooling_doubles_the_least_size(layers: str, least: int) -> None:
    network = build_on_meta("vgg_custom", layers=layers)
    assert network(torch.empty(1, 3, least, least, device="meta")).shape == (1, 1000)
    with pytest.raises(ValueError, match=f"the least is {least}x{least}"):
        CUSTOM.check_input_size((3, least - 1, least), {"layers": layers})

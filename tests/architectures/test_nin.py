"""Network in Network: totals, feature maps, least sizes and a training step."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.architectures.nin import MlpConv
from explorer.catalogue.nin import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}


# Counted by hand from the layers of the author's Caffe networks.
@pytest.mark.parametrize(("name", "total"), [("nin_cifar", 966_986), ("nin", 7_595_176)])
def test_parameters_are_those_of_its_layers(name: str, total: int) -> None:
    with torch.device("meta"):
        network = BY_NAME[name].build()
    assert sum(weight.numel() for weight in network.parameters()) == total


@pytest.mark.parametrize(
    ("name", "expected"),
    [("nin_cifar", [(96, 16), (192, 8), (10, 8)]), ("nin", [(96, 27), (256, 13), (384, 6), (1000, 6)])],
)
def test_the_feature_maps_have_the_sizes_of_the_authors_code(name: str, expected: list[tuple[int, int]]) -> None:
    with torch.device("meta"):
        network = BY_NAME[name].build()
    maps = torch.empty(1, *BY_NAME[name].input_size, device="meta")
    sizes = []
    for layer_name, layer in network.named_children():
        maps = layer(maps)
        if layer_name.startswith("pool") or layer_name == f"mlpconv{len(expected)}":
            sizes.append((maps.shape[1], maps.shape[2]))
    assert sizes == expected


@pytest.mark.parametrize("name", BY_NAME)
def test_it_learns_from_a_batch_of_its_least_size_and_takes_no_less(name: str) -> None:
    arch = BY_NAME[name]
    network = arch.build()
    side = arch.least_size
    logits = network(torch.rand(2, 3, side, side))
    F.cross_entropy(logits, torch.tensor([0, 1])).backward()
    assert logits.shape == (2, arch.classes)
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())
    with pytest.raises(RuntimeError):
        network(torch.rand(1, 3, side - 1, side - 1))
    with pytest.raises(ValueError, match=f"the least is {side}x{side}"):
        arch.check_input_size((3, side - 1, side - 1), {})


def test_mlpconv_mixes_channels_only_where_its_first_kernel_reaches() -> None:
    picture = torch.rand(1, 3, 9, 9, requires_grad=True)
    MlpConv(3, (8, 8, 4), 3, padding=1)(picture)[0, :, 4, 4].sum().backward()
    assert picture.grad is not None
    rows = picture.grad.abs().sum((0, 1, 3)).nonzero().flatten()
    assert set(rows.tolist()) <= {3, 4, 5}


@pytest.mark.parametrize(("name", "count"), [("nin_cifar", 2), ("nin", 1)])
def test_dropout_is_an_option(name: str, count: int) -> None:
    with torch.device("meta"):
        network = BY_NAME[name].build(dropout=0.25)
    assert [layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)] == [0.25] * count

"""The ZFNets: their totals and the sizes that they take, on meta because they are big."""

import pytest
import torch
from torch import nn

from explorer.catalogue.zfnet import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}


def build_on_meta(name: str, **options: object) -> nn.Module:
    with torch.device("meta"):
        return BY_NAME[name].build(**options).eval()


# Counted by hand from the layers of Zeiler and Fergus 2013, figure 3 and table 2.
@pytest.mark.parametrize(("name", "total"), [("zfnet", 62_357_608), ("zfnet_wide", 107_627_624)])
def test_parameters_are_those_of_its_layers(name: str, total: int) -> None:
    assert sum(weight.numel() for weight in build_on_meta(name).parameters()) == total


@pytest.mark.parametrize("name", BY_NAME)
def test_it_takes_the_sizes_it_declares_and_no_others(name: str) -> None:
    arch, network = BY_NAME[name], build_on_meta(name)
    assert arch.most_size is not None
    for side in (arch.least_size, arch.most_size):
        assert network(torch.empty(1, 3, side, side, device="meta")).shape == (1, 1000)
    for side in (arch.least_size - 1, arch.most_size + 1):
        with pytest.raises(RuntimeError):
            network(torch.empty(1, 3, side, side, device="meta"))
        with pytest.raises(ValueError, match="of exactly 6x6"):
            arch.check_input_size((3, side, side), {})


def test_the_feature_maps_have_the_sizes_of_the_paper() -> None:
    sizes = []
    maps = torch.empty(1, 3, 224, 224, device="meta")
    for name, layer in build_on_meta("zfnet").named_children():
        maps = layer(maps)
        if name.startswith(("conv", "pool")):
            sizes.append((maps.shape[1], maps.shape[2]))
    # Zeiler and Fergus 2013, figure 3: 110, 55, 26, 13, 13, 13, 13, 6.
    assert sizes == [(96, 110), (96, 55), (256, 26), (256, 13), (384, 13), (384, 13), (256, 13), (256, 6)]


def test_dropout_and_classes_can_be_chosen() -> None:
    network = build_on_meta("zfnet", num_classes=7, dropout=0.25)
    assert [layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)] == [0.25, 0.25]
    assert network(torch.empty(1, 3, 224, 224, device="meta")).shape == (1, 7)

"""The LeNets: their totals, the parts that differ from plain layers, and the sizes that they take."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.architectures.lenet import C3_TABLE, EuclideanRBF, PartialConv2d, Squash, Subsampling
from explorer.catalogue.lenet import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


# LeCun et al. 1998, section II-B; the others by hand from their layers.
@pytest.mark.parametrize(("name", "total"), [("lenet5", 60_000), ("lenet5_modern", 61_706), ("lenet_keras", 431_080)])
def test_parameters_are_those_published(name: str, total: int) -> None:
    assert parameters(BY_NAME[name].build()) == total


@pytest.mark.parametrize(
    ("layer", "total"), [("c1", 156), ("s2", 12), ("c3", 1_516), ("s4", 32), ("c5", 48_120), ("f6", 10_164)]
)
def test_each_layer_of_lenet5_has_the_parameters_of_the_paper(layer: str, total: int) -> None:
    assert parameters(BY_NAME["lenet5"].build().get_submodule(layer)) == total


@pytest.mark.parametrize("name", BY_NAME)
def test_it_learns_from_a_batch(name: str) -> None:
    network = BY_NAME[name].build()
    logits = network(torch.rand(2, *BY_NAME[name].input_size))
    F.cross_entropy(logits, torch.tensor([0, 1])).backward()
    assert logits.shape == (2, 10)
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())


@pytest.mark.parametrize("name", BY_NAME)
def test_it_takes_the_sizes_it_declares_and_no_others(name: str) -> None:
    arch = BY_NAME[name]
    network = arch.build()
    assert arch.most_size is not None
    for side in (arch.least_size, arch.most_size):
        assert network(torch.rand(1, 1, side, side)).shape == (1, 10)
    for side in (arch.least_size - 1, arch.most_size + 1):
        with pytest.raises(RuntimeError):
            network(torch.rand(1, 1, side, side))
        with pytest.raises(ValueError, match=arch.title):
            arch.check_input_size((1, side, side), {})


def test_subsampling_scales_the_sum_of_each_window_and_adds_a_bias() -> None:
    subsampling = Subsampling(1)
    nn.init.constant_(subsampling.coefficient, 0.5)
    nn.init.constant_(subsampling.bias, 3.0)
    assert subsampling(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])).item() == pytest.approx(0.5 * 10 + 3)


def test_squash_is_one_at_one() -> None:
    # LeCun et al. 1998, appendix A: the constants are chosen so that f(1) = 1 and f(-1) = -1.
    assert Squash()(torch.tensor([-1.0, 1.0])).tolist() == pytest.approx([-1, 1], abs=1e-4)


def test_a_map_of_c3_sees_only_the_maps_of_its_row_in_the_table() -> None:
    maps = torch.zeros(1, 6, 14, 14, requires_grad=True)
    PartialConv2d(C3_TABLE, 5)(maps)[0, 4].sum().backward()
    assert maps.grad is not None
    seen = maps.grad[0].abs().sum((1, 2)) > 0
    assert tuple(seen.nonzero().flatten().tolist()) == (0, 4, 5)


def test_the_answer_of_the_output_layer_is_the_nearest_bitmap() -> None:
    output = EuclideanRBF(10)
    distances = output(output.codes)
    assert distances.argmax(1).tolist() == list(range(10))
    assert distances.diagonal().abs().max() == 0


@pytest.mark.parametrize(
    ("option", "kind", "count"),
    [({"activation": "relu"}, nn.ReLU, 4), ({"activation": "tanh"}, nn.Tanh, 4), ({"pooling": "max"}, nn.MaxPool2d, 2)],
)
def test_options_change_the_layers_of_the_modern_lenet(option: dict[str, str], kind: type, count: int) -> None:
    network = BY_NAME["lenet5_modern"].build(**option)
    assert sum(isinstance(layer, kind) for layer in network.modules()) == count


def test_an_unknown_activation_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="activation can be tanh or relu"):
        BY_NAME["lenet5_modern"].build(activation="gelu")

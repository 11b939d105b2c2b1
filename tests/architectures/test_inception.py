"""GoogLeNet and Inception-v3: totals, table 1's sizes, the auxiliary heads and the pictures that they allow."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from explorer.architectures.inception import GoogLeNet, GoogLeNetOutputs, Inception, NaiveInception
from explorer.catalogue.inception import ARCHITECTURES

BY_NAME = {arch.name: arch for arch in ARCHITECTURES}


def build_on_meta(name: str, **options: object) -> nn.Module:
    with torch.device("meta"):
        return BY_NAME[name].build(**options).eval()


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def pictures(size: int, number: int = 2) -> torch.Tensor:
    return torch.zeros(number, 3, size, size, device="meta")


# GoogLeNet: table 1 by hand, with biases. torchvision's: its metadata, and its networks with heads.
@pytest.mark.parametrize(
    ("name", "aux", "total"),
    [
        *(("googlenet", False, 6_998_552), ("googlenet", True, 13_378_280)),
        *(("googlenet_tv", False, 6_624_904), ("googlenet_tv", True, 13_004_888)),
        *(("inception_v3", False, 23_834_568), ("inception_v3", True, 27_161_264)),
    ],
)
def test_parameters_are_those_published(name: str, aux: bool, total: int) -> None:
    assert parameters(build_on_meta(name, aux=aux)) == total


@pytest.mark.parametrize("aux", [False, True])
def test_macs_of_googlenet_are_those_of_table_1_with_or_without_heads(aux: bool) -> None:
    network = build_on_meta("googlenet", aux=aux)
    with FlopCounterMode(display=False) as counter:
        network(pictures(224, 1))
    assert counter.get_total_flops() // 2 == 1_582_671_872


def test_naive_record_says_what_the_network_comes_to() -> None:
    arch = BY_NAME["googlenet_naive"]
    assert f"{parameters(build_on_meta('googlenet_naive')):,}" in " ".join(arch.ideas)


@pytest.mark.parametrize("name", BY_NAME)
def test_output_has_one_row_a_picture(name: str) -> None:
    arch = BY_NAME[name]
    assert build_on_meta(name)(pictures(arch.input_size[1])).shape == (2, 1000)


# Szegedy et al. 2014, table 1, column "output size".
@pytest.mark.parametrize(
    ("stage", "channels", "size"),
    [
        *(("conv1", 64, 112), ("pool1", 64, 56), ("conv2", 192, 56), ("pool2", 192, 28)),
        *(("inception3a", 256, 28), ("inception3b", 480, 28), ("pool3", 480, 14)),
        *(("inception4a", 512, 14), ("inception4b", 512, 14), ("inception4c", 512, 14), ("inception4d", 528, 14)),
        *(("inception4e", 832, 14), ("pool4", 832, 7), ("inception5a", 832, 7), ("inception5b", 1024, 7)),
        ("avgpool", 1024, 1),
    ],
)
def test_googlenet_has_the_shapes_of_table_1(stage: str, channels: int, size: int) -> None:
    network, seen = build_on_meta("googlenet"), []
    network.get_submodule(stage).register_forward_hook(lambda module, inputs, output: seen.append(output.shape))
    network(pictures(224, 1))
    assert seen == [(1, channels, size, size)]


def test_inception_joins_its_four_branches_in_order() -> None:
    module, x = Inception(8, 1, 2, 3, 4, 5, 6), torch.randn(1, 8, 7, 7)
    parts = module(x).split([1, 3, 5, 6], 1)
    branches = (module.branch1x1, module.branch3x3, module.branch5x5, module.branch_pool)
    for part, branch in zip(parts, branches, strict=True):
        torch.testing.assert_close(part, branch(x))


def test_naive_module_passes_all_pooled_channels_on() -> None:
    module, x = NaiveInception(8, 1, 2, 3), torch.randn(1, 8, 7, 7)
    assert module.out_channels == 14
    assert torch.equal(module(x)[:, 6:], F.max_pool2d(x, 3, 1, 1))


@pytest.mark.parametrize(
    ("name", "heads", "size"), [("googlenet", 2, 224), ("googlenet_tv", 2, 224), ("inception_v3", 1, 299)]
)
def test_heads_answer_in_training_only(name: str, heads: int, size: int) -> None:
    network = build_on_meta(name, aux=True)
    assert isinstance(network(pictures(size)), torch.Tensor)
    logits, *auxiliary = network.train()(pictures(size))
    assert [one.shape for one in (logits, *auxiliary)] == (1 + heads) * [(2, 1000)]


def test_googlenet_outputs_have_names() -> None:
    outputs = build_on_meta("googlenet", aux=True).train()(pictures(224))
    assert isinstance(outputs, GoogLeNetOutputs)
    assert outputs._fields == ("logits", "aux_4a", "aux_4d")


def test_heads_bring_gradient_to_what_lies_before_them_only() -> None:
    torch.manual_seed(0)
    network = GoogLeNet(3, aux=True).train()
    F.cross_entropy(network(torch.randn(1, 3, 223, 223)).aux_4a, torch.tensor([1])).backward()
    assert network.conv1.conv.weight.grad.abs().sum() > 0
    assert network.inception4b.branch1x1.conv.weight.grad is None


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_learns_from_the_smallest_picture(name: str) -> None:
    arch = BY_NAME[name]
    network = arch.build(num_classes=3).train()
    batch = torch.randn(2, 3, arch.least_size, arch.least_size)
    F.cross_entropy(network(batch), torch.tensor([0, 2])).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *(("googlenet", {"aux": False}), ("googlenet", {"aux": True}), ("googlenet_naive", {})),
        *(("googlenet_tv", {"aux": False}), ("inception_v3", {"aux": False}), ("inception_v3", {"aux": True})),
    ],
)
def test_sizes_are_bounded_where_the_network_stops_working(name: str, options: dict[str, bool]) -> None:
    arch, network = BY_NAME[name], build_on_meta(name, **options).train()
    least, most = arch.size_range(options)
    network(pictures(least))
    with pytest.raises(RuntimeError):
        network(pictures(least - 1))
    if most is not None:
        network(pictures(most))
        with pytest.raises(RuntimeError):
            network(pictures(most + 1))


@pytest.mark.parametrize(("size", "bound"), [(222, "the least is 223x223"), (271, "the largest is 270x270")])
def test_size_that_the_heads_cannot_read_is_refused_with_the_reason(size: int, bound: str) -> None:
    arch = BY_NAME["googlenet"]
    with pytest.raises(ValueError, match=f"auxiliary heads.*{bound}"):
        arch.check_input_size((3, size, size), arch.check_options({"aux": True}))


def test_dropout_is_the_option() -> None:
    assert build_on_meta("googlenet", dropout=0.2).dropout.p == 0.2
    assert build_on_meta("googlenet_tv", dropout=0.7).dropout.p == 0.7
    assert build_on_meta("inception_v3", dropout=0.1).dropout.p == 0.1


def test_counterparts_name_each_other() -> None:
    assert BY_NAME["googlenet"].counterpart == "googlenet_tv"
    assert BY_NAME["googlenet_tv"].counterpart == "googlenet"

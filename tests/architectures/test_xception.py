"""Xception: its total, figure 5's sizes, and its smallest picture."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.architectures.xception import SeparableConv2d, XceptionBlock
from explorer.catalogue.xception import ARCHITECTURES

(XCEPTION,) = ARCHITECTURES


def build_on_meta(**options: object) -> nn.Module:
    with torch.device("meta"):
        return XCEPTION.build(**options).eval()


def test_parameters_are_those_of_table_3() -> None:
    assert sum(weight.numel() for weight in build_on_meta().parameters()) == 22_855_952


def test_there_are_36_convolutions_on_the_main_path() -> None:
    network = build_on_meta()
    separable = sum(isinstance(module, SeparableConv2d) for module in network.modules())
    assert separable + len([network.conv1, network.conv2]) == 36


# Chollet 2016, figure 5, "19x19x728 feature maps" before and after the middle flow; the others follow from the strides.
@pytest.mark.parametrize(
    ("stage", "channels", "size"),
    [
        *(("conv1", 32, 149), ("conv2", 64, 147), ("entry1", 128, 74), ("entry2", 256, 37), ("entry3", 728, 19)),
        *(("middle", 728, 19), ("exit1", 1024, 10), ("sepconv3", 1536, 10), ("sepconv4", 2048, 10)),
    ],
)
def test_shapes_are_those_of_figure_5(stage: str, channels: int, size: int) -> None:
    network, seen = build_on_meta(), []
    network.get_submodule(stage).register_forward_hook(lambda module, inputs, output: seen.append(output.shape))
    network(torch.zeros(1, 3, 299, 299, device="meta"))
    assert seen == [(1, channels, size, size)]


def test_output_has_one_row_a_picture() -> None:
    assert build_on_meta(num_classes=7)(torch.zeros(2, 3, 299, 299, device="meta")).shape == (2, 7)


def test_separable_convolution_has_no_activation_inside() -> None:
    conv, x = SeparableConv2d(4, 6), torch.randn(1, 4, 5, 5)
    torch.testing.assert_close(conv(-x), -conv(x))


def test_block_leaves_its_input_as_it_was() -> None:
    x = torch.randn(1, 8, 4, 4)
    before = x.clone()
    XceptionBlock(8, (8, 8), halves=False).eval()(x)
    assert torch.equal(x, before)


def test_first_block_starts_without_relu() -> None:
    network = build_on_meta()
    assert "relu1" not in dict(network.entry1.body.named_children())
    assert "relu1" in dict(network.entry2.body.named_children())


def test_learns_from_the_smallest_picture() -> None:
    network = XCEPTION.build(num_classes=3).train()
    batch = torch.randn(2, 3, XCEPTION.least_size, XCEPTION.least_size)
    F.cross_entropy(network(batch), torch.tensor([0, 2])).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())


def test_smaller_picture_does_not_work() -> None:
    network = build_on_meta()
    with pytest.raises(RuntimeError):
        network(torch.zeros(1, 3, XCEPTION.least_size - 1, XCEPTION.least_size - 1, device="meta"))


def test_dropout_is_the_option() -> None:
    assert build_on_meta(dropout=0.2).dropout.p == 0.2

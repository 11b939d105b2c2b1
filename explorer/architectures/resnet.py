"""Plain and residual networks for ImageNet and CIFAR-10 (2015), and the pre-activation ones of 2016."""

from collections import OrderedDict
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Conv2d(nn.Conv2d):
    """A convolution whose weights start from a normal distribution of variance 2 / fan-in (He et al. 2015b).

    A bias starts at zero. On the meta device there are no values to draw.
    """

    def reset_parameters(self) -> None:
        if self.weight.is_meta:
            return
        nn.init.kaiming_normal_(self.weight, mode="fan_in", nonlinearity="relu")
        if self.bias is not None:
            nn.init.zeros_(self.bias)


class ZeroPadShortcut(nn.Module):
    """Shortcut option A: every `stride`-th pixel, and zeros for the channels that are missing; it has no weights.

    Shape: [N, in_channels, H, W] -> [N, out_channels, ceil(H / stride), ceil(W / stride)]
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.added_channels = out_channels - in_channels

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.added_channels))

    def extra_repr(self) -> str:
        return f"stride={self.stride}, added_channels={self.added_channels}"


def make_shortcut(option: str, in_channels: int, out_channels: int, stride: int) -> nn.Module | None:
    """Return what joins a block's input to its sum (He et al. 2015, section 3.3 and table 3); None for "none".

    "A" pads with zeros where the shape changes and "B" projects there (1x1 convolution and batch norm); both are the
    identity elsewhere. "C" projects everywhere.
    """
    if option == "none":
        return None
    changes_shape = stride != 1 or in_channels != out_channels
    if option == "C" or (option == "B" and changes_shape):
        conv = Conv2d(in_channels, out_channels, 1, stride, bias=False)
        return nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(out_channels)))
    return ZeroPadShortcut(in_channels, out_channels, stride) if changes_shape else nn.Identity()


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut around them (He et al. 2015, figure 5, left).

    Shape: [N, in_channels, H, W] -> [N, channels, H / stride, W / stride]
    """

    expansion: ClassVar[int] = 1

    def __init__(self, in_channels: int, channels: int, stride: int = 1, shortcut: str = "B") -> None:
        super().__init__()
        self.conv1 = Conv2d(in_channels, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = make_shortcut(shortcut, in_channels, channels, stride)
        self.relu2 = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu1(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.shortcut is not None:
            out += self.shortcut(x)
        return self.relu2(out)


class Bottleneck(nn.Module):
    """1x1 down to `channels`, 3x3, 1x1 up to four times as many, and a shortcut (He et al. 2015, figure 5, right).

    The stride is that of the first 1x1, as published; torchvision's is in the 3x3.

    Shape: [N, in_channels, H, W] -> [N, 4 * channels, H / stride, W / stride]
    """

    expansion: ClassVar[int] = 4

    def __init__(self, in_channels: int, channels: int, stride: int = 1, shortcut: str = "B") -> None:
        super().__init__()
        out_channels = self.expansion * channels
        self.conv1 = Conv2d(in_channels, channels, 1, stride, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv3 = Conv2d(channels, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.shortcut = make_shortcut(shortcut, in_channels, out_channels, stride)
        self.relu3 = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu1(self.bn1(self.conv1(x)))
        out = self.relu2(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        if self.shortcut is not None:
            out += self.shortcut(x)
        return self.relu3(out)


def make_preact_shortcut(
    in_channels: int, out_channels: int, stride: int, projects: bool, bias: bool = False
) -> nn.Module:
    """Return the shortcut of a pre-activation unit: the identity, or a bare 1x1 convolution or zeros at a new shape."""
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    if projects:
        return Conv2d(in_channels, out_channels, 1, stride, bias=bias)
    return ZeroPadShortcut(in_channels, out_channels, stride)


class PreActBasicUnit(nn.Module):
    """Twice batch norm, ReLU and 3x3 convolution; nothing follows the sum (He et al. 2016, figure 1b).

    With `shares_activation` the shortcut too starts behind the first ReLU, else at the unit's input. `projects` puts
    a 1x1 convolution on the shortcut where the shape changes, in place of zeros.

    Shape: [N, in_channels, H, W] -> [N, channels, H / stride, W / stride]
    """

    expansion: ClassVar[int] = 1

    def __init__(
        self,
        in_channels: int,
        channels: int,
        stride: int = 1,
        shares_activation: bool = False,
        projects: bool = False,
        bias: bool = False,
    ) -> None:
        super().__init__()
        self.shares_activation = shares_activation
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = Conv2d(in_channels, channels, 3, stride, padding=1, bias=bias)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = Conv2d(channels, channels, 3, padding=1, bias=bias)
        self.shortcut = make_preact_shortcut(in_channels, channels, stride, projects, bias)

    def forward(self, x: Tensor) -> Tensor:
        activated = self.relu1(self.bn1(x))
        out = self.conv2(self.relu2(self.bn2(self.conv1(activated))))
        out += self.shortcut(activated if self.shares_activation else x)
        return out


class PreActBottleneckUnit(nn.Module):
    """Batch norm, ReLU and convolution three times: 1x1, 3x3, 1x1 (He et al. 2016, section 5).

    `shares_activation` and the missing ReLU are as in `PreActBasicUnit`. Where the shape changes, the shortcut is a
    1x1 convolution.

    Shape: [N, in_channels, H, W] -> [N, 4 * channels, H / stride, W / stride]
    """

    expansion: ClassVar[int] = 4

    def __init__(self, in_channels: int, channels: int, stride: int = 1, shares_activation: bool = False) -> None:
        super().__init__()
        out_channels = self.expansion * channels
        self.shares_activation = shares_activation
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = Conv2d(in_channels, channels, 1, stride, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(channels)
        self.relu3 = nn.ReLU(inplace=True)
        self.conv3 = Conv2d(channels, out_channels, 1, bias=False)
        self.shortcut = make_preact_shortcut(in_channels, out_channels, stride, projects=True)

    def forward(self, x: Tensor) -> Tensor:
        activated = self.relu1(self.bn1(x))
        out = self.conv1(activated)
        out = self.conv2(self.relu2(self.bn2(out)))
        out = self.conv3(self.relu3(self.bn3(out)))
        out += self.shortcut(activated if self.shares_activation else x)
        return out


Block = type[BasicBlock] | type[Bottleneck]
PreActUnit = type[PreActBasicUnit] | type[PreActBottleneckUnit]

# He et al. 2015, table 1: the block, and how many of them conv2_x to conv5_x hold.
IMAGENET_LAYOUTS: dict[int, tuple[Block, tuple[int, int, int, int]]] = {
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
    101: (Bottleneck, (3, 4, 23, 3)),
    152: (Bottleneck, (3, 8, 36, 3)),
}


def make_stage(block: Block, in_channels: int, channels: int, count: int, stride: int, shortcut: str) -> nn.Sequential:
    """Return `count` blocks in a row, of which the first has the stride."""
    out_channels = block.expansion * channels
    rest = (block(out_channels, channels, 1, shortcut) for _ in range(count - 1))
    return nn.Sequential(block(in_channels, channels, stride, shortcut), *rest)


class ResNet(nn.Module):
    """The ImageNet layout: 7x7 stem, four stages, global average pooling (He et al. 2015, table 1).

    `shortcut` is "A", "B" or "C", or "none" for the plain network.

    Shape: [N, 3, H, W] -> [N, classes]; the sizes in the comments are for 224x224
    """

    def __init__(self, block: Block, counts: tuple[int, int, int, int], num_classes: int, shortcut: str) -> None:
        super().__init__()
        self.conv1 = Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        wide = block.expansion
        self.conv2_x = make_stage(block, 64, 64, counts[0], 1, shortcut)
        self.conv3_x = make_stage(block, wide * 64, 128, counts[1], 2, shortcut)
        self.conv4_x = make_stage(block, wide * 128, 256, counts[2], 2, shortcut)
        self.conv5_x = make_stage(block, wide * 256, 512, counts[3], 2, shortcut)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(wide * 512, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))  # [N, 64, 112, 112]
        x = self.conv2_x(self.maxpool(x))  # [N, 64 * expansion, 56, 56]
        x = self.conv3_x(x)  # [N, 128 * expansion, 28, 28]
        x = self.conv4_x(x)  # [N, 256 * expansion, 14, 14]
        x = self.conv5_x(x)  # [N, 512 * expansion, 7, 7]
        return self.fc(torch.flatten(self.avgpool(x), 1))


class CifarResNet(nn.Module):
    """The CIFAR-10 layout: 3x3 stem, three stages of `count` basic blocks, 6 * count + 2 layers (section 4.2).

    Shape: [N, 3, H, W] -> [N, classes]; the sizes in the comments are for 32x32
    """

    def __init__(self, count: int, num_classes: int, shortcut: str) -> None:
        super().__init__()
        self.conv1 = Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU(inplace=True)
        self.stage1 = make_stage(BasicBlock, 16, 16, count, 1, shortcut)
        self.stage2 = make_stage(BasicBlock, 16, 32, count, 2, shortcut)
        self.stage3 = make_stage(BasicBlock, 32, 64, count, 2, shortcut)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))  # [N, 16, 32, 32]
        x = self.stage1(x)  # [N, 16, 32, 32]
        x = self.stage2(x)  # [N, 32, 16, 16]
        x = self.stage3(x)  # [N, 64, 8, 8]
        return self.fc(torch.flatten(self.avgpool(x), 1))


def make_preact_stage(unit: PreActUnit, in_channels: int, channels: int, count: int, stride: int) -> nn.Sequential:
    """Return `count` units in a row; in the first the shortcut shares the activation (He et al. 2016, appendix)."""
    out_channels = unit.expansion * channels
    rest = (unit(out_channels, channels) for _ in range(count - 1))
    return nn.Sequential(unit(in_channels, channels, stride, shares_activation=True), *rest)


class PreActResNet(nn.Module):
    """The CIFAR-10 layout of pre-activation units, with a last batch norm and ReLU (He et al. 2016, appendix).

    Shape: [N, 3, H, W] -> [N, classes]; the sizes in the comments are for 32x32
    """

    def __init__(self, unit: PreActUnit, count: int, num_classes: int) -> None:
        super().__init__()
        wide = unit.expansion
        self.conv1 = Conv2d(3, 16, 3, padding=1, bias=False)
        self.stage1 = make_preact_stage(unit, 16, 16, count, 1)
        self.stage2 = make_preact_stage(unit, wide * 16, 32, count, 2)
        self.stage3 = make_preact_stage(unit, wide * 32, 64, count, 2)
        self.bn = nn.BatchNorm2d(wide * 64)
        self.relu = nn.ReLU(inplace=True)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(wide * 64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stage1(self.conv1(x))  # [N, 16 * expansion, 32, 32]
        x = self.stage2(x)  # [N, 32 * expansion, 16, 16]
        x = self.stage3(x)  # [N, 64 * expansion, 8, 8]
        x = self.relu(self.bn(x))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def resnet(num_classes: int, depth: int, shortcut: str) -> ResNet:
    """The ImageNet network of 18, 34, 50, 101 or 152 layers. [N, 3, 224, 224] -> [N, classes]"""
    block, counts = IMAGENET_LAYOUTS[depth]
    return ResNet(block, counts, num_classes, shortcut)


def cifar_resnet(num_classes: int, depth: int, shortcut: str) -> CifarResNet:
    """The CIFAR-10 network of 6n + 2 layers. [N, 3, 32, 32] -> [N, classes]"""
    return CifarResNet((depth - 2) // 6, num_classes, shortcut)


def preact_resnet(num_classes: int, depth: int, bottleneck: bool) -> PreActResNet:
    """The pre-activation CIFAR-10 network of 6n + 2 layers, or 9n + 2 of bottlenecks. [N, 3, 32, 32] -> [N, classes]"""
    if bottleneck:
        return PreActResNet(PreActBottleneckUnit, (depth - 2) // 9, num_classes)
    return PreActResNet(PreActBasicUnit, (depth - 2) // 6, num_classes)


def make_toy_stage(in_channels: int, channels: int) -> nn.Sequential:
    """Return two biased pre-activation units; the first widens, with a 1x1 convolution of its input as shortcut."""
    return nn.Sequential(
        PreActBasicUnit(in_channels, channels, projects=True, bias=True), PreActBasicUnit(channels, channels, bias=True)
    )


def resnet_toy(num_classes: int) -> nn.Sequential:
    """The 28x28 teaching network: six pre-activation units and two linear layers. [N, 1, 28, 28] -> [N, classes]"""
    features = nn.Sequential(
        OrderedDict(
            conv=Conv2d(1, 8, 3, padding=1),
            relu=nn.ReLU(inplace=True),
            stage1=make_toy_stage(8, 16),
            pool1=nn.MaxPool2d(2),  # [N, 16, 14, 14]
            stage2=make_toy_stage(16, 32),
            pool2=nn.MaxPool2d(2),  # [N, 32, 7, 7]
            stage3=make_toy_stage(32, 64),
        )
    )
    classifier = nn.Sequential(nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(inplace=True), nn.Linear(128, num_classes))
    return nn.Sequential(OrderedDict(features=features, classifier=classifier))

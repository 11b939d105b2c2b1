"""Xception, as published in 2016."""

from collections import OrderedDict

import torch
from torch import Tensor, nn


class SeparableConv2d(nn.Module):
    """A 3x3 convolution of each channel on its own, then a 1x1 across channels, with nothing in between.

    Shape: [N, in_channels, H, W] -> [N, out_channels, H, W]
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, 3, padding=1, groups=in_channels, bias=False)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.pointwise(self.depthwise(x))


def batch_norm(channels: int) -> nn.BatchNorm2d:
    """Batch norm with the epsilon of Keras, in which the author published the network."""
    return nn.BatchNorm2d(channels, eps=1e-3)


def conv_norm(in_channels: int, out_channels: int, kernel_size: int, stride: int = 1) -> nn.Sequential:
    """An unpadded convolution without bias, and batch norm."""
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, bias=False)
    return nn.Sequential(OrderedDict(conv=conv, bn=batch_norm(out_channels)))


def separable_norm(in_channels: int, out_channels: int) -> nn.Sequential:
    """A separable convolution and batch norm."""
    return nn.Sequential(OrderedDict(conv=SeparableConv2d(in_channels, out_channels), bn=batch_norm(out_channels)))


class XceptionBlock(nn.Module):
    """Separable convolutions of these widths, each behind a ReLU, with a shortcut around them (Chollet 2016, figure 5).

    With `halves` a max pooling follows and the shortcut is a 1x1 convolution of stride 2; else it is the identity.

    Shape: [N, in_channels, H, W] -> [N, widths[-1], H, W], or ceil(H / 2), ceil(W / 2) with `halves`
    """

    def __init__(self, in_channels: int, widths: tuple[int, ...], halves: bool, starts_with_relu: bool = True) -> None:
        super().__init__()
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        channels = in_channels
        for i, width in enumerate(widths, start=1):
            if i > 1 or starts_with_relu:
                layers[f"relu{i}"] = nn.ReLU(inplace=i > 1)  # the first reads what the shortcut reads too
            layers[f"sepconv{i}"] = separable_norm(channels, width)
            channels = width
        if halves:
            layers["pool"] = nn.MaxPool2d(3, 2, padding=1)
        self.body = nn.Sequential(layers)
        self.shortcut = conv_norm(in_channels, channels, 1, stride=2) if halves else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.body(x)
        out += self.shortcut(x)
        return out


class Xception(nn.Module):
    """36 convolutions, 34 of them separable, in 14 modules (Chollet 2016, figure 5).

    Shape: [N, 3, H, W] -> [N, classes]; the sizes in the comments are for 299x299
    """

    def __init__(self, num_classes: int, dropout: float = 0.5) -> None:
        super().__init__()
        self.conv1 = conv_norm(3, 32, 3, stride=2)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = conv_norm(32, 64, 3)
        self.relu2 = nn.ReLU(inplace=True)
        self.entry1 = XceptionBlock(64, (128, 128), halves=True, starts_with_relu=False)
        self.entry2 = XceptionBlock(128, (256, 256), halves=True)
        self.entry3 = XceptionBlock(256, (728, 728), halves=True)
        self.middle = nn.Sequential(*(XceptionBlock(728, (728, 728, 728), halves=False) for _ in range(8)))
        self.exit1 = XceptionBlock(728, (728, 1024), halves=True)
        self.sepconv3 = separable_norm(1024, 1536)
        self.relu3 = nn.ReLU(inplace=True)
        self.sepconv4 = separable_norm(1536, 2048)
        self.relu4 = nn.ReLU(inplace=True)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(2048, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu1(self.conv1(x))  # [N, 32, 149, 149]
        x = self.relu2(self.conv2(x))  # [N, 64, 147, 147]
        x = self.entry1(x)  # [N, 128, 74, 74]
        x = self.entry2(x)  # [N, 256, 37, 37]
        x = self.entry3(x)  # [N, 728, 19, 19]
        x = self.exit1(self.middle(x))  # [N, 1024, 10, 10]
        x = self.relu4(self.sepconv4(self.relu3(self.sepconv3(x))))  # [N, 2048, 10, 10]
        return self.fc(self.dropout(torch.flatten(self.avgpool(x), 1)))

"""GoogLeNet as published in 2014, and with naive modules, to show what its 1x1 reductions are for."""

from collections import OrderedDict
from typing import NamedTuple

import torch
from torch import Tensor, nn

# Szegedy et al. 2014, table 1, for each module: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def conv_relu(
    in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, padding: int = 0
) -> nn.Sequential:
    """A biased convolution and a ReLU; there is no batch norm in GoogLeNet."""
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding)
    return nn.Sequential(OrderedDict(conv=conv, relu=nn.ReLU(inplace=True)))


class Inception(nn.Module):
    """Four parallel branches, joined on channels (Szegedy et al. 2014, figure 2b).

    1x1 convolutions narrow the input before the 3x3 and the 5x5, and what the pooling passes on.

    Shape: [N, in_channels, H, W] -> [N, c1x1 + c3x3 + c5x5 + pool_proj, H, W]
    """

    def __init__(
        self, in_channels: int, c1x1: int, c3x3_reduce: int, c3x3: int, c5x5_reduce: int, c5x5: int, pool_proj: int
    ) -> None:
        super().__init__()
        self.out_channels = c1x1 + c3x3 + c5x5 + pool_proj
        self.branch1x1 = conv_relu(in_channels, c1x1, 1)
        self.branch3x3 = nn.Sequential(
            OrderedDict(
                reduce=conv_relu(in_channels, c3x3_reduce, 1), conv3x3=conv_relu(c3x3_reduce, c3x3, 3, padding=1)
            )
        )
        self.branch5x5 = nn.Sequential(
            OrderedDict(
                reduce=conv_relu(in_channels, c5x5_reduce, 1), conv5x5=conv_relu(c5x5_reduce, c5x5, 5, padding=2)
            )
        )
        self.branch_pool = nn.Sequential(
            OrderedDict(pool=nn.MaxPool2d(3, stride=1, padding=1), proj=conv_relu(in_channels, pool_proj, 1))
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1x1(x), self.branch3x3(x), self.branch5x5(x), self.branch_pool(x)], 1)


class NaiveInception(nn.Module):
    """The module without 1x1 reductions (Szegedy et al. 2014, figure 2a): pooling passes all its channels on.

    Shape: [N, in_channels, H, W] -> [N, c1x1 + c3x3 + c5x5 + in_channels, H, W]
    """

    def __init__(self, in_channels: int, c1x1: int, c3x3: int, c5x5: int) -> None:
        super().__init__()
        self.out_channels = c1x1 + c3x3 + c5x5 + in_channels
        self.branch1x1 = conv_relu(in_channels, c1x1, 1)
        self.branch3x3 = conv_relu(in_channels, c3x3, 3, padding=1)
        self.branch5x5 = conv_relu(in_channels, c5x5, 5, padding=2)
        self.branch_pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1x1(x), self.branch3x3(x), self.branch5x5(x), self.branch_pool(x)], 1)


class AuxiliaryHead(nn.Module):
    """A small classifier on a map half way, to bring gradient to the layers before it (section 5).

    Shape: [N, in_channels, 14, 14] -> [N, classes]
    """

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.avgpool = nn.AvgPool2d(5, stride=3)
        self.conv = conv_relu(in_channels, 128, 1)
        self.fc1 = nn.Linear(2048, 1024)
        self.relu = nn.ReLU(inplace=True)
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(self.avgpool(x))  # [N, 128, 4, 4]
        x = self.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(self.dropout(x))


class GoogLeNetOutputs(NamedTuple):
    """What GoogLeNet with auxiliary heads returns in training; the paper weighs the loss of each head with 0.3."""

    logits: Tensor
    aux_4a: Tensor
    aux_4d: Tensor


def make_modules(in_channels: int, naive: bool) -> list[Inception | NaiveInception]:
    """Return the nine modules of table 1, each as wide as the one before it asks for."""
    modules: list[Inception | NaiveInception] = []
    for c1x1, c3x3_reduce, c3x3, c5x5_reduce, c5x5, pool_proj in MODULES.values():
        module = (
            NaiveInception(in_channels, c1x1, c3x3, c5x5)
            if naive
            else Inception(in_channels, c1x1, c3x3_reduce, c3x3, c5x5_reduce, c5x5, pool_proj)
        )
        modules.append(module)
        in_channels = module.out_channels
    return modules


def initialise(network: nn.Module) -> None:
    """Draw the convolutions' weights from a normal distribution of variance 2 / fan-in, with biases of zero.

    The paper does not say how it did; without batch norm the network does not start to learn from torch's default. On
    the meta device there are no values to draw.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.bias is not None and not module.weight.is_meta:
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            nn.init.zeros_(module.bias)


class GoogLeNet(nn.Module):
    """22 layers, nine of Inception's modules (Szegedy et al. 2014, table 1); all of it biased, none of it batch-normed.

    With `aux` it returns `GoogLeNetOutputs` in training mode and the logits alone in evaluation mode. With `naive` the
    modules have no 1x1 reductions.

    Shape: [N, 3, H, W] -> [N, classes]; the sizes in the comments are for 224x224
    """

    def __init__(self, num_classes: int, aux: bool = False, dropout: float = 0.4, naive: bool = False) -> None:
        super().__init__()
        self.conv1 = conv_relu(3, 64, 7, stride=2, padding=3)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.norm1 = nn.LocalResponseNorm(5)
        self.conv2_reduce = conv_relu(64, 64, 1)
        self.conv2 = conv_relu(64, 192, 3, padding=1)
        self.norm2 = nn.LocalResponseNorm(5)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)

        modules = make_modules(192, naive)
        self.inception3a, self.inception3b = modules[:2]
        self.pool3 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.inception4a, self.inception4b, self.inception4c, self.inception4d, self.inception4e = modules[2:7]
        self.pool4 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.inception5a, self.inception5b = modules[7:]

        self.aux_4a = AuxiliaryHead(self.inception4a.out_channels, num_classes) if aux else None
        self.aux_4d = AuxiliaryHead(self.inception4d.out_channels, num_classes) if aux else None
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(self.inception5b.out_channels, num_classes)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor | GoogLeNetOutputs:
        x = self.norm1(self.pool1(self.conv1(x)))  # [N, 64, 112, 112] -> [N, 64, 56, 56]
        x = self.norm2(self.conv2(self.conv2_reduce(x)))  # [N, 192, 56, 56]
        x = self.inception3b(self.inception3a(self.pool2(x)))  # [N, 480, 28, 28]
        after_4a = self.inception4a(self.pool3(x))  # [N, 512, 14, 14]
        after_4d = self.inception4d(self.inception4c(self.inception4b(after_4a)))  # [N, 528, 14, 14]
        x = self.inception4e(after_4d)  # [N, 832, 14, 14]
        x = self.inception5b(self.inception5a(self.pool4(x)))  # [N, 1024, 7, 7]
        logits: Tensor = self.fc(self.dropout(torch.flatten(self.avgpool(x), 1)))
        if self.training and self.aux_4a is not None and self.aux_4d is not None:
            return GoogLeNetOutputs(logits, self.aux_4a(after_4a), self.aux_4d(after_4d))
        return logits

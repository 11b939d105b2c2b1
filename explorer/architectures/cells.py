"""Blocks that no network here uses, for comparison with those that some do."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.models.inception import BasicConv2d

Kernel = tuple[int, int]


class FactorisedInception(nn.Module):
    """The Inception module with its widest kernel taken apart (Szegedy et al. 2015, figures 4 to 6).

    `kernels` are the convolutions that stand for it: (5, 5) alone, (3, 3) twice, or (1, 5) and (5, 1). All have batch
    norm, and the pooling averages, as in Inception-v3.

    Shape: [N, in_channels, H, W] -> [N, c1x1 + c3x3 + wide + pool_proj, H, W]
    """

    def __init__(
        self,
        in_channels: int,
        c1x1: int,
        c3x3: tuple[int, int],
        wide: tuple[int, int],
        kernels: Sequence[Kernel],
        pool_proj: int,
    ) -> None:
        super().__init__()
        c3x3_reduce, c3x3_filters = c3x3
        wide_reduce, wide_filters = wide
        channels = (wide_reduce, *(wide_filters for _ in kernels))
        self.branch1x1 = BasicConv2d(in_channels, c1x1, kernel_size=1)
        self.branch3x3 = nn.Sequential(
            BasicConv2d(in_channels, c3x3_reduce, kernel_size=1),
            BasicConv2d(c3x3_reduce, c3x3_filters, kernel_size=3, padding=1),
        )
        self.branch_wide = nn.Sequential(
            BasicConv2d(in_channels, wide_reduce, kernel_size=1),
            *(
                BasicConv2d(reads, filters, kernel_size=kernel, padding=(kernel[0] // 2, kernel[1] // 2))
                for reads, filters, kernel in zip(channels, channels[1:], kernels, strict=False)
            ),
        )
        self.branch_pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1), BasicConv2d(in_channels, pool_proj, kernel_size=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1x1(x), self.branch3x3(x), self.branch_wide(x), self.branch_pool(x)], 1)


class DenseBlock(nn.Module):
    """A dense block without 1x1 bottlenecks: batch norm, ReLU and 3x3 in each layer (Huang et al. 2016, section 3).

    Shape: [N, in_channels, H, W] -> [N, in_channels + layers * growth_rate, H, W]
    """

    def __init__(self, layers: int, in_channels: int, growth_rate: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                OrderedDict(
                    norm=nn.BatchNorm2d(channels),
                    relu=nn.ReLU(inplace=True),
                    conv=nn.Conv2d(channels, growth_rate, 3, padding=1, bias=False),
                )
            )
            for channels in range(in_channels, in_channels + layers * growth_rate, growth_rate)
        )

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


def without_shortcut(unit: nn.Module) -> nn.Sequential:
    """Return the layers of a residual unit in a row, without the shortcut around them."""
    return nn.Sequential(OrderedDict((name, layer) for name, layer in unit.named_children() if name != "shortcut"))

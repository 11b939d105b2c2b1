"""MobileNet (2017) in plain torch; torchvision builds the second and the third."""

from collections import OrderedDict

import torch
from torch import Tensor, nn

# Howard et al. 2017, table 1: output channels at width 1 and stride of the depthwise convolution. The table prints
# stride 2 for the last row, which its own sizes (7x7 in, 7x7 out) contradict.
ROWS = (
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *((512, 1),) * 5,
    *((1024, 2), (1024, 1)),
)
STEM_CHANNELS = 32


def conv_bn_relu(in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, groups: int = 1) -> nn.Module:
    """Return a convolution that keeps the size (or divides it by the stride), batch normalisation and ReLU."""
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, kernel_size // 2, groups=groups, bias=False)
    return nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(out_channels), relu=nn.ReLU(inplace=True)))


class DepthwiseSeparable(nn.Module):
    """A 3x3 filter for each channel, then 1x1 to mix the channels (Howard et al. 2017, figure 3).

    Shape: [N, in_channels, H, W] -> [N, out_channels, H/stride, W/stride]
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.depthwise = conv_bn_relu(in_channels, in_channels, 3, stride, groups=in_channels)
        self.pointwise = conv_bn_relu(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.pointwise(self.depthwise(x))
        return y


class MobileNetV1(nn.Module):
    """MobileNet with every layer's channels times `width` (Howard et al. 2017, table 1).

    Shape: [N, 3, H, W] -> [N, classes]
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0) -> None:
        super().__init__()
        channels = [int(width * c) for c in (STEM_CHANNELS, *(out_channels for out_channels, _ in ROWS))]
        self.stem = conv_bn_relu(3, channels[0], 3, stride=2)
        self.blocks = nn.Sequential(
            *(
                DepthwiseSeparable(in_channels, out_channels, stride)
                for in_channels, out_channels, (_, stride) in zip(channels, channels[1:], ROWS, strict=False)
            )
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(channels[-1], num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)  # [N, 32, 112, 112] at width 1 and 224x224
        x = self.blocks(x)  # [N, 1024, 7, 7]
        x = torch.flatten(self.pool(x), 1)  # [N, 1024]
        logits: Tensor = self.classifier(x)
        return logits

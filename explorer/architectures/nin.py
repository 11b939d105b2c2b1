"""Network in Network (2013), for CIFAR-10 as in the paper and for ImageNet as its author released it for Caffe."""

from collections import OrderedDict

from torch import nn


class MlpConv(nn.Sequential):
    """A convolution and two 1x1 convolutions: a small perceptron that slides over the maps (Lin et al. 2013, figure 1).

    The 1x1 layers bear the name of the author's code, cccp: cascaded cross channel parametric pooling.

    Shape: [N, in_channels, H, W] -> [N, channels[2], H', W'], where the first convolution sets H' and W'
    """

    def __init__(
        self, in_channels: int, channels: tuple[int, int, int], kernel_size: int, stride: int = 1, padding: int = 0
    ) -> None:
        conv, cccp1, cccp2 = channels
        super().__init__(
            OrderedDict(
                conv=nn.Conv2d(in_channels, conv, kernel_size, stride, padding),
                relu=nn.ReLU(inplace=True),
                cccp1=nn.Conv2d(conv, cccp1, 1),
                relu1=nn.ReLU(inplace=True),
                cccp2=nn.Conv2d(cccp1, cccp2, 1),
                relu2=nn.ReLU(inplace=True),
            )
        )


def nin_cifar(num_classes: int, dropout: float) -> nn.Sequential:
    """The network for CIFAR-10 (Lin et al. 2013, figure 2, with the sizes of the author's code).

    Shape: [N, 3, 32, 32] -> [N, classes]
    """
    network = nn.Sequential(
        OrderedDict(
            mlpconv1=MlpConv(3, (192, 160, 96), 5, padding=2),  # [N, 96, 32, 32]
            pool1=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # [N, 96, 16, 16]
            drop1=nn.Dropout(dropout),
            mlpconv2=MlpConv(96, (192, 192, 192), 5, padding=2),  # [N, 192, 16, 16]
            pool2=nn.AvgPool2d(3, stride=2, ceil_mode=True),  # [N, 192, 8, 8]
            drop2=nn.Dropout(dropout),
            mlpconv3=MlpConv(192, (192, 192, num_classes), 3, padding=1),  # [N, classes, 8, 8]
            gap=nn.AdaptiveAvgPool2d(1),  # [N, classes, 1, 1]
            flatten=nn.Flatten(),
        )
    )
    initialise(network)
    return network


def nin(num_classes: int, dropout: float) -> nn.Sequential:
    """The network for ImageNet (Caffe's model zoo, "Network in Network Imagenet Model").

    Shape: [N, 3, 224, 224] -> [N, classes]
    """
    network = nn.Sequential(
        OrderedDict(
            mlpconv1=MlpConv(3, (96, 96, 96), 11, stride=4),  # [N, 96, 54, 54]
            pool1=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # [N, 96, 27, 27]
            mlpconv2=MlpConv(96, (256, 256, 256), 5, padding=2),  # [N, 256, 27, 27]
            pool2=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # [N, 256, 13, 13]
            mlpconv3=MlpConv(256, (384, 384, 384), 3, padding=1),  # [N, 384, 13, 13]
            pool3=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # [N, 384, 6, 6]
            drop3=nn.Dropout(dropout),
            mlpconv4=MlpConv(384, (1024, 1024, num_classes), 3, padding=1),  # [N, classes, 6, 6]
            gap=nn.AdaptiveAvgPool2d(1),  # [N, classes, 1, 1]
            flatten=nn.Flatten(),
        )
    )
    initialise(network)
    return network


def initialise(network: nn.Sequential) -> None:
    """He's initialisation: the paper's weights were set by hand and are not printed."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

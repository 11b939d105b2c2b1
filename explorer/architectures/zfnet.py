"""ZFNet (2013), and its wider version with 512, 1024 and 512 maps in the last three convolutions."""

from collections import OrderedDict

from torch import nn


def zfnet(num_classes: int, dropout: float, channels: tuple[int, int, int] = (384, 384, 256)) -> nn.Sequential:
    """ZFNet (Zeiler and Fergus 2013, figure 3); `channels` are those of conv3, conv4 and conv5.

    Shape: [N, 3, 224, 224] -> [N, classes]
    """
    c3, c4, c5 = channels
    network = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 96, 7, stride=2, padding=1),  # [N, 96, 110, 110]
            relu1=nn.ReLU(inplace=True),
            pool1=nn.MaxPool2d(3, stride=2, padding=1),  # [N, 96, 55, 55]
            norm1=contrast_norm(),
            conv2=nn.Conv2d(96, 256, 5, stride=2),  # [N, 256, 26, 26]
            relu2=nn.ReLU(inplace=True),
            pool2=nn.MaxPool2d(3, stride=2, padding=1),  # [N, 256, 13, 13]
            norm2=contrast_norm(),
            conv3=nn.Conv2d(256, c3, 3, padding=1),  # [N, c3, 13, 13]
            relu3=nn.ReLU(inplace=True),
            conv4=nn.Conv2d(c3, c4, 3, padding=1),  # [N, c4, 13, 13]
            relu4=nn.ReLU(inplace=True),
            conv5=nn.Conv2d(c4, c5, 3, padding=1),  # [N, c5, 13, 13]
            relu5=nn.ReLU(inplace=True),
            pool5=nn.MaxPool2d(3, stride=2),  # [N, c5, 6, 6]
            flatten=nn.Flatten(),  # [N, c5 * 36]
            fc6=nn.Linear(c5 * 6 * 6, 4096),
            relu6=nn.ReLU(inplace=True),
            drop6=nn.Dropout(dropout),
            fc7=nn.Linear(4096, 4096),
            relu7=nn.ReLU(inplace=True),
            drop7=nn.Dropout(dropout),
            fc8=nn.Linear(4096, num_classes),
        )
    )
    initialise(network)
    return network


def contrast_norm() -> nn.LocalResponseNorm:
    """Normalise each value by its neighbours in 5 maps.

    The paper says "contrast normalized across feature maps" and gives no constants; these are AlexNet's, whose alpha of
    1e-4 is 5e-4 here because torch divides it by the number of maps.
    """
    return nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2.0)


def initialise(network: nn.Sequential) -> None:
    """Start with small weights and biases of 0 (section 3).

    The paper sets "all weights to 1e-2", which is read here as the deviation of AlexNet's normal distribution: equal
    weights would learn equal things.
    """
    for layer in network:
        if isinstance(layer, nn.Conv2d | nn.Linear) and layer.bias is not None:
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)

"""AlexNet as published in 2012, in one column, without its last pooling, and with the batch norm of Keras tutorials."""

from collections import OrderedDict

from torch import nn

# Krizhevsky et al. 2012, section 5: these start with a bias of 1, so that their ReLUs see positive inputs at first.
BIAS_OF_ONE = ("conv2", "conv4", "conv5", "fc6", "fc7")


def alexnet(num_classes: int, dropout: float, groups: int = 2, pool5: bool = True) -> nn.Sequential:
    """AlexNet (Krizhevsky et al. 2012, figure 2); the paper's two GPUs are the two groups of conv2, conv4 and conv5.

    Without pool5, fc6 reads 12x12 maps, which is what 214x214 pixels leave there.

    Shape: [N, 3, 227, 227] -> [N, classes]; without pool5 [N, 3, 214, 214]
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=nn.Conv2d(3, 96, 11, stride=4),  # [N, 96, 55, 55]
        relu1=nn.ReLU(inplace=True),
        norm1=response_norm(),
        pool1=nn.MaxPool2d(3, stride=2),  # [N, 96, 27, 27]
        conv2=nn.Conv2d(96, 256, 5, padding=2, groups=groups),  # [N, 256, 27, 27]
        relu2=nn.ReLU(inplace=True),
        norm2=response_norm(),
        pool2=nn.MaxPool2d(3, stride=2),  # [N, 256, 13, 13]
        conv3=nn.Conv2d(256, 384, 3, padding=1),  # [N, 384, 13, 13], the one that reads both GPUs' maps
        relu3=nn.ReLU(inplace=True),
        conv4=nn.Conv2d(384, 384, 3, padding=1, groups=groups),  # [N, 384, 13, 13]
        relu4=nn.ReLU(inplace=True),
        conv5=nn.Conv2d(384, 256, 3, padding=1, groups=groups),  # [N, 256, 13, 13]
        relu5=nn.ReLU(inplace=True),
    )
    if pool5:
        layers["pool5"] = nn.MaxPool2d(3, stride=2)  # [N, 256, 6, 6]
    layers |= linear_layers(256 * 6 * 6 if pool5 else 256 * 12 * 12, num_classes, dropout)
    network = nn.Sequential(layers)
    initialise(network)
    return network


def alexnet_bn(num_classes: int, dropout: float) -> nn.Sequential:
    """The AlexNet of Keras tutorials: batch norm behind the first two poolings, no groups, 5x5 maps at the end.

    Tutorials end it with one sigmoid. Here it returns what goes into the sigmoid, as every other network returns what
    goes into the softmax.

    Shape: [N, 3, 224, 224] -> [N, classes]
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=nn.Conv2d(3, 96, 11, stride=4),  # [N, 96, 54, 54]
        relu1=nn.ReLU(inplace=True),
        pool1=nn.MaxPool2d(3, stride=2),  # [N, 96, 26, 26]
        norm1=nn.BatchNorm2d(96),
        conv2=nn.Conv2d(96, 256, 5, padding=2),  # [N, 256, 26, 26]
        relu2=nn.ReLU(inplace=True),
        pool2=nn.MaxPool2d(3, stride=2),  # [N, 256, 12, 12]
        norm2=nn.BatchNorm2d(256),
        conv3=nn.Conv2d(256, 384, 3, padding=1),  # [N, 384, 12, 12]
        relu3=nn.ReLU(inplace=True),
        conv4=nn.Conv2d(384, 384, 3, padding=1),  # [N, 384, 12, 12]
        relu4=nn.ReLU(inplace=True),
        conv5=nn.Conv2d(384, 256, 3, padding=1),  # [N, 256, 12, 12]
        relu5=nn.ReLU(inplace=True),
        pool5=nn.MaxPool2d(3, stride=2),  # [N, 256, 5, 5]
    )
    layers |= linear_layers(256 * 5 * 5, num_classes, dropout)
    return nn.Sequential(layers)


def response_norm() -> nn.LocalResponseNorm:
    """Divide each value by (2 + 1e-4 * sum of squares over 5 neighbouring maps)^0.75 (section 3.3).

    torch divides alpha by the number of maps, 5, and the paper does not, hence 5e-4.
    """
    return nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2.0)


def linear_layers(features: int, num_classes: int, dropout: float) -> OrderedDict[str, nn.Module]:
    """The last three layers, from maps to logits, with dropout behind the two hidden ones (section 4.2)."""
    return OrderedDict(
        flatten=nn.Flatten(),  # [N, features]
        fc6=nn.Linear(features, 4096),
        relu6=nn.ReLU(inplace=True),
        drop6=nn.Dropout(dropout),
        fc7=nn.Linear(4096, 4096),
        relu7=nn.ReLU(inplace=True),
        drop7=nn.Dropout(dropout),
        fc8=nn.Linear(4096, num_classes),
    )


def initialise(network: nn.Sequential) -> None:
    """Start as the paper does: weights from N(0, 0.01), biases 1 or 0 (Krizhevsky et al. 2012, section 5)."""
    for name, layer in network.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear) and layer.bias is not None:
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.constant_(layer.bias, 1.0 if name in BIAS_OF_ONE else 0.0)

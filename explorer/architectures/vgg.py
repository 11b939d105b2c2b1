"""VGG: torchvision's networks A, B, D and E, the paper's C, and one made from a list of the reader's own."""

import re
from collections import OrderedDict
from collections.abc import Sequence

import torchvision.models
from torch import nn

# Simonyan and Zisserman 2014, table 1, column C: channels of 3x3 convolutions, pairs of channels and another kernel,
# and M for max pooling.
C = (
    *(64, 64, "M", 128, 128, "M"),
    *(256, 256, (256, 1), "M"),
    *(512, 512, (512, 1), "M"),
    *(512, 512, (512, 1), "M"),
)
MOST_ENTRIES = 64
MOST_CHANNELS = 4096
MOST_POOLINGS = 7  # seven halvings leave 1x1 of the usual 224x224

Layer = int | str | tuple[int, int]


def vgg(num_classes: int, name: str, dropout: float, batch_norm: bool) -> nn.Module:
    """Build torchvision's VGG of this name, such as "vgg16". [N, 3, 224, 224] -> [N, classes]"""
    full_name = f"{name}_bn" if batch_norm else name
    network: nn.Module = torchvision.models.get_model(full_name, weights=None, num_classes=num_classes, dropout=dropout)
    return network


def vgg16_c(num_classes: int, dropout: float) -> nn.Sequential:
    """VGG C, whose third convolution in blocks 3 to 5 is 1x1 (table 1). [N, 3, 224, 224] -> [N, classes]"""
    return network_of(C, num_classes, dropout, batch_norm=False)


def vgg_custom(num_classes: int, layers: str, dropout: float, batch_norm: bool) -> nn.Sequential:
    """A VGG from a list such as "64, M, 128, M". A list that is not one raises ValueError.

    Shape: [N, 3, H, W] -> [N, classes]; H and W at least 2 to the power of the number of M
    """
    return network_of(parse_layers(layers), num_classes, dropout, batch_norm)


def parse_layers(text: str) -> tuple[int | str, ...]:
    """Read a list of channels and M, separated by commas. One that makes no network raises ValueError."""
    words = [word.strip().upper() for word in text.split(",")]
    if words == [""]:
        raise ValueError("The list of layers is empty; it takes channels and M, such as 64, M, 128, M.")
    if len(words) > MOST_ENTRIES:
        raise ValueError(f"The list of layers has {len(words):,} entries; the most is {MOST_ENTRIES}.")
    layers = tuple(parse_layer(word, position) for position, word in enumerate(words, start=1))
    if all(layer == "M" for layer in layers):
        raise ValueError("The list of layers has no convolution; it needs a number of channels, such as 64.")
    if layers.count("M") > MOST_POOLINGS:
        raise ValueError(
            f"The list of layers halves the picture {layers.count('M')} times; the most is {MOST_POOLINGS}."
        )
    return layers


def parse_layer(word: str, position: int) -> int | str:
    """Read one entry of the list. One that is neither channels nor M raises ValueError."""
    if word == "M":
        return word
    if not re.fullmatch("[0-9]{1,4}", word) or not 1 <= int(word) <= MOST_CHANNELS:
        shown = word if len(word) <= 20 else f"{word[:20]}..."
        raise ValueError(
            f"Entry {position} of the list of layers is {shown!r}; it can be M or channels from 1 to {MOST_CHANNELS}."
        )
    return int(word)


def network_of(layers: Sequence[Layer], num_classes: int, dropout: float, batch_norm: bool) -> nn.Sequential:
    """Build convolutions, pooling to 7x7 and the three linear layers, with torchvision's names and initialisation."""
    features, channels = convolutions(layers, batch_norm)
    classifier = nn.Sequential(
        *(nn.Linear(channels * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout(dropout)),
        *(nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(dropout)),
        nn.Linear(4096, num_classes),
    )
    network = nn.Sequential(
        OrderedDict(
            features=features,  # [N, channels, H / 2^poolings, W / 2^poolings]
            avgpool=nn.AdaptiveAvgPool2d(7),  # [N, channels, 7, 7]
            flatten=nn.Flatten(),  # [N, channels * 49]
            classifier=classifier,  # [N, classes]
        )
    )
    initialise(network)
    return network


def convolutions(layers: Sequence[Layer], batch_norm: bool) -> tuple[nn.Sequential, int]:
    """Build the convolutions and poolings of a list, and say how many channels come out."""
    modules: list[nn.Module] = []
    channels = 3
    for layer in layers:
        if isinstance(layer, str):
            modules.append(nn.MaxPool2d(2, stride=2))
            continue
        out_channels, kernel_size = layer if isinstance(layer, tuple) else (layer, 3)
        modules.append(nn.Conv2d(channels, out_channels, kernel_size, padding=kernel_size // 2))
        if batch_norm:
            modules.append(nn.BatchNorm2d(out_channels))
        modules.append(nn.ReLU(inplace=True))
        channels = out_channels
    return nn.Sequential(*modules), channels


def initialise(network: nn.Sequential) -> None:
    """Start as torchvision's VGGs do; the paper started C from the trained layers of A."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)

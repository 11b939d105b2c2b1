"""Comparisons that are worth a look."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.comparison.entry import Entry


@dataclass(frozen=True)
class Preset:
    """A comparison with its name, and what to look for in it."""

    title: str
    about: str
    entries: tuple[Entry, ...]


def _plain(title: str, about: str, *names: str) -> Preset:
    return Preset(title, about, tuple(map(Entry, names)))


PRESETS = (
    _plain(
        "VGG against GoogLeNet",
        "First and second of ILSVRC 2014: the same year, the same task, two ideas of depth.",
        "vgg16",
        "googlenet",
    ),
    _plain(
        "ILSVRC winners 2012 to 2015",
        "2013 was won by Clarifai, whose networks were kin of ZFNet.",
        "alexnet",
        "zfnet",
        "googlenet",
        "resnet152",
    ),
    _plain(
        "Plain against residual",
        "The same layers with and without shortcuts: only the accuracy differs.",
        "plain18",
        "resnet18",
        "plain34",
        "resnet34",
    ),
    _plain(
        "The ResNets",
        "Bottlenecks make 50 layers no dearer than 34.",
        "resnet18",
        "resnet34",
        "resnet50",
        "resnet101",
        "resnet152",
    ),
    Preset(
        "Shortcuts A, B and C",
        "What a projection on the shortcut costs, and what it brings.",
        tuple(Entry("resnet34", changed) for changed in ((), (("shortcut", "B"),), (("shortcut", "C"),))),
    ),
    _plain(
        "Small networks",
        "Few parameters are not few MACs: SqueezeNet saves the first, the MobileNets both.",
        "squeezenet1_0",
        "mobilenet_v1",
        "mobilenet_v2",
        "mobilenet_v3_large",
        "efficientnet_b0",
    ),
    _plain(
        "AlexNet, paper and torchvision",
        "torchvision builds a later AlexNet, with fewer channels and no groups.",
        "alexnet",
        "alexnet_tv",
    ),
)

"""How to train a network on a data set: a quick way, and its paper's. Data; imports no torch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from explorer import data, registry
from explorer.architecture import Architecture

TITLES = {"quick": "Quick", "paper": "As published"}
SMALL_SIDE = 32  # pixels, up to which a batch of 64 is a matter of milliseconds for a small network

_ADAM = {
    "optimizer": "adam",
    "learning_rate": 1e-3,
    "schedule": "constant",
    "warmup": 0.0,
    "batch_size": 64,
    "weight_decay": 0.0,
    "augmentation": "none",
}
_MOMENTUM = {**_ADAM, "optimizer": "momentum", "learning_rate": 0.01}
_TRANSFORMER = {**_ADAM, "optimizer": "adamw", "learning_rate": 3e-4, "schedule": "cosine", "warmup": 0.05}

_HE = {**_MOMENTUM, "learning_rate": 0.1, "weight_decay": 1e-4, "batch_size": 256, "augmentation": "crop_flip"}
_STEPS = {"schedule": "step", "drops": (1 / 3, 2 / 3), "epochs": 90}  # divided by ten every 30 of 90 epochs
_CIFAR = {**_HE, "batch_size": 128, "schedule": "step", "drops": (0.5, 0.75), "epochs": 164}  # 64,000 steps of 50,000
_KRIZHEVSKY = {**_HE, "learning_rate": 0.01, "weight_decay": 5e-4, "batch_size": 128, "schedule": "plateau"}
_LIU = {**_TRANSFORMER, "warmup": 20 / 300, "weight_decay": 0.05, "augmentation": "crop_flip", "epochs": 300}

# What a RunSpec can say of `Architecture.recipe`; where the paper tells no learning rate or no schedule that there is,
# a network has no such recipe. The first pattern that fits a whole name counts.
_PUBLISHED: Mapping[str, Mapping[str, Any]] = {
    "lenet_keras": {**_ADAM, "batch_size": 128, "epochs": 20},
    "alexnet|alexnet_single": {**_KRIZHEVSKY, "epochs": 90},
    "alexnet_tv": {**_HE, **_STEPS, "learning_rate": 0.01},
    "zfnet|zfnet_wide": {**_KRIZHEVSKY, "weight_decay": 0.0, "epochs": 70},
    r"vgg\d\d|vgg16_c": {**_KRIZHEVSKY, "batch_size": 256, "epochs": 74},
    r"vgg\d\d_bn": {**_HE, **_STEPS},
    "(plain|resnet)(20|32|44|56|110)": _CIFAR,
    r"resnet\d+_tv|densenet\d+": {**_HE, **_STEPS},
    r"(plain|resnet)\d+": {**_HE, "schedule": "plateau", "epochs": 120},  # 600,000 steps of 1.28 million pictures
    r"preact_resnet\d+": _CIFAR,
    "swin_[tsb]": {**_LIU, "learning_rate": 1e-3, "batch_size": 1024},
    r"convnext_\w+": {**_LIU, "learning_rate": 4e-3, "batch_size": 4096},
}
_NESTEROV = r"densenet\d+"
_WITHOUT_NORM = r"alexnet(_single|_tv|_no_pool5)?|zfnet\w*|nin\w*|vgg\d\d|vgg16_c|vgg_custom|googlenet(_naive)?"
_ATTENTION = r"vit_\w+|swin_\w+|maxvit_\w+|convnext_\w+"


def names(architecture: str) -> tuple[str, ...]:
    """Return the recipes of a network: "quick", and "paper" where its paper's can be followed."""
    return ("quick", "paper") if _published(architecture) else ("quick",)


def get(name: str, architecture: str, dataset: str) -> dict[str, Any]:
    """Return a recipe as fields of a RunSpec, budget included. One that there is not raises KeyError."""
    if name not in names(architecture):
        raise KeyError(f"{registry.get(architecture).title} has no recipe {name!r}.")
    fields = _published(architecture) if name == "paper" else _quick(registry.get(architecture), dataset)
    return _keep_upright(dict(fields), dataset)


def _published(architecture: str) -> Mapping[str, Any]:
    fields = next((fields for names, fields in _PUBLISHED.items() if re.fullmatch(names, architecture)), {})
    return {**fields, "optimizer": "nesterov"} if re.fullmatch(_NESTEROV, architecture) else fields


def _quick(arch: Architecture, dataset: str) -> dict[str, Any]:
    """A few seconds of a small network on digits, else a minute."""
    fields: Mapping[str, Any] = _ADAM
    if re.fullmatch(_WITHOUT_NORM, arch.name):
        fields = _MOMENTUM
    elif re.fullmatch(_ATTENTION, arch.name):
        fields = _TRANSFORMER
    is_small = arch.least_size <= SMALL_SIDE
    budget = {"epochs": 40} if arch.family == "LeNet" and dataset == "digits" else {"seconds": 60.0}
    return {**fields, **budget, "batch_size": 64 if is_small else 32}


def _keep_upright(fields: dict[str, Any], dataset: str) -> dict[str, Any]:
    """Do not mirror pictures that then show something else."""
    if "flip" in fields["augmentation"] and not data.get(dataset).survives_mirroring:
        fields["augmentation"] = {"crop_flip": "crop", "flip": "none"}[fields["augmentation"]]
    return fields

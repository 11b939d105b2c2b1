"""The mlpconv layer of Network in Network."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, square, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import OUT_MAP, Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.nin import PAPER

_ALONE = "The convolution alone"


def _construct(values: Values) -> Call:
    return call(
        "explorer.architectures.nin:MlpConv",
        in_channels=values["in_channels"],
        channels=(values["conv"], values["cccp1"], values["cccp2"]),
        kernel_size=values["kernel"],
        stride=values["stride"],
        padding=values["padding"],
    )


def _parts(values: Values) -> tuple[Part, ...]:
    return (
        part(
            f"{square(values['kernel'])} convolution",
            "conv relu",
            conv("in_channels", "conv", "kernel*kernel", at=OUT_MAP),
        ),
        part("First 1×1", "cccp1 relu1", conv("conv", "cccp1", at=OUT_MAP)),
        part("Second 1×1", "cccp2 relu2", conv("cccp1", "cccp2", at=OUT_MAP)),
    )


def _rivals(values: Values) -> dict[str, Call]:
    window = {"kernel_size": values["kernel"], "stride": values["stride"], "padding": values["padding"]}
    place = "explorer.architectures.inception:conv_relu"
    return {_ALONE: call(place, values["in_channels"], values["conv"], **window)}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    alone = rivals[_ALONE]
    added, macs = chosen.params - alone.params, chosen.macs - alone.macs
    return (
        f"The two 1×1 layers add {units.exact(added)} parameters, {units.percent(added / chosen.params)} of the block, "
        f"and {units.percent(macs / chosen.macs)} of its MACs.",
        f"With them every place gets a small network of its own, with three non-linearities instead of one; the "
        f"whole has {many(chosen.params, alone.params, 'parameters')} of the convolution alone.",
    )


def _misfit(values: Values) -> str:
    side, kernel = values["size"] + 2 * values["padding"], values["kernel"]
    if kernel > side:
        padded = f", {square(side)} with its padding," if values["padding"] else ""
        return f"The {square(kernel)} window does not fit into a map of {square(values['size'])}{padded} even once."
    return ""


MLPCONV = Block(
    name="mlpconv",
    title="Mlpconv",
    paper=PAPER,
    explanation="A convolution followed by two 1×1 convolutions: the same small perceptron runs over every place of "
    "the map and mixes its channels, so that one layer can tell apart what a single linear filter cannot. Here the 1×1 "
    "convolution was born, which Inception, ResNet and MobileNet live on.",
    options=(
        in_channels(3),
        size(32),
        width("conv", 192, "Filters of the convolution.", most=1024),
        width("cccp1", 160, "Filters of the first 1×1.", most=1024),
        width("cccp2", 96, "Filters of the second 1×1.", most=1024, step=2),
        Option("kernel", 5, "Height and width of the convolution's kernel.", least=1, most=11, step=1),
        Option("stride", 1, "Step of the convolution.", least=1, most=4, step=1),
        Option("padding", 2, "Zeros around the map.", least=0, most=5, step=1),
    ),
    presets=(
        Preset("CIFAR, first", {}),
        Preset("CIFAR, second", {"in_channels": 96, "size": 16, "conv": 192, "cccp1": 192, "cccp2": 192}),
        Preset(
            "CIFAR, third",
            {"in_channels": 192, "size": 8, "conv": 192, "cccp1": 192, "cccp2": 10, "kernel": 3, "padding": 1},
        ),
        Preset(
            "ImageNet, first",
            {"size": 224, "conv": 96, "cccp1": 96, "cccp2": 96, "kernel": 11, "stride": 4, "padding": 0},
        ),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=_misfit,
    derived=lambda values: {
        "out_size": (values["size"] + 2 * values["padding"] - values["kernel"]) // values["stride"] + 1
    },
)

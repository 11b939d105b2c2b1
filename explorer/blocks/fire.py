"""The Fire module of SqueezeNet."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.blocks.choices import in_channels, many, size, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.squeezenet import PAPER

# Iandola et al. 2016, table 1: channels read, size of the map, and the filters of squeeze and of both expands.
_MODULES = {
    "fire2": (96, 55, 16, 64),
    "fire3": (128, 55, 16, 64),
    "fire4": (128, 55, 32, 128),
    "fire5": (256, 27, 32, 128),
    "fire6": (256, 27, 48, 192),
    "fire7": (384, 27, 48, 192),
    "fire8": (384, 27, 64, 256),
    "fire9": (512, 13, 64, 256),
}
_FULL = "Full 3×3 convolution"


def _construct(values: Values) -> Call:
    widths = (values["squeeze"], values["expand1x1"], values["expand3x3"])
    return call("torchvision.models.squeezenet:Fire", values["in_channels"], *widths)


def _parts(values: Values) -> tuple[Part, ...]:
    return (
        part("Squeeze: 1×1", "squeeze squeeze_activation", conv("in_channels", "squeeze")),
        part("Expand: 1×1", "expand1x1 expand1x1_activation", conv("squeeze", "expand1x1")),
        part("Expand: 3×3", "expand3x3 expand3x3_activation", conv("squeeze", "expand3x3", "3*3")),
        part("Concatenation", "cat"),
    )


def _rivals(values: Values) -> dict[str, Call]:
    wide = values["expand1x1"] + values["expand3x3"]
    place = "explorer.architectures.inception:conv_relu"
    return {_FULL: call(place, values["in_channels"], wide, kernel_size=3, padding=1)}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    full, wide = rivals[_FULL], values["expand1x1"] + values["expand3x3"]
    return (
        f"A full 3×3 convolution from {units.exact(values['in_channels'])} to {units.exact(wide)} channels needs "
        f"{many(full.params, chosen.params, 'parameters')} and {many(full.macs, chosen.macs, 'MACs')}.",
        f"The 3×3 reads {values['squeeze']} channels in place of {units.exact(values['in_channels'])}, and "
        f"makes only {units.percent(values['expand3x3'] / wide)} of the output.",
    )


FIRE = Block(
    name="fire",
    title="Fire module",
    paper=PAPER,
    explanation="A 1×1 convolution squeezes the channels to a few; then 1×1 and 3×3 filters, side by side, expand them "
    "again. The expensive 3×3 filters are fewer and read little: the network has a fiftieth of AlexNet's parameters.",
    options=(
        in_channels(96),
        size(55),
        width("squeeze", 16, "1×1 filters that squeeze.", most=256),
        width("expand1x1", 64, "1×1 filters that expand."),
        width("expand3x3", 64, "3×3 filters that expand."),
    ),
    presets=tuple(
        Preset(name, {"in_channels": reads, "size": side, "squeeze": s, "expand1x1": e, "expand3x3": e})
        for name, (reads, side, s, e) in _MODULES.items()
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
)

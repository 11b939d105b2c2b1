"""The Inception module of GoogLeNet, reduced and naive."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.inception import GOOGLENET

_HOME = "explorer.architectures.inception"
_WIDTHS = ("c1x1", "c3x3_reduce", "c3x3", "c5x5_reduce", "c5x5", "pool_proj")

# Szegedy et al. 2014, table 1: channels read, size of the map, and the six widths.
_MODULES = {
    "3a": (192, 28, 64, 96, 128, 16, 32, 32),
    "3b": (256, 28, 128, 128, 192, 32, 96, 64),
    "4a": (480, 14, 192, 96, 208, 16, 48, 64),
    "4b": (512, 14, 160, 112, 224, 24, 64, 64),
    "4c": (512, 14, 128, 128, 256, 24, 64, 64),
    "4d": (512, 14, 112, 144, 288, 32, 64, 64),
    "4e": (528, 14, 256, 160, 320, 32, 128, 128),
    "5a": (832, 7, 256, 160, 320, 32, 128, 128),
    "5b": (832, 7, 384, 192, 384, 48, 128, 128),
}
_LECTURE = (256, 28, 128, 64, 192, 64, 96, 64)  # the module that Stanford's CS231n works out


def _construct(values: Values) -> Call:
    return _naive(values) if values["naive"] else _reduced(values)


def _reduced(values: Values) -> Call:
    return call(f"{_HOME}:Inception", **{name: values[name] for name in ("in_channels", *_WIDTHS)})


def _naive(values: Values) -> Call:
    return call(f"{_HOME}:NaiveInception", **{name: values[name] for name in ("in_channels", "c1x1", "c3x3", "c5x5")})


def _parts(values: Values) -> tuple[Part, ...]:
    one = part("1×1", "branch1x1", conv("in_channels", "c1x1"))
    if values["naive"]:
        return (
            one,
            part("3×3", "branch3x3", conv("in_channels", "c3x3", "3*3")),
            part("5×5", "branch5x5", conv("in_channels", "c5x5", "5*5")),
            part("Pooling", "branch_pool"),
            part("Concatenation", "cat"),
        )
    return (
        one,
        part("1×1, 3×3", "branch3x3", conv("in_channels", "c3x3_reduce"), conv("c3x3_reduce", "c3x3", "3*3")),
        part("1×1, 5×5", "branch5x5", conv("in_channels", "c5x5_reduce"), conv("c5x5_reduce", "c5x5", "5*5")),
        part("Pooling, 1×1", "branch_pool", conv("in_channels", "pool_proj")),
        part("Concatenation", "cat"),
    )


def _rivals(values: Values) -> dict[str, Call]:
    return {"With 1×1 reductions": _reduced(values)} if values["naive"] else {"Naive": _naive(values)}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    (other,) = rivals.values()
    naive, reduced = (chosen, other) if values["naive"] else (other, chosen)
    wide, narrow = naive.rows[-1].output_shape[1], reduced.rows[-1].output_shape[1]
    return (
        f"Without the 1×1 reductions this module needs {many(naive.macs, reduced.macs, 'MACs')} and "
        f"{many(naive.params, reduced.params, 'parameters')}.",
        f"Without them it also hands on {units.exact(wide)} channels in place of {units.exact(narrow)}: pooling can "
        f"only pass on all {units.exact(values['in_channels'])} that it reads.",
    )


def _preset(row: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(("in_channels", "size", *_WIDTHS), row, strict=True))


INCEPTION = Block(
    name="inception",
    title="Inception module",
    paper=GOOGLENET,
    explanation="Four branches look at the same map with kernels of different size, and their results are laid one "
    "behind the other: the network need not decide which size is right. 3×3 and 5×5 on hundreds of channels would be "
    "far too expensive, so a 1×1 convolution first mixes the channels down to a few.",
    options=(
        in_channels(192),
        size(28),
        width("c1x1", 64, "Filters of the 1×1 branch."),
        width("c3x3_reduce", 96, "1×1 filters in front of the 3×3: how many channels it reads."),
        width("c3x3", 128, "Filters of the 3×3 branch."),
        width("c5x5_reduce", 16, "1×1 filters in front of the 5×5: how many channels it reads."),
        width("c5x5", 32, "Filters of the 5×5 branch."),
        width("pool_proj", 32, "1×1 filters behind the pooling."),
        Option("naive", False, "The module without 1×1 reductions (figure 2a of the paper)."),
    ),
    presets=(
        *(Preset(f"Inception {name}", _preset(row)) for name, row in _MODULES.items()),
        Preset("CS231n's example", _preset(_LECTURE)),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    unused=lambda values: ("c3x3_reduce", "c5x5_reduce", "pool_proj") if values["naive"] else (),
)

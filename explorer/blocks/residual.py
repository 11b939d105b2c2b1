"""Residual blocks: basic, bottleneck and pre-activation, with every kind of shortcut or none."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, square, stride, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import OUT_MAP, Part, Weights, conv, norm, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.resnet import RESNET

FORMS = {
    "basic": "Basic",
    "bottleneck": "Bottleneck",
    "preact_basic": "Pre-activation",
    "preact_bottleneck": "Pre-activation bottleneck",
}
_CLASSES = {
    "basic": "BasicBlock",
    "bottleneck": "Bottleneck",
    "preact_basic": "PreActBasicUnit",
    "preact_bottleneck": "PreActBottleneckUnit",
}
_HOME = "explorer.architectures.resnet"
_EXPANSION = 4


def _expansion(values: Values) -> int:
    return _EXPANSION if values["form"].endswith("bottleneck") else 1


def _out_channels(values: Values) -> int:
    return int(_expansion(values) * values["channels"])


def _changes_shape(values: Values) -> bool:
    return bool(values["stride"] > 1 or values["in_channels"] != _out_channels(values))


def _has_weights(values: Values) -> bool:
    """Whether the shortcut is a projection."""
    option = values["shortcut"]
    return bool(values["skip"] and (option == "C" or (option == "B" and _changes_shape(values))))


def construct(values: Values) -> Call:
    """Return how the block is built."""
    place, sizes = f"{_HOME}:{_CLASSES[values['form']]}", (values["in_channels"], values["channels"], values["stride"])
    if not values["form"].startswith("preact"):
        option = {"identity": "B"}.get(values["shortcut"], values["shortcut"])
        return call(place, *sizes, shortcut=option if values["skip"] else "none")
    projects = values["shortcut"] == "B" or not values["skip"]
    more = {"projects": projects} if values["form"] == "preact_basic" else {}
    unit = call(place, *sizes, shares_activation=_changes_shape(values), **more)
    return unit if values["skip"] else call("explorer.architectures.cells:without_shortcut", unit)


def _misfit(values: Values) -> str:
    """Why the sum cannot be built; the sentence names both of its sides."""
    if not values["skip"]:
        return ""
    preact, option = values["form"].startswith("preact"), values["shortcut"]
    if preact and option == "C":
        return "Pre-activation blocks keep their shortcuts clean, so projecting on all of them (C) is not built: use B."
    if not _changes_shape(values):
        return ""
    if option == "identity":
        return _sides_differ(values)
    if option == "A" and values["form"] == "preact_bottleneck":
        return "Pre-activation bottlenecks are published with a projection where the shape changes: use B."
    if option == "A" and values["in_channels"] > _out_channels(values):
        return (
            f"Shortcut A can only add channels of zeros; from {values['in_channels']} to {_out_channels(values)} it "
            "would have to drop some: use a projection (B)."
        )
    return ""


def _sides_differ(values: Values) -> str:
    reads, makes = values["in_channels"], _out_channels(values)
    if reads != makes:
        return f"The sum needs {reads} channels on both sides; the branch has {makes}: use a projection (B)."
    side, halved = values["size"], (values["size"] - 1) // 2 + 1
    return (
        f"The sum needs maps of one size; the branch makes {square(halved)} of {square(side)} and the identity does "
        "not: use a projection (B)."
    )


def _parts(values: Values) -> tuple[Part, ...]:
    preact, wide = values["form"].startswith("preact"), values["form"].endswith("bottleneck")
    steps = (
        (("in_channels", "channels", "1*1"), ("channels", "channels", "3*3"), ("channels", "out_channels", "1*1"))
        if wide
        else (("in_channels", "channels", "3*3"), ("channels", "channels", "3*3"))
    )
    branch = [
        part(
            f"{kernel.replace('*', units.TIMES)}, {_ORDINALS[i]}",
            f"bn{i + 1} relu{i + 1} conv{i + 1}" if preact or i + 1 < len(steps) else f"conv{i + 1} bn{i + 1}",
            _step(reads, filters, kernel, preact),
        )
        for i, (reads, filters, kernel) in enumerate(steps)
    ]
    last = f"relu{len(steps)}"
    if not values["skip"]:
        return (*branch, *(() if preact else (part("ReLU", last),)))
    end = part("Sum", "add") if preact else part("Sum and ReLU", f"add {last}")
    return (*branch, _shortcut_part(values), end)


_ORDINALS = ("first", "second", "third")


def _step(reads: str, filters: str, kernel: str, preact: bool) -> Weights:
    """A convolution with the batch norm behind it, or with the one before it, which norms what it reads."""
    own = conv(reads, filters, kernel, at=OUT_MAP, bias=False, norm=not preact)
    return Weights(f"{norm(reads).params} + {own.params}", own.macs) if preact else own


def _shortcut_part(values: Values) -> Part:
    if not _has_weights(values):
        title = "Shortcut: zeros" if _changes_shape(values) else "Shortcut: identity"
        return part(title, "shortcut")
    norms = not values["form"].startswith("preact")
    weights = conv("in_channels", "out_channels", at=OUT_MAP, bias=False, norm=norms)
    return part("Shortcut: projection", "shortcut", weights)


def _rivals(values: Values) -> dict[str, Call]:
    word = "Without the skip" if values["skip"] else "With the skip"
    found = {word: {**values, "skip": not values["skip"]}, **_as_wide(values)}
    if values["skip"] and _changes_shape(values):
        option = "A" if values["shortcut"] == "B" else "B"
        found[f"With shortcut {option}"] = {**values, "shortcut": option}
    elif values["skip"]:
        projects = values["shortcut"] == "C"
        found["With shortcut B" if projects else "With shortcut C"] = {**values, "shortcut": "B" if projects else "C"}
    return {title: construct(other) for title, other in found.items() if not _misfit(other)}


def _as_wide(values: Values) -> dict[str, Values]:
    """The basic block with a bottleneck's output, or the bottleneck with a basic block's."""
    wide = _out_channels(values)
    if _expansion(values) > 1:
        form = values["form"].replace("bottleneck", "basic")
        return {f"{FORMS[form]}, as wide": {**values, "form": form, "channels": wide}}
    if wide % _EXPANSION:
        return {}
    form = values["form"].replace("basic", "bottleneck")
    return {f"{FORMS[form]}, as wide": {**values, "form": form, "channels": wide // _EXPANSION}}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    wide = units.exact(_out_channels(values))
    compared = tuple(
        f"A {title.lower().replace(', as wide', '')} block as wide, {wide} channels, needs "
        f"{many(one.params, chosen.params, 'parameters')} and {many(one.macs, chosen.macs, 'MACs')}."
        for title, one in rivals.items()
        if title.endswith("as wide")
    )
    return (*compared, _about_the_skip(values, chosen, rivals))


def _about_the_skip(values: Values, chosen: Analysis, rivals: Rivals) -> str:
    if not values["skip"]:
        return "Without the skip its layers must learn the whole step, not only what it adds to its input."
    if not _has_weights(values):
        zeros = "; the channels it lacks are zeros" if _changes_shape(values) else ""
        return f"The skip costs no parameters and no MACs, only the sum{zeros}."
    cost = chosen.params - rivals["Without the skip"].params
    return (
        f"The projection on the skip has {units.exact(cost)} parameters, {units.percent(cost / chosen.params)} of the "
        "block; where the shape stays the same it is not needed."
    )


RESIDUAL = Block(
    name="residual",
    title="Residual block",
    paper=RESNET,
    explanation="The block's input is added to what its layers make of it, so they only have to learn a change. If "
    "nothing needs changing they can learn zero, and the gradient always has a short way back. A bottleneck does its "
    "3×3 on a quarter of the channels; pre-activation moves norm and ReLU in front of each convolution and leaves the "
    "skip untouched.",
    options=(
        Option("form", "basic", "The layers inside.", tuple(FORMS)),
        Option("shortcut", "B", "How the input reaches the sum.", ("identity", "A", "B", "C")),
        Option("skip", True, "Whether the input is added at all."),
        in_channels(64),
        size(56),
        width("channels", 64, "Filters of the 3×3 layers; a bottleneck ends with four times as many."),
        stride(),
    ),
    words=FORMS | {"identity": "Identity", "A": "A: zeros", "B": "B: project at a new shape", "C": "C: always project"},
    presets=(
        Preset("ResNet-34, conv2", {}),
        Preset("ResNet-34, into conv3", {"channels": 128, "stride": 2}),
        Preset("ResNet-50, into conv2", {"form": "bottleneck"}),
        Preset("ResNet-50, conv2", {"form": "bottleneck", "in_channels": 256}),
        Preset("ResNet-50, into conv3", {"form": "bottleneck", "in_channels": 256, "channels": 128, "stride": 2}),
        Preset("Plain-34, conv2", {"skip": False}),
        Preset("CIFAR, zeros", {"in_channels": 16, "size": 32, "channels": 32, "stride": 2, "shortcut": "A"}),
        Preset("Pre-activation", {"form": "preact_basic", "in_channels": 16, "size": 32, "channels": 16}),
    ),
    construct=construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=_misfit,
    unused=lambda values: () if values["skip"] else ("shortcut",),
    derived=lambda values: {
        "out_size": (values["size"] - 1) // values["stride"] + 1,
        "out_channels": _out_channels(values),
    },
)

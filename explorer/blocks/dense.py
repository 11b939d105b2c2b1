"""The dense block and the transition behind it."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import Part, conv, norm, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.densenet import PAPER

_PLACE = "torchvision.models.densenet"
_BOTTLENECK = 4  # the 1x1 of each layer makes this many times the growth rate


def _channels(values: Values) -> int:
    """Return the channels behind the last layer."""
    return int(values["in_channels"] + values["layers"] * values["growth_rate"])


def _kept(values: Values) -> int:
    """Return the channels behind the transition."""
    return max(1, int(values["compression"] * _channels(values)))


def _construct(values: Values) -> Call:
    layers, reads, growth = values["layers"], values["in_channels"], values["growth_rate"]
    block = (
        call(f"{_PLACE}:_DenseBlock", layers, reads, _BOTTLENECK, growth, drop_rate=0.0)
        if values["bottleneck"]
        else call("explorer.architectures.cells:DenseBlock", layers, reads, growth)
    )
    behind = [call(f"{_PLACE}:_Transition", _channels(values), _kept(values))] if values["transition"] else []
    return call("torch.nn:Sequential", block, *behind)


def _parts(values: Values) -> tuple[Part, ...]:
    layers = tuple(_layer(i, values["bottleneck"]) for i in range(values["layers"]))
    behind = (
        part("Transition", "1", norm("channels"), conv("channels", "kept", bias=False))
        if values["transition"]
        else None
    )
    return (*layers, part("Concatenation", "0.cat*"), *([behind] if behind else ()))


def _layer(i: int, bottleneck: bool) -> Part:
    reads = f"in_channels + {i}*growth_rate" if i > 1 else "in_channels + growth_rate" if i else "in_channels"
    if not bottleneck:
        return part(f"Layer {i + 1}", f"0.layers.{i}", norm(reads), conv(reads, "growth_rate", "3*3", bias=False))
    middle = f"{_BOTTLENECK}*growth_rate"
    return part(
        f"Layer {i + 1}",
        f"0.denselayer{i + 1}",
        norm(reads),
        conv(reads, middle, bias=False, norm=True),
        conv(middle, "growth_rate", "3*3", bias=False),
    )


def _rivals(values: Values) -> dict[str, Call]:
    title = "Without 1×1 bottlenecks" if values["bottleneck"] else "With 1×1 bottlenecks"
    return {title: _construct({**values, "bottleneck": not values["bottleneck"]})}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    ((title, other),) = rivals.items()
    last = values["in_channels"] + (values["layers"] - 1) * values["growth_rate"]
    copied = sum(row.activation_bytes for row in chosen.rows if row.kind == "cat")
    return (
        f"Each layer adds {values['growth_rate']} maps to all that came before; the last of {values['layers']} reads "
        f"{units.exact(last)}.",
        f"{title} the block would need {many(other.params, chosen.params, 'parameters')} and "
        f"{many(other.macs, chosen.macs, 'MACs')}.",
        f"Laying the maps one behind the other writes {units.percent(copied / chosen.activation_bytes)} of its "
        "activation memory.",
    )


DENSE = Block(
    name="dense",
    title="Dense block",
    paper=PAPER,
    explanation="Every layer reads the maps of all layers before it, one behind the other, and adds a few of its own: "
    "the growth rate. Nothing has to be learned twice, so few maps a layer are enough. A 1×1 in front of each 3×3 "
    "keeps it cheap, and a transition between blocks drops half of the channels and halves the map.",
    options=(
        in_channels(64),
        size(56),
        Option("layers", 6, "Layers of the block.", least=1, most=24, step=1),
        width("growth_rate", 32, "Maps that each layer adds.", most=64, step=4),
        Option("bottleneck", True, "A 1×1 to four times the growth rate in front of each 3×3 (DenseNet-B)."),
        Option("transition", True, "Norm, ReLU, 1×1 and average pooling behind the block."),
        Option("compression", 0.5, "Share of the channels that the transition keeps.", least=0.1, most=1.0, step=0.1),
    ),
    presets=(
        Preset("DenseNet-121, block 1", {}),
        Preset("DenseNet-121, block 2", {"in_channels": 128, "size": 28, "layers": 12}),
        Preset("DenseNet-121, block 3", {"in_channels": 256, "size": 14, "layers": 24}),
        Preset("DenseNet-121, block 4", {"in_channels": 512, "size": 7, "layers": 16, "transition": False}),
        Preset(
            "CIFAR, depth 40, growth 12",
            {
                **{"in_channels": 16, "size": 32, "layers": 12, "growth_rate": 12},
                **{"bottleneck": False, "compression": 1.0},
            },
        ),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=lambda values: (
        "The transition halves the map with a 2×2 pooling; a map of 1×1 cannot be halved: leave it out."
        if values["transition"] and values["size"] < 2
        else ""
    ),
    unused=lambda values: () if values["transition"] else ("compression",),
    derived=lambda values: {"channels": _channels(values), "kept": _kept(values)},
)

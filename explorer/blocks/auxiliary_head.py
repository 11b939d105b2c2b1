"""The auxiliary heads of GoogLeNet and of Inception-v3."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, square
from explorer.blocks.construction import call
from explorer.blocks.parts import Part, conv, linear, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.inception import GOOGLENET

_PLACES = {
    "googlenet": "explorer.architectures.inception:AuxiliaryHead",
    "inception_v3": "torchvision.models.inception:InceptionAux",
}
_KERNEL, _STRIDE = 5, 3  # of the average pooling that both start with
_READ_BY_FC1 = 4  # GoogLeNet's first linear layer takes maps of 4x4
_LEAST_OF_V3 = 5  # Inception-v3's 5x5 convolution has no padding
_POOLED = "pooled*pooled"


def _pooled(side: int) -> int:
    return (side - _KERNEL) // _STRIDE + 1


def _parts(values: Values) -> tuple[Part, ...]:
    if values["form"] == "googlenet":
        return (
            part("Pooling", "avgpool"),
            part("1×1", "conv", conv("in_channels", "128", at=_POOLED)),
            part("Linear, hidden", "flatten fc1 relu", linear("128*pooled*pooled", "1024")),
            part("Linear, answer", "dropout fc2", linear("1024", "num_classes")),
        )
    return (
        part("Pooling", "avg_pool2d"),
        part("1×1", "conv0", conv("in_channels", "128", at=_POOLED, bias=False, norm=True)),
        part("5×5", "conv1", conv("128", "768", "5*5", at="last_size*last_size", bias=False, norm=True)),
        part("Pooling, linear", "mean flatten fc", linear("768", "num_classes")),
    )


def _misfit(values: Values) -> str:
    side, pooled = values["size"], _pooled(values["size"])
    if side < _KERNEL:
        return f"The head starts with a pooling over {square(_KERNEL)}, which is larger than a map of {square(side)}."
    if values["form"] == "googlenet" and pooled != _READ_BY_FC1:
        return (
            f"The first linear layer reads 128 maps of 4×4; pooling makes {square(pooled)} of {square(side)}: use a "
            "size from 14 to 16."
        )
    if values["form"] == "inception_v3" and pooled < _LEAST_OF_V3:
        return f"The 5×5 convolution has no padding and gets only {square(pooled)} from the pooling: use 17 or more."
    return ""


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    from explorer.analysis import analyze

    network, heads = ("googlenet", 2) if values["form"] == "googlenet" else ("inception_v3", 1)
    whole = analyze(network)
    linear_share = sum(row.params for row in chosen.rows if row.group == "linear") / chosen.params
    added = "Two such heads add" if heads == 2 else "One such head adds"
    return (
        f"{added} {units.short(heads * chosen.params)} parameters in training: "
        f"{many(heads * chosen.params, whole.params, 'parameters')} of {whole.title} itself.",
        f"Linear layers hold {units.percent(linear_share)} of them; in use the heads are cut off.",
    )


AUXILIARY_HEAD = Block(
    name="auxiliary_head",
    title="Auxiliary head",
    paper=GOOGLENET,
    explanation="A small classifier on a map half way through the network. In training its loss is added with a weight "
    "of 0.3, which brings gradient to the early layers; later the head is thrown away. The authors found in 2015 that "
    "it acts as a regulariser more than as a help for the gradient.",
    options=(
        Option("form", "googlenet", "Whose head: GoogLeNet's of 2014, or Inception-v3's of 2015.", tuple(_PLACES)),
        in_channels(512),
        size(14),
        Option("num_classes", 1000, "What the head tells apart.", least=1, most=10_000),
    ),
    words={"googlenet": "GoogLeNet (2014)", "inception_v3": "Inception-v3 (2015)"},
    presets=(
        Preset("GoogLeNet, behind 4a", {"form": "googlenet", "in_channels": 512, "size": 14}),
        Preset("GoogLeNet, behind 4d", {"form": "googlenet", "in_channels": 528, "size": 14}),
        Preset("Inception-v3", {"form": "inception_v3", "in_channels": 768, "size": 17}),
    ),
    construct=lambda values: call(_PLACES[values["form"]], values["in_channels"], values["num_classes"]),
    parts=_parts,
    sentences=_sentences,
    misfit=_misfit,
    derived=lambda values: {"pooled": _pooled(values["size"]), "last_size": _pooled(values["size"]) - 4},
)

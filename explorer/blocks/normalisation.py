"""Local response normalisation against batch norm, behind one convolution."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option, Paper
from explorer.blocks.choices import in_channels, listed, size, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import Part, conv, norm, part
from explorer.blocks.record import Block, Preset, Rivals, Values

BATCH_NORM = Paper(
    title="Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    authors="Sergey Ioffe, Christian Szegedy",
    published="2015-02",
    url="https://arxiv.org/abs/1502.03167",
)
_FORMS = {"lrn": "LRN", "batch": "Batch norm"}
# Families that hold a layer of each kind, as published; the tests look them up in the analyses.
USED_IN = {
    "lrn": ("alexnet", "zfnet", "googlenet"),
    "batch": ("inception_v3", "resnet50", "densenet121", "xception", "mobilenet_v1", "efficientnet_b0"),
}


def _construct(values: Values, form: str | None = None) -> Call:
    form = form or values["form"]
    reads, filters = values["in_channels"], values["channels"]
    relu = call("torch.nn:ReLU", inplace=True)
    if form == "batch":
        convolution = call("torch.nn:Conv2d", reads, filters, 3, padding=1, bias=False)
        return call("torch.nn:Sequential", convolution, call("torch.nn:BatchNorm2d", filters), relu)
    convolution = call("torch.nn:Conv2d", reads, filters, 3, padding=1)
    return call("torch.nn:Sequential", convolution, relu, response_norm(values))


def response_norm(values: Values) -> Call:
    """Return the paper's LRN; torch divides alpha by the number of neighbours, and the paper does not."""
    alpha = values["neighbours"] * values["alpha"]
    return call("torch.nn:LocalResponseNorm", values["neighbours"], alpha=alpha, beta=values["beta"], k=values["k"])


def _parts(values: Values) -> tuple[Part, ...]:
    if values["form"] == "batch":
        return (
            part("3×3, no bias", "0", conv("in_channels", "channels", "3*3", bias=False)),
            part("Batch norm", "1", norm("channels")),
            part("ReLU", "2"),
        )
    return (
        part("3×3", "0", conv("in_channels", "channels", "3*3")),
        part("ReLU", "1"),
        part("LRN", "2"),
    )


def _rivals(values: Values) -> dict[str, Call]:
    return {_FORMS[form]: _construct(values, form) for form in _FORMS if form != values["form"]}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    from explorer import registry

    (other,) = rivals.values()
    batch = chosen if values["form"] == "batch" else other
    learned = sum(row.params for row in batch.rows if row.group == "norm")
    titles = {form: listed(*(registry.get(name).title for name in names)) for form, names in USED_IN.items()}
    return (
        f"LRN learns nothing; batch norm learns {units.exact(learned)} numbers here, a scale and a shift for each "
        f"channel, and keeps {units.exact(learned)} running statistics. It makes the bias of the convolution "
        "superfluous.",
        f"LRN is in {titles['lrn']}; batch norm in {titles['batch']}, among others.",
    )


NORMALISATION = Block(
    name="normalisation",
    title="LRN against batch norm",
    paper=BATCH_NORM,
    explanation="LRN (2012) damps a value when its neighbours in other channels, at the same place, are large; it "
    "learns nothing and VGG found it useless. Batch norm (2015) gives each channel mean 0 and variance 1 over the "
    "whole batch and all places, then a learned scale and shift: networks train much faster and deeper.",
    options=(
        Option("form", "batch", "Which of the two stands behind the convolution.", tuple(_FORMS)),
        in_channels(96),
        size(27),
        width("channels", 256, "Filters of the convolution."),
        Option("neighbours", 5, "Channels that LRN looks at, itself in the middle.", least=1, most=15, step=1),
        Option("alpha", 1e-4, "How strongly LRN damps, for each squared value.", least=0.0, most=1.0),
        Option("beta", 0.75, "The power that LRN divides by.", least=0.0, most=2.0),
        Option("k", 2.0, "What LRN adds to the sum of squares.", least=0.1, most=10.0),
    ),
    words=_FORMS,
    presets=(
        Preset("AlexNet's LRN", {"form": "lrn"}),
        Preset("LRN, strong enough to see", {"form": "lrn", "alpha": 0.1, "k": 1.0}),
        Preset("Batch norm", {"form": "batch"}),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    unused=lambda values: ("neighbours", "alpha", "beta", "k") if values["form"] == "batch" else (),
)

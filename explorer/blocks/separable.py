"""The depthwise separable convolution."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, stride, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import OUT_MAP, Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.mobilenet import PAPER_V1

_FORMS = {"mobilenet": "MobileNet", "xception": "Xception"}
_FULL = "Full 3×3 convolution"


def _construct(values: Values) -> Call:
    reads, filters = values["in_channels"], values["channels"]
    if values["form"] == "xception":
        return call("explorer.architectures.xception:SeparableConv2d", reads, filters)
    return call("explorer.architectures.mobilenet:DepthwiseSeparable", reads, filters, values["stride"])


def _parts(values: Values) -> tuple[Part, ...]:
    norm = values["form"] == "mobilenet"
    more = ", BN, ReLU" if norm else ""
    return (
        part(
            f"3×3 each channel{more}",
            "depthwise",
            conv("1", "in_channels", "3*3", at=OUT_MAP, bias=False, norm=norm),
        ),
        part(
            f"1×1 across channels{more}",
            "pointwise",
            conv("in_channels", "channels", at=OUT_MAP, bias=False, norm=norm),
        ),
    )


def _rivals(values: Values) -> dict[str, Call]:
    reads, filters = values["in_channels"], values["channels"]
    if values["form"] == "mobilenet":
        place = "explorer.architectures.mobilenet:conv_bn_relu"
        return {_FULL: call(place, reads, filters, 3, values["stride"])}
    conv = call("torch.nn:Conv2d", reads, filters, 3, padding=1, bias=False)
    return {_FULL: call("torch.nn:Sequential", conv)}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    full = rivals[_FULL]
    share = 1 / values["channels"] + 1 / 9
    mixing = sum(row.macs for row in chosen.rows if row.path.startswith("pointwise"))
    return (
        f"A full 3×3 convolution needs {many(full.macs, chosen.macs, 'MACs')} and "
        f"{many(full.params, chosen.params, 'parameters')}.",
        f"By the formula the separable one does 1/{units.exact(values['channels'])} + 1/9 = {units.percent(share)} of "
        f"the MACs; {units.percent(mixing / chosen.macs)} of its own are in the 1×1.",
    )


def _misfit(values: Values) -> str:
    if values["form"] == "xception" and values["stride"] != 1:
        return "Xception's separable convolutions keep the size and leave halving to a pooling: use stride 1."
    return ""


SEPARABLE = Block(
    name="separable",
    title="Depthwise separable convolution",
    paper=PAPER_V1,
    explanation="A convolution does two things at once: it looks at neighbouring places, and it mixes channels. Done "
    "one after the other, a 3×3 filter on each channel by itself and then a 1×1 across all channels, it costs almost "
    "nine times less. MobileNet puts norm and ReLU behind both steps; Xception has nothing between them.",
    options=(
        Option("form", "mobilenet", "Whose: with norm and ReLU behind both steps, or bare.", tuple(_FORMS)),
        in_channels(512),
        size(14),
        width("channels", 512, "Filters of the 1×1.", most=1536),
        stride(),
    ),
    words=_FORMS,
    presets=(
        Preset("MobileNet, first", {"in_channels": 32, "channels": 64, "size": 112}),
        Preset("MobileNet, halving", {"in_channels": 64, "channels": 128, "size": 112, "stride": 2}),
        Preset("MobileNet, middle", {}),
        Preset("Xception, middle flow", {"form": "xception", "in_channels": 728, "channels": 728, "size": 19}),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=_misfit,
    derived=lambda values: {"out_size": (values["size"] - 1) // values["stride"] + 1},
)

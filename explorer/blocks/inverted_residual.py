"""The inverted residual of the MobileNets and EfficientNet, with squeeze-and-excitation or without."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, many, size, square, stride, width
from explorer.blocks.construction import Call, Named, call
from explorer.blocks.parts import OUT_MAP, Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.mobilenet import PAPER_V2

_FORMS = {"mobilenet_v2": "MobileNetV2", "mobilenet_v3": "MobileNetV3", "efficientnet": "EfficientNet"}
_V2, _V3, _EFFICIENT = (f"torchvision.models.{name}" for name in ("mobilenetv2", "mobilenetv3", "efficientnet"))
_NORM = Named("torch.nn:BatchNorm2d")
_STEP = 8  # channels of these networks are multiples of 8


def _hidden(values: Values) -> int:
    return int(values["expansion"] * values["in_channels"])


def _squeezed(values: Values) -> int:
    """Return the channels in the middle of squeeze-and-excitation."""
    if values["form"] == "efficientnet":
        return int(max(1, values["in_channels"] // 4))
    quarter = _hidden(values) // 4
    nearest = max(_STEP, (quarter + _STEP // 2) // _STEP * _STEP)
    return nearest if nearest >= 0.9 * quarter else nearest + _STEP


def _has_skip(values: Values) -> bool:
    return bool(values["stride"] == 1 and values["in_channels"] == values["channels"])


def _construct(values: Values) -> Call:
    reads, filters, hops = values["in_channels"], values["channels"], values["stride"]
    if values["form"] == "mobilenet_v2":
        return call(f"{_V2}:InvertedResidual", reads, filters, hops, values["expansion"])
    if values["form"] == "mobilenet_v3":
        config = call(
            f"{_V3}:InvertedResidualConfig",
            *(reads, values["kernel"], _hidden(values), filters, values["squeeze_excitation"], "HS", hops),
            dilation=1,
            width_mult=1,
        )
        return call(f"{_V3}:InvertedResidual", config, norm_layer=_NORM)
    config = call(f"{_EFFICIENT}:MBConvConfig", values["expansion"], values["kernel"], hops, reads, filters, 1)
    without = {} if values["squeeze_excitation"] else {"se_layer": Named("torch.nn:Identity")}
    return call(f"{_EFFICIENT}:MBConv", config, stochastic_depth_prob=0.0, norm_layer=_NORM, **without)


def _misfit(values: Values) -> str:
    for name in ("in_channels", "channels"):
        if values[name] % _STEP:
            return f"Channels of these blocks are multiples of {_STEP}; {values[name]} is none."
    if values["form"] != "mobilenet_v2":
        return "" if values["kernel"] % 2 else f"A {square(values['kernel'])} kernel has no middle: use an odd number."
    if values["squeeze_excitation"]:
        return "MobileNetV2 has no squeeze-and-excitation; it came with MobileNetV3: use that, or switch it off."
    if values["kernel"] != 3:
        return f"MobileNetV2's depthwise kernel is always 3×3; for {square(values['kernel'])} use MobileNetV3's block."
    return ""


def _parts(values: Values) -> tuple[Part, ...]:
    v2 = values["form"] == "mobilenet_v2"
    home, excites = "conv" if v2 else "block", values["squeeze_excitation"]
    steps = [
        ("1×1, widens", conv("in_channels", "hidden", bias=False, norm=True)) if values["expansion"] > 1 else None,
        (
            f"{square(values['kernel'])} each channel",
            conv("1", "hidden", "kernel*kernel", at=OUT_MAP, bias=False, norm=True),
        ),
    ]
    found = [step for step in steps if step]
    parts = [part(title, f"{home}.{i}", weights) for i, (title, weights) in enumerate(found)]
    at = len(parts)
    if excites:
        both = (conv("hidden", "squeezed", at="1"), conv("squeezed", "hidden", at="1"))
        parts.append(part("Squeeze, excite", f"{home}.{at}", *both))
    elif values["form"] == "efficientnet":
        parts.append(part("No squeeze", f"{home}.{at}"))
    at = len(parts)
    rows = f"{home}.{at} {home}.{at + 1}" if v2 else f"{home}.{at}"
    parts.append(part("1×1, narrows", rows, conv("hidden", "channels", at=OUT_MAP, bias=False, norm=True)))
    return (*parts, *((part("Sum", "add stochastic_depth"),) if _has_skip(values) else ()))


def _rivals(values: Values) -> dict[str, Call]:
    reads, filters = values["in_channels"], values["channels"]
    found = {}
    if values["form"] != "mobilenet_v2":
        word = "Without" if values["squeeze_excitation"] else "With"
        other = {**values, "squeeze_excitation": not values["squeeze_excitation"]}
        found[f"{word} squeeze-and-excitation"] = _construct(other)
    if values["form"] == "efficientnet":
        config = call(
            f"{_EFFICIENT}:FusedMBConvConfig",
            values["expansion"],
            values["kernel"],
            values["stride"],
            reads,
            filters,
            1,
        )
        found["Fused, as in EfficientNetV2"] = call(
            f"{_EFFICIENT}:FusedMBConv", config, stochastic_depth_prob=0.0, norm_layer=_NORM
        )
    side = values["kernel"]
    found[f"One full {square(side)}"] = call(
        "torchvision.ops.misc:Conv2dNormActivation", reads, filters, kernel_size=side, stride=values["stride"]
    )
    return found


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    side, hidden = square(values["kernel"]), units.exact(_hidden(values))
    compared = tuple(
        f"{title} it would have {many(one.params, chosen.params, 'parameters')} and do "
        f"{many(one.macs, chosen.macs, 'MACs')}."
        for title, one in rivals.items()
        if title.endswith("excitation")
    )
    full = rivals[f"One full {side}"]
    skip = "" if _has_skip(values) else " There is no sum here: its two sides would differ in shape."
    ends = f"{values['in_channels']} to {values['channels']}"
    return (
        f"It looks at the map in {hidden} channels and hands on {values['channels']}: one full {side} from {ends} "
        f"channels has {many(full.params, chosen.params, 'parameters')}.{skip}",
        *compared,
    )


INVERTED_RESIDUAL = Block(
    name="inverted_residual",
    title="Inverted residual",
    paper=PAPER_V2,
    explanation="A residual block turned inside out: it is narrow at both ends and wide in the middle, where a "
    "depthwise kernel is cheap. The last 1×1 has no activation, because ReLU would destroy what a few channels carry. "
    "Squeeze-and-excitation weighs the channels in the middle by what the whole map holds.",
    options=(
        Option("form", "mobilenet_v3", "Whose: V2 has ReLU6, V3 hard-swish, EfficientNet SiLU.", tuple(_FORMS)),
        in_channels(112),
        size(14),
        width("channels", 112, "Channels that it hands on."),
        Option("expansion", 6, "How many times wider it is in the middle.", least=1, most=8, step=1),
        Option("kernel", 3, "Height and width of the depthwise kernel.", least=3, most=7, step=2),
        stride(),
        Option("squeeze_excitation", True, "Weigh the channels by what the whole map holds."),
    ),
    words=_FORMS,
    presets=(
        Preset(
            "MobileNetV2, 24 to 24",
            {
                **{"form": "mobilenet_v2", "in_channels": 24, "channels": 24, "size": 56, "expansion": 6},
                **{"kernel": 3, "squeeze_excitation": False},
            },
        ),
        Preset(
            "MobileNetV2, 24 to 32",
            {
                **{"form": "mobilenet_v2", "in_channels": 24, "channels": 32, "size": 56, "expansion": 6},
                **{"kernel": 3, "stride": 2, "squeeze_excitation": False},
            },
        ),
        Preset("MobileNetV3, 112 to 112", {}),
        Preset(
            "MobileNetV3, 112 to 160",
            {"in_channels": 112, "channels": 160, "size": 14, "expansion": 6, "kernel": 5, "stride": 2},
        ),
        Preset(
            "EfficientNet-B0, 40 to 40",
            {"form": "efficientnet", "in_channels": 40, "channels": 40, "size": 28, "expansion": 6, "kernel": 5},
        ),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=_misfit,
    derived=lambda values: {
        "out_size": (values["size"] - 1) // values["stride"] + 1,
        "hidden": _hidden(values),
        "squeezed": _squeezed(values),
    },
)

"""The five modules of Inception-v3, as torchvision builds them."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, size, square, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import MAP, OUT_MAP, Part, Weights, conv, part, totals
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.inception import INCEPTION_V3

_LEAST_TO_HALVE = 3  # a 3x3 window without padding
_HALVING = ("B", "D")
_WORDS = {"A": "A, on 35×35", "B": "B, halves", "C": "C, on 17×17", "D": "D, halves", "E": "E, on 8×8"}
_WIDTHS = {"A": "pool_features", "C": "channels_7x7"}  # the one width that each of these leaves open


def _conv(reads: str, filters: str, kernel: str = "1*1", at: str = MAP) -> Weights:
    """Return the weights of torchvision's BasicConv2d: no bias, and a batch norm."""
    return conv(reads, filters, kernel, at=at, bias=False, norm=True)


_POOL_ROWS = "avg_pool2d branch_pool"
_JOIN = part("Concatenation", "cat")
_PARTS: dict[str, tuple[Part, ...]] = {
    "A": (
        part("1×1", "branch1x1", _conv("in_channels", "64")),
        part("1×1, 5×5", "branch5x5_*", _conv("in_channels", "48"), _conv("48", "64", "5*5")),
        part(
            "1×1, two 3×3",
            "branch3x3dbl_*",
            *(_conv("in_channels", "64"), _conv("64", "96", "3*3"), _conv("96", "96", "3*3")),
        ),
        part("Pooling, 1×1", _POOL_ROWS, _conv("in_channels", "pool_features")),
        _JOIN,
    ),
    "B": (
        part("3×3", "branch3x3", _conv("in_channels", "384", "3*3", OUT_MAP)),
        part(
            "1×1, two 3×3",
            "branch3x3dbl_*",
            *(_conv("in_channels", "64"), _conv("64", "96", "3*3"), _conv("96", "96", "3*3", OUT_MAP)),
        ),
        part("Pooling", "max_pool2d"),
        _JOIN,
    ),
    "C": (
        part("1×1", "branch1x1", _conv("in_channels", "192")),
        part(
            "1×1, 1×7, 7×1",
            "branch7x7_*",
            _conv("in_channels", "channels_7x7"),
            _conv("channels_7x7", "channels_7x7", "1*7"),
            _conv("channels_7x7", "192", "7*1"),
        ),
        part(
            "1×1, 7×1, 1×7, twice",
            "branch7x7dbl_*",
            _conv("in_channels", "channels_7x7"),
            *(_conv("channels_7x7", "channels_7x7", kernel) for kernel in ("7*1", "1*7", "7*1")),
            _conv("channels_7x7", "192", "1*7"),
        ),
        part("Pooling, 1×1", _POOL_ROWS, _conv("in_channels", "192")),
        _JOIN,
    ),
    "D": (
        part(
            "1×1, 3×3",
            "branch3x3_*",
            *(_conv("in_channels", "192"), _conv("192", "320", "3*3", OUT_MAP)),
        ),
        part(
            "1×1, 1×7, 7×1, 3×3",
            "branch7x7x3_*",
            *(_conv("in_channels", "192"), _conv("192", "192", "1*7"), _conv("192", "192", "7*1")),
            _conv("192", "192", "3*3", OUT_MAP),
        ),
        part("Pooling", "max_pool2d"),
        _JOIN,
    ),
    "E": (
        part("1×1", "branch1x1", _conv("in_channels", "320")),
        part(
            "1×1, 1×3 | 3×1",
            "branch3x3_* cat",
            *(_conv("in_channels", "384"), _conv("384", "384", "1*3"), _conv("384", "384", "3*1")),
        ),
        part(
            "1×1, 3×3, 1×3 | 3×1",
            "branch3x3dbl_* cat:2",
            *(_conv("in_channels", "448"), _conv("448", "384", "3*3")),
            *(_conv("384", "384", "1*3"), _conv("384", "384", "3*1")),
        ),
        part("Pooling, 1×1", _POOL_ROWS, _conv("in_channels", "192")),
        part("Concatenation", "cat:3"),
    ),
}


def _construct(values: Values) -> Call:
    names = ("in_channels", _WIDTHS[values["form"]]) if values["form"] in _WIDTHS else ("in_channels",)
    return call(f"torchvision.models.inception:Inception{values['form']}", **{name: values[name] for name in names})


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    heaviest = max(totals(chosen, _PARTS[values["form"]]), key=lambda one: one.macs)
    share = units.percent(heaviest.macs / chosen.macs)
    before, after = (units.shape(shape[1:]) for shape in (chosen.input_shape, chosen.rows[-1].output_shape))
    return (
        f'Module {values["form"]} turns {before} into {after}; its branch "{heaviest.title}" does {share} of its MACs.',
    )


def _misfit(values: Values) -> str:
    if values["form"] in _HALVING and values["size"] < _LEAST_TO_HALVE:
        return f"Module {values['form']} slides 3×3 without padding: a map of {square(values['size'])} is too small."
    return ""


def _unused(values: Values) -> tuple[str, ...]:
    return tuple(name for form, name in _WIDTHS.items() if form != values["form"])


# The modules in their order in torchvision's network: channels read, size of the map, and the width left open.
_PRESETS = (
    *(("Mixed 5b", "A", 192, 35, 32), ("Mixed 5c", "A", 256, 35, 64), ("Mixed 5d", "A", 288, 35, 64)),
    ("Mixed 6a", "B", 288, 35, 0),
    *(("Mixed 6b", "C", 768, 17, 128), ("Mixed 6c", "C", 768, 17, 160), ("Mixed 6e", "C", 768, 17, 192)),
    *(("Mixed 7a", "D", 768, 17, 0), ("Mixed 7b", "E", 1280, 8, 0), ("Mixed 7c", "E", 2048, 8, 0)),
)


def _preset(title: str, form: str, channels: int, side: int, open_width: int) -> Preset:
    more = {_WIDTHS[form]: open_width} if form in _WIDTHS else {}
    return Preset(title, {"form": form, "in_channels": channels, "size": side, **more})


INCEPTION_V3_MODULE = Block(
    name="inception_v3",
    title="Inception-v3's modules",
    paper=INCEPTION_V3,
    explanation="Inception-v3 changes its module with the size of the map: A on 35×35 replaces the 5×5 by two 3×3 (the "
    "released network keeps one 5×5 beside them), C on 17×17 uses 1×7 and 7×1, E on 8×8 spreads 1×3 and 3×1 side by "
    "side. B and D halve the map with strided convolutions and a pooling next to each other.",
    options=(
        Option(
            "form", "A", "Which of the five modules: A, C and E keep the map's size, B and D halve it.", tuple(_PARTS)
        ),
        in_channels(192),
        size(35),
        width("pool_features", 32, "1×1 filters behind the pooling of module A."),
        width("channels_7x7", 128, "Filters between the 1×7 and 7×1 kernels of module C."),
    ),
    words=_WORDS,
    presets=tuple(_preset(*row) for row in _PRESETS),
    construct=_construct,
    parts=lambda values: _PARTS[values["form"]],
    sentences=_sentences,
    misfit=_misfit,
    unused=_unused,
    derived=lambda values: {"out_size": (values["size"] - 3) // 2 + 1},
)

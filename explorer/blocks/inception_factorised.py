"""The Inception module with its large kernel taken apart, as the second and third version of the network have it."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, listed, many, size, square, width
from explorer.blocks.construction import Call, call
from explorer.blocks.kernels import FORMS, KERNEL, kernels, misfit, others, written
from explorer.blocks.parts import Part, Weights, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.inception import INCEPTION_V3

_WIDE = "branch_wide"
_ON_17X17 = dict.fromkeys(("c1x1", "c3x3_reduce", "c3x3", "wide_reduce", "wide", "pool_proj"), 192)


def _construct(values: Values, form: str | None = None) -> Call:
    return call(
        "explorer.architectures.cells:FactorisedInception",
        in_channels=values["in_channels"],
        c1x1=values["c1x1"],
        c3x3=(values["c3x3_reduce"], values["c3x3"]),
        wide=(values["wide_reduce"], values["wide"]),
        kernels=kernels(form or values["form"], values["kernel"]),
        pool_proj=values["pool_proj"],
    )


def _conv(reads: str, filters: str, kernel: str = "1*1") -> Weights:
    """Return the weights of torchvision's BasicConv2d: no bias, and a batch norm."""
    return conv(reads, filters, kernel, bias=False, norm=True)


def _parts(values: Values) -> tuple[Part, ...]:
    own = kernels(values["form"], values["kernel"])
    reads = ("wide_reduce", *("wide" for _ in own[1:]))
    wide = [_conv(read, "wide", f"{high}*{broad}") for read, (high, broad) in zip(reads, own, strict=True)]
    return (
        part("1×1", "branch1x1", _conv("in_channels", "c1x1")),
        part("1×1, 3×3", "branch3x3", _conv("in_channels", "c3x3_reduce"), _conv("c3x3_reduce", "c3x3", "3*3")),
        part(f"1×1, {written(values['form'], values['kernel'])}", _WIDE, _conv("in_channels", "wide_reduce"), *wide),
        part("Pooling, 1×1", "branch_pool", _conv("in_channels", "pool_proj")),
        part("Concatenation", "cat"),
    )


def _title(form: str, side: int) -> str:
    return f"With {written(form, side)}"


def _rivals(values: Values) -> dict[str, Call]:
    side = values["kernel"]
    return {_title(form, side): _construct(values, form) for form in others(values["form"], side)}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    own = written(values["form"], values["kernel"])
    compared = (
        f"{title.lower()} it would need {many(_branch(one), _branch(chosen), 'MACs')}" for title, one in rivals.items()
    )
    share = units.percent(_branch(chosen) / chosen.macs)
    return (
        f"The branch with {own} sees {square(values['kernel'])}; {listed(*compared)}.",
        f"It does {share} of the module's {units.short_macs(chosen.macs)}.",
    )


def _branch(analysis: Analysis) -> int:
    return sum(row.macs for row in analysis.rows if row.path.startswith(f"{_WIDE}."))


INCEPTION_FACTORISED = Block(
    name="inception_factorised",
    title="Inception, factorised",
    paper=INCEPTION_V3,
    explanation="A large kernel is taken apart into small ones that see as much together: a 5×5 becomes two 3×3, and "
    "n×n becomes 1×n and n×1. That saves weights and MACs and adds an activation between the steps.",
    options=(
        Option("form", "stack", "What stands in the place of the large kernel.", tuple(FORMS)),
        KERNEL,
        in_channels(192),
        size(35),
        width("c1x1", 64, "Filters of the 1×1 branch."),
        width("c3x3_reduce", 48, "1×1 filters in front of the 3×3."),
        width("c3x3", 64, "Filters of the 3×3 branch."),
        width("wide_reduce", 96, "1×1 filters in front of the large kernel."),
        width("wide", 96, "Filters of the branch with the large kernel."),
        width("pool_proj", 32, "1×1 filters behind the pooling."),
    ),
    words=FORMS,
    presets=(
        Preset("Figure 4: 5×5", {"form": "one", "kernel": 5}),
        Preset("Figure 5: two 3×3", {"form": "stack", "kernel": 5}),
        Preset("Figure 6: 1×7, 7×1", {"form": "pair", "kernel": 7, "in_channels": 768, "size": 17, **_ON_17X17}),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=lambda values: misfit(values["kernel"]),
)

"""Stacks of small filters against one large filter."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, listed, many, size, square, width
from explorer.blocks.construction import Call, call
from explorer.blocks.parts import Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.vgg import PAPER

_FORMS = ("stack", "one", "pair")
_COUNTS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def _kernels(form: str, side: int) -> tuple[tuple[int, int], ...]:
    if form == "stack":
        return ((3, 3),) * (side // 2)
    return ((1, side), (side, 1)) if form == "pair" else ((side, side),)


def _name(form: str, side: int) -> str:
    if form == "stack":
        return f"{_COUNTS[side // 2]} 3×3"
    return f"1×{side} and {side}×1" if form == "pair" else f"one {square(side)}"


def _construct(values: Values, form: str | None = None) -> Call:
    reads, layers = values["in_channels"], list[Call]()
    for kernel in _kernels(form or values["form"], values["kernel"]):
        padding = (kernel[0] // 2, kernel[1] // 2)
        layers += [
            call("torch.nn:Conv2d", reads, values["channels"], kernel, padding=padding),
            call("torch.nn:ReLU", inplace=True),
        ]
        reads = values["channels"]
    return call("torch.nn:Sequential", *layers)


def _parts(values: Values) -> tuple[Part, ...]:
    return tuple(
        part(
            f"{units.shape(kernel)} and ReLU",
            f"{2 * i} {2 * i + 1}",
            conv("channels" if i else "in_channels", "channels", f"{kernel[0]}*{kernel[1]}"),
        )
        for i, kernel in enumerate(_kernels(values["form"], values["kernel"]))
    )


def _rivals(values: Values) -> dict[str, Call]:
    side = values["kernel"]
    own = _kernels(values["form"], side)
    others = {_kernels(form, side): form for form in reversed(_FORMS) if _kernels(form, side) != own}
    return {_name(form, side).capitalize(): _construct(values, form) for form in reversed(others.values())}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    side, own = values["kernel"], _name(values["form"], values["kernel"])
    sentences = [
        f"{title} would need {many(one.params, chosen.params, 'parameters')} of {own}"
        for title, one in rivals.items()
    ]
    seen = chosen.rows[-1].receptive_field
    assert seen is not None
    words = listed(*(f"{_nonlinearities(one)} in {title.lower()}" for title, one in rivals.items()))
    return (
        f"{'; '.join(sentences)}.",
        f"All of them see {units.shape(seen.size)}. There are {_nonlinearities(chosen)} non-linearities in {own}, "
        f"{words}.",
    )


def _nonlinearities(analysis: Analysis) -> int:
    return sum(row.group == "activation" for row in analysis.rows)


SMALL_FILTERS = Block(
    name="small_filters",
    title="Stack of small filters",
    paper=PAPER,
    explanation="Two 3×3 convolutions in a row see 5×5 of the map, three see 7×7: as much as one large filter, with "
    "fewer weights and more activations in between. That is VGG's one idea; Inception-v3 went on and split n×n into "
    "1×n and n×1.",
    options=(
        Option("form", "stack", "3×3 in a row, one large filter, or a pair of 1×n and n×1.", _FORMS),
        Option("kernel", 5, "Height and width of the one large filter; an odd number.", least=3, most=11, step=2),
        in_channels(256),
        size(56),
        width("channels", 256, "Filters of each layer."),
    ),
    presets=(
        Preset("Two 3×3 for 5×5", {"form": "stack", "kernel": 5}),
        Preset("Three 3×3 for 7×7", {"form": "stack", "kernel": 7}),
        Preset("1×7 and 7×1", {"form": "pair", "kernel": 7}),
        Preset("1×3 and 3×1", {"form": "pair", "kernel": 3}),
        Preset("AlexNet's 11×11", {"form": "one", "kernel": 11, "in_channels": 3, "channels": 96, "size": 227}),
    ),
    construct=_construct,
    parts=_parts,
    rivals=_rivals,
    sentences=_sentences,
    misfit=lambda values: "" if values["kernel"] % 2 else _no_middle(values["kernel"]),
)


def _no_middle(side: int) -> str:
    return f"A {square(side)} filter has no middle, so its output cannot keep the size of the map: use an odd number."

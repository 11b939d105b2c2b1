"""Stacks of small filters against one large filter."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import in_channels, listed, size, square, width
from explorer.blocks.construction import Call, call
from explorer.blocks.kernels import FORMS, KERNEL, kernels, misfit, others, written
from explorer.blocks.parts import Part, conv, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.vgg import PAPER


def _construct(values: Values, form: str | None = None) -> Call:
    reads, layers = values["in_channels"], list[Call]()
    for kernel in kernels(form or values["form"], values["kernel"]):
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
        for i, kernel in enumerate(kernels(values["form"], values["kernel"]))
    )


def _rivals(values: Values) -> dict[str, Call]:
    side = values["kernel"]
    return {written(form, side).capitalize(): _construct(values, form) for form in others(values["form"], side)}


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    own, side = written(values["form"], values["kernel"]), values["kernel"]
    by_name = {own: chosen} | {title[0].lower() + title[1:]: one for title, one in rivals.items()}
    large = by_name.get(f"one {square(side)}", chosen)
    saved = (f"{name} {_saving(one, large)}" for name, one in by_name.items() if one is not large)
    counts = listed(*(f"{_nonlinearities(one)} in {name}" for name, one in by_name.items()))
    return (
        f"Beside one {square(side)}, {listed(*saved)}; all of them see {square(side)}.",
        f"Non-linearities: {counts}.",
    )


def _saving(one: Analysis, large: Analysis) -> str:
    share = 1 - one.params / large.params
    return f"have {units.percent(abs(share))} {'fewer' if share >= 0 else 'more'} parameters"


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
        Option("form", "stack", "3×3 in a row, a pair of 1×n and n×1, or one large filter.", tuple(FORMS)),
        KERNEL,
        in_channels(256),
        size(56),
        width("channels", 256, "Filters of each layer."),
    ),
    words=FORMS,
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
    misfit=lambda values: misfit(values["kernel"]),
)

"""What the numbers of networks say, in sentences that one can read out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.comparison.accuracy import Metric, Origin
from explorer.comparison.case import Case

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_LAYERS = {"conv": ("convolution", "convolutions"), "linear": ("linear layer", "linear layers")}
_MOST = 0.5  # from this share on, one kind of layer holds most of the parameters
_TIMES_FROM = 1.95  # "twice" and more; below, percent
_ALIKE = 1.01  # below this ratio, two counts differ by so little that the difference says more
_ERRORS: tuple[tuple[Metric, Origin], ...] = (("top1", "torchvision"), ("top5", "paper"), ("top1", "paper"))
_OPTIMIZERS = {"adam": "Adam", "momentum": "momentum", "sgd": "plain SGD"}


def pair_sentences(one: Case, other: Case) -> tuple[str, ...]:
    """Return what distinguishes two networks: parameters, MACs, memory of training, depth and published errors."""
    first = (_parameters(one, other), _macs(one, other))
    return (*first, *_memory(one, other), *_depth(one, other), *_errors(one, other))


def overview(cases: Sequence[Case], reference: int) -> tuple[str, ...]:
    """Return a sentence for each network but the reference: its parameters and MACs beside the reference's."""
    base = cases[reference]
    return tuple(_beside(case, base) for place, case in enumerate(cases) if place != reference)


def _beside(case: Case, base: Case) -> str:
    params = _against(case.analysis.params / base.analysis.params, "parameters", base.label)
    macs = _against(case.analysis.macs / base.analysis.macs, "MACs")
    return f"{case.label} has {params} and {macs}{_inputs(case, base)}."


def _against(ratio: float, noun: str, base: str = "") -> str:
    """Return "5.2 times the parameters of ResNet-18"; without a base, what one says after that."""
    of, than, as_many = (f" {word} {base}" if base else "" for word in ("of", "than", "as"))
    if ratio >= _TIMES_FROM:
        return f"{_times(ratio)} the {noun}{of}"
    if ratio >= _ALIKE:
        return f"{100 * (ratio - 1):.0f} % more {noun}{than}"
    if ratio > 1 / _ALIKE:
        return f"{'exactly' if ratio == 1 else 'nearly'} as many {noun}{as_many}"
    return f"{100 * ratio:.0f} % of the {noun}{of}" if ratio >= 0.01 else f"{100 * ratio:.1g} % of the {noun}{of}"


def _more(count: int, fewer: int, noun: str) -> str:
    """Return how much more a count is, up to the name of the other: "19.8 times the parameters of"."""
    ratio = count / fewer
    if ratio >= _TIMES_FROM:
        return f"{_times(ratio)} the {noun}s of"
    if ratio >= _ALIKE:
        return f"{100 * (ratio - 1):.0f} % more {noun}s than"
    return f"{units.exact(count - fewer)} more {noun if count - fewer == 1 else noun + 's'} than"


def _times(ratio: float) -> str:
    if round(ratio, 1) == 2:
        return "twice"
    return f"{ratio:.1f} times" if ratio < 100 else f"{ratio:,.0f} times"


def _share(share: float) -> str:
    if share == 1:
        return "all"
    return f"{100 * share:.0f} %" if share < 0.995 else "more than 99 %"


def _counted(count: int, one: str, many: str) -> str:
    word = _WORDS[count] if count < len(_WORDS) else str(count)
    return f"{word} {one if count == 1 else many}"


def _ordered(one: Case, other: Case, figure: Callable[[Case], int]) -> tuple[Case, Case]:
    """Return the two with the larger figure first."""
    return (one, other) if figure(one) >= figure(other) else (other, one)


def _parameters(one: Case, other: Case) -> str:
    more, less = _ordered(one, other, lambda case: case.analysis.params)
    params, fewer = more.analysis.params, less.analysis.params
    if params == fewer:
        return f"{one.label} and {other.label} have exactly as many parameters: {units.exact(params)}."
    return f"{more.label} has {_more(params, fewer, 'parameter')} {less.label}{_where(more.analysis)}."


def _where(analysis: Analysis) -> str:
    """The kind of layer that holds most of the parameters, as the second half of a sentence; "" if none does."""
    for group, words in _LAYERS.items():
        rows = [row for row in analysis.rows if row.group == group and row.params]
        share = sum(row.params for row in rows) / analysis.params
        if share >= _MOST:
            are_plain = all(row.kind in ("Conv2d", "Linear") for row in rows)
            layers = _counted(len(rows), *words) if are_plain else f"{words[1]} and attention"
            return f"; {_share(share)} of them sit in {layers}"
    return ""


def _macs(one: Case, other: Case) -> str:
    more, less = _ordered(one, other, lambda case: case.analysis.macs)
    macs, fewer = more.analysis.macs, less.analysis.macs
    if macs == fewer:
        return f"Both need exactly {units.short_macs(macs)} for one picture."
    figures = f"{units.short_macs(macs)} against {units.short_macs(fewer)}{_inputs(more, less)}"
    return f"{more.label} needs {_more(macs, fewer, 'MAC')} {less.label} for one picture: {figures}."


def _inputs(one: Case, other: Case) -> str:
    """Says that the pictures differ, where they do: MACs grow with their area."""
    first, second = (units.shape(case.analysis.input_shape[2:]) for case in (one, other))
    return "" if first == second else f" (on pictures of {first} and {second})"


def _memory(one: Case, other: Case) -> Iterator[str]:
    more, less = _ordered(one, other, lambda case: case.peak or 0)
    if more.step is None or less.step is None:
        return
    pictures = f"{more.step.batch_size} pictures" if more.step.batch_size > 1 else "one picture"
    how = f"A training step on {pictures} with {_OPTIMIZERS[more.step.optimizer]} takes"
    most, least = units.short_bytes(more.step.peak), units.short_bytes(less.step.peak)
    yield f"{how} {most} for both." if most == least else f"{how} {most} for {more.label} and {least} for {less.label}."


def _depth(one: Case, other: Case) -> Iterator[str]:
    deep, flat = _ordered(one, other, lambda case: case.analysis.depth)
    if deep.analysis.depth == flat.analysis.depth:
        yield f"Both are {deep.analysis.depth} layers deep."
    else:
        yield f"{deep.label} is deeper: {deep.analysis.depth} layers against {flat.analysis.depth}."


def _errors(one: Case, other: Case) -> Iterator[str]:
    """The first error that was published for both in the same kind of place."""
    for metric, origin in _ERRORS:
        first, second = one.errors[metric, origin], other.errors[metric, origin]
        if first is not None and second is not None:
            start = "With torchvision's weights" if origin == "torchvision" else "As published"
            guesses = "at the first guess" if metric == "top1" else "with five guesses"
            end = "" if first.how == second.how else "; the two tests may differ"
            yield (
                f"{start}, {one.label} is wrong {guesses} on {first.percent:.1f} % of ImageNet's pictures and "
                f"{other.label} on {second.percent:.1f} %{end}."
            )
            return

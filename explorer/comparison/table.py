"""The table of a comparison: a line for each figure, with ratios against one network and the best marked."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from explorer import units
from explorer.comparison.accuracy import METRICS, ORIGINS, Metric, Origin
from explorer.comparison.case import Case
from explorer.units import MINUS, TIMES

DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Measure:
    """One figure of a network: how it is found and written, and what is said of it beside another network's."""

    title: str
    unit: str
    value: Callable[[Case], Any]  # None where there is none
    text: Callable[[Any], str]  # rounded, with its unit
    exact: Callable[[Any], str]
    against: Callable[[Any, Any], str] | None = None  # the value beside the reference's, in words
    less_is_better: bool = False
    origin: Callable[[Case], str] = lambda case: ""  # how the value was measured and where it stands, if others did


@dataclass(frozen=True)
class Line:
    """One measure of all networks, in their order. `best` are places; none where all are equal or none is better."""

    measure: Measure
    values: tuple[Any, ...]
    origins: tuple[str, ...]  # how others measured it and where it stands, "" for what is worked out here
    against: tuple[str, ...]  # ratios or differences, "" where there is none
    best: frozenset[int]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(DASH if value is None else self.measure.text(value) for value in self.values)

    @property
    def exact(self) -> tuple[str, ...]:
        return tuple(
            "" if value is None else f"{self.measure.exact(value)}{origin and ': '}{origin}"
            for value, origin in zip(self.values, self.origins, strict=True)
        )


def ratio(value: float, reference: float) -> str:
    """Return how many times the reference a value is: "19.8x", and "0.051x" for what is much less."""
    factor = value / reference
    return f"{factor:.2g}{TIMES}" if factor < 0.1 else units.ratio(factor)


def points(value: float, reference: float) -> str:
    """Return the difference of two percentages in percentage points: "+1.27 pt"."""
    difference = round(value - reference, 2)
    sign = "+" if difference > 0 else MINUS if difference < 0 else ""
    return f"{sign}{abs(difference):g} pt"


def _percent(error: float) -> str:
    return f"{error:.1f} %"


def _exact_bytes(size: int) -> str:
    return f"{units.exact(size)} bytes"


def _error(metric: Metric, origin: Origin) -> Measure:
    def percent(case: Case) -> float | None:
        error = case.errors[metric, origin]
        return None if error is None else error.percent

    def stands(case: Case) -> str:
        error = case.errors[metric, origin]
        return "" if error is None else f"{error.how} ({error.source})"

    where = "as published" if origin == "paper" else "torchvision's weights"
    title = f"{_METRICS[metric]} error, {where}"
    exact: Callable[[Any], str] = lambda error: f"{error:g} %"  # noqa: E731
    return Measure(title, "%", percent, _percent, exact, points, less_is_better=True, origin=stands)


def _count(title: str, unit: str, value: Callable[[Case], int | None], text: Callable[[Any], str]) -> Measure:
    exact = _exact_bytes if unit == "bytes" else lambda number: f"{units.exact(number)} {unit}".rstrip()
    return Measure(title, unit, value, text, exact, ratio, less_is_better=True)


_METRICS: dict[Metric, str] = {"top1": "Top-1", "top5": "Top-5"}
PARAMETERS = _count("Parameters", "", lambda case: case.analysis.params, units.short)
MACS = _count("MACs", "MACs", lambda case: case.analysis.macs, units.short)
ACTIVATIONS = _count("Activations", "bytes", lambda case: case.analysis.activation_bytes, units.short_bytes)
PEAK = _count("Training peak", "bytes", lambda case: case.peak, units.short_bytes)
WEIGHT_FILE = _count("Weight file", "bytes", lambda case: case.analysis.weight_bytes, units.short_bytes)
DEPTH = Measure(
    "Depth", "layers", lambda case: case.analysis.depth, lambda depth: f"{depth} layers", lambda n: f"{n} layers", ratio
)
INPUT = Measure("Input", "C, H, W", lambda case: case.input, str, str)
YEAR = Measure("Year", "", lambda case: case.arch.year, str, str)
ERRORS = tuple(_error(metric, origin) for origin in ORIGINS for metric in METRICS)
MEASURES = (PARAMETERS, MACS, ACTIVATIONS, PEAK, WEIGHT_FILE, DEPTH, INPUT, YEAR, *ERRORS)


def lines(cases: Sequence[Case], reference: int) -> tuple[Line, ...]:
    """Return the table, against the network at the place `reference`; a measure that no network has is left out."""
    found = (_line(measure, cases, reference) for measure in MEASURES)
    return tuple(line for line in found if any(value is not None for value in line.values))


def _line(measure: Measure, cases: Sequence[Case], reference: int) -> Line:
    values = tuple(measure.value(case) for case in cases)
    return Line(
        measure=measure,
        values=values,
        origins=tuple(measure.origin(case) for case in cases),
        against=tuple(_against(measure, value, values[reference]) for value in values),
        best=_least(values) if measure.less_is_better else frozenset(),
    )


def _against(measure: Measure, value: Any, reference: Any) -> str:
    if measure.against is None or value is None or not reference:
        return ""
    return measure.against(value, reference)


def _least(values: Sequence[Any]) -> frozenset[int]:
    present = [value for value in values if value is not None]
    if len(set(present)) < 2:
        return frozenset()
    return frozenset(place for place, value in enumerate(values) if value == min(present))


@dataclass(frozen=True)
class Source:
    """Where one published error stands."""

    network: str
    error: str
    percent: float
    how: str
    source: str


def sources(cases: Sequence[Case]) -> tuple[Source, ...]:
    """Return where each error of the table comes from."""
    return tuple(
        Source(case.label, f"{_METRICS[metric]} error", error.percent, error.how, error.source)
        for case in cases
        for origin in ORIGINS
        for metric in METRICS
        if (error := case.errors[metric, origin]) is not None
    )


def table_csv(cases: Sequence[Case], reference: int) -> str:
    """Return exact numbers: one line a measure, each network with its ratio; then the sources of the errors."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    against = cases[reference].label
    heads = [name for case in cases for name in (case.label, f"{case.label} / {against}")]
    writer.writerow(["figure", "unit", *heads])
    for line in lines(cases, reference):
        pairs = ((value, _factor(line, value, reference)) for value in line.values)
        writer.writerow([line.measure.title, line.measure.unit, *(cell for pair in pairs for cell in pair)])
    writer.writerow([])
    writer.writerow(["network", "error", "percent", "measured", "source"])
    writer.writerows([one.network, one.error, one.percent, one.how, one.source] for one in sources(cases))
    return text.getvalue()


def _factor(line: Line, value: Any, reference: int) -> str:
    if line.measure.against is not ratio or value is None or not line.values[reference]:
        return ""
    return f"{value / line.values[reference]:.6g}"

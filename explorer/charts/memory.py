"""The memory of a training step: its curve and the parts of its peak."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from explorer import units
from explorer.charts.figure import FONT_SIZE, Chart, axis, draw, marker, pattern
from explorer.palette import KINDS, Theme

if TYPE_CHECKING:
    from explorer.analysis.memory import TrainingMemory
    from explorer.analysis.step_profile import Moment


_MOST_MOMENTS = 600
_PARTS = {
    "params": ("parameters", "conv"),
    "gradients": ("gradients", "linear"),
    "optimizer_state": ("optimizer state", "norm"),
    "activations": ("activations", "activation"),
    "other": ("other", "other"),
}


def memory_curve(memory: TrainingMemory, *, theme: Theme = "light") -> Chart:
    """Return the live bytes over one training step in MiB, by what they are, with its phases and its peak."""
    places = _thinned(memory)
    moments = [memory.curve[place] for place in places]
    traces = [_area(part, places, moments, theme) for part in _PARTS]
    traces.append(_peak_mark(memory, theme))
    layout = {
        "height": 480,
        "hovermode": "closest",
        "xaxis": axis("One training step: forward, loss, backward, optimizer", **_phase_ticks(memory), showgrid=False),
        "yaxis": axis("Memory (MiB)", tickformat=",~r", nticks=6, range=[0, 1.18 * memory.peak / 2**20]),
        "shapes": [_phase_line(phase.start, theme) for phase in memory.phases[1:]],
    }
    table = pd.DataFrame(
        {"Phase": [moment.phase for moment in moments], "Operation": [moment.label for moment in moments]}
        | {f"{word.capitalize()} (bytes)": [getattr(m, part) for m in moments] for part, (word, _) in _PARTS.items()}
        | {"Sum (bytes)": [moment.live for moment in moments]}
    )
    return Chart(draw(traces, layout, f"{memory.name}-memory-curve"), _curve_alt(memory), table)


def _thinned(memory: TrainingMemory) -> list[int]:
    """Places in the curve, at most about _MOST_MOMENTS: of each stretch the highest moment, so the peak is kept."""
    length = math.ceil(len(memory.curve) / _MOST_MOMENTS)
    starts = range(0, len(memory.curve), length)
    stretches = [range(start, min(start + length, len(memory.curve))) for start in starts]
    return [max(stretch, key=lambda place: memory.curve[place].live) for stretch in stretches]


def _area(part: str, places: Sequence[int], moments: Sequence[Moment], theme: Theme) -> dict[str, Any]:
    word, kind = _PARTS[part]
    colour = KINDS[kind].tone(theme).mark
    return {
        "type": "scatter",
        "mode": "lines",
        "name": word,
        "stackgroup": "parts",
        "x": list(places),
        "y": [getattr(moment, part) / 2**20 for moment in moments],
        "line": {"width": 0, "shape": "hv", "color": colour},
        "fillcolor": colour,
        "fillpattern": pattern(kind),
        "customdata": [
            f"<b>{moment.phase}</b><br>{moment.label}<br>{word} {units.mebibytes(getattr(moment, part))}<br>"
            f"of {units.mebibytes(moment.live)} in use"
            for moment in moments
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _peak_mark(memory: TrainingMemory, theme: Theme) -> dict[str, Any]:
    is_late = memory.peak_at > len(memory.curve) / 2
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [memory.peak_at],
        "y": [memory.peak / 2**20],
        "text": [f"peak {units.mebibytes(memory.peak)}"],
        "textposition": "top left" if is_late else "top right",
        "textfont": {"size": FONT_SIZE + 1},
        "marker": {"size": 11, "symbol": "diamond", "color": KINDS["other"].tone(theme).line},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _phase_ticks(memory: TrainingMemory) -> dict[str, Any]:
    """The name of each phase below its middle; one too short for its name is left to the hover."""
    wide = [phase for phase in memory.phases if phase.stop - phase.start > 0.12 * len(memory.curve)]
    middles = [(phase.start + phase.stop) / 2 for phase in wide]
    return {"tickmode": "array", "tickvals": middles, "ticktext": [phase.name for phase in wide], "tickangle": 0}


def _phase_line(start: int, theme: Theme) -> dict[str, Any]:
    line = {"color": KINDS["other"].tone(theme).line, "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": start, "x1": start, "y0": 0, "y1": 1, "line": line}


def _curve_alt(memory: TrainingMemory) -> str:
    phase = memory.curve[memory.peak_at].phase
    return (
        f"Memory over one training step with {memory.batch_size} pictures and {memory.optimizer}: it peaks at "
        f"{units.mebibytes(memory.peak)} in the {phase} phase. {_parts_in_words(memory)}"
    )


def _parts_in_words(memory: TrainingMemory) -> str:
    sizes = {word: getattr(memory, part) for part, (word, _) in _PARTS.items()}
    listed = [f"{word} {units.mebibytes(size)} ({units.percent(size / memory.peak)})" for word, size in sizes.items()]
    return f"At the peak: {', '.join(listed)}."


def memory_parts(memory: TrainingMemory, *, theme: Theme = "light") -> Chart:
    """Return what the memory at the peak of a training step is used for, as one stacked bar in MiB."""
    layout = {
        "height": 230,
        "barmode": "stack",
        "xaxis": axis("Memory at the peak (MiB)", tickformat=",~r", nticks=5),
        "yaxis": {"visible": False},
    }
    sizes = [getattr(memory, part) for part in _PARTS]
    table = pd.DataFrame(
        {
            "Part": [word.capitalize() for word, _ in _PARTS.values()],
            "Bytes": sizes,
            "Share": [size / memory.peak for size in sizes],
        }
    )
    traces = [_part_bar(part, memory, theme) for part in _PARTS if getattr(memory, part)]
    return Chart(draw(traces, layout, f"{memory.name}-memory-parts"), _parts_in_words(memory), table)


def _part_bar(part: str, memory: TrainingMemory, theme: Theme) -> dict[str, Any]:
    word, kind = _PARTS[part]
    size = getattr(memory, part)
    share = units.percent(size / memory.peak)
    return {
        "type": "bar",
        "orientation": "h",
        "name": word,
        "x": [size / 2**20],
        "y": [0],
        "marker": marker(kind, theme),
        "customdata": [f"<b>{word}</b><br>{units.mebibytes(size)} ({units.exact(size)} bytes)<br>{share} of the peak"],
        "hovertemplate": "%{customdata}<extra></extra>",
    }

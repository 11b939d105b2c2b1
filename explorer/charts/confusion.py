"""What a trained network takes for what: its confusion matrix, and the accuracy of each class."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from explorer.charts.figure import FONT, Chart, axis, draw
from explorer.palette import KINDS, Theme, ramp

_CELL, _LEAST_SIDE, _MOST_SIDE = 44, 360, 900  # pixels
_MOST_NUMBERED = 20  # classes, up to which the counts stand in the cells


def confusion_matrix(labels: Sequence[str], counts: Sequence[Sequence[int]], *, theme: Theme = "light") -> Chart:
    """Return how many pictures of each class (a row) were given each answer (a column); colour is the row's share."""
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    nothing, everything = ramp(theme)
    trace = {
        "type": "heatmap",
        "x": list(labels),
        "y": list(labels),
        "z": shares,
        "customdata": [list(row) for row in counts],
        "colorscale": [[0, nothing], [1, everything]],
        "zmin": 0,
        "zmax": 1,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "%{y} taken for %{x}<br>%{customdata:,} pictures, %{z:.1%} of its class<extra></extra>",
        "colorbar": {"tickformat": ".0%", "title": {"text": "of the class", "font": FONT}, "thickness": 14},
    }
    if len(labels) <= _MOST_NUMBERED:
        trace |= {"text": [[str(count) if count else "" for count in row] for row in counts], "texttemplate": "%{text}"}
        trace |= {"textfont": FONT}
    side = min(_MOST_SIDE, max(_LEAST_SIDE, _CELL * len(labels)))
    layout = {
        "height": side + 90,
        "xaxis": axis("Answer of the network", type="category", showgrid=False),
        "yaxis": axis("Class of the picture", type="category", autorange="reversed", showgrid=False),
    }
    table = pd.DataFrame([list(row) for row in counts], columns=list(labels))
    table.insert(0, "Class", list(labels))
    return Chart(draw([trace], layout, "confusion"), _confusion_alt(labels, counts), table)


def class_accuracies(
    labels: Sequence[str], accuracies: Sequence[float | None], pictures: Sequence[int], *, theme: Theme = "light"
) -> Chart:
    """Return the share of each class's pictures that were answered rightly, the worst class first."""
    known = sorted(
        (accuracy, label, count)
        for label, accuracy, count in zip(labels, accuracies, pictures, strict=True)
        if accuracy is not None
    )
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [100 * accuracy for accuracy, _, _ in known],
        "y": [label for _, label, _ in known],
        "text": [f"{100 * accuracy:.1f} %" for accuracy, _, _ in known],
        "textposition": "auto",
        "textfont": FONT,
        "insidetextfont": {**FONT, "color": ramp(theme)[0]},
        "customdata": [count for _, _, count in known],
        "marker": {"color": KINDS["conv"].tone(theme).mark},
        "hovertemplate": "%{y}: %{x:.2f} % of %{customdata:,} pictures<extra></extra>",
    }
    layout = {
        "height": max(_LEAST_SIDE, 26 * len(known)) + 90,
        "xaxis": axis("Accuracy (%)", range=[0, 100]),
        "yaxis": axis("", type="category", autorange="reversed"),
    }
    table = pd.DataFrame(
        {
            "Class": [label for _, label, _ in known],
            "Accuracy (%)": [100 * accuracy for accuracy, _, _ in known],
            "Pictures": [count for _, _, count in known],
        }
    )
    worst = f"The worst class is {known[0][1]} with {100 * known[0][0]:.1f} %." if known else ""
    return Chart(draw([trace], layout, "class-accuracies"), f"Accuracy by class. {worst}", table)


def _confusion_alt(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    total = sum(map(sum, counts))
    right = sum(row[place] for place, row in enumerate(counts))
    wrong = [(count, i, j) for i, row in enumerate(counts) for j, count in enumerate(row) if i != j and count]
    if not wrong:
        return f"Confusion matrix: all {total:,} pictures are answered rightly."
    count, i, j = max(wrong)
    return (
        f"Confusion matrix: {right:,} of {total:,} pictures are answered rightly. The most frequent mistake: "
        f"{labels[i]} taken for {labels[j]}, {count:,} times."
    )

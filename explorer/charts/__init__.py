"""Analyses as Plotly figures, each with the sentence that says what one sees and the numbers as a table.

Figures take their fonts from the theme of the page; only marks are coloured here, from the one palette.
"""

from explorer.charts.accuracy import accuracy_scatter
from explorer.charts.areas import treemap
from explorer.charts.bars import by_group
from explorer.charts.comparison import homes, running_shares
from explorer.charts.confusion import class_accuracies, confusion_matrix
from explorer.charts.figure import FONT_SIZE, Chart
from explorer.charts.gallery import picture_sizes
from explorer.charts.gradients import gradient_lengths
from explorer.charts.maps import feature_maps
from explorer.charts.memory import memory_curve, memory_parts
from explorer.charts.quantities import QUANTITIES, Quantity
from explorer.charts.ratios import ratio_bars
from explorer.charts.shares import cumulative

__all__ = [
    "FONT_SIZE",
    "QUANTITIES",
    "Chart",
    "Quantity",
    "accuracy_scatter",
    "by_group",
    "class_accuracies",
    "confusion_matrix",
    "cumulative",
    "feature_maps",
    "gradient_lengths",
    "homes",
    "memory_curve",
    "memory_parts",
    "picture_sizes",
    "ratio_bars",
    "running_shares",
    "treemap",
]

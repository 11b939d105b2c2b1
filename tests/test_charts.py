from functools import cache

import pytest

from explorer import charts
from explorer.analysis import analyze, grouping, training_memory
from explorer.analysis.grouping import Group
from explorer.analysis.memory import TrainingMemory
from explorer.analysis.rows import Analysis
from explorer.charts import FONT_SIZE, QUANTITIES, Chart
from explorer.palette import KINDS, THEMES, Theme
from explorer.units import exact

NAMES = ("lenet5", "vgg16", "googlenet", "densenet121", "vit_b_16", "swin_t")


@cache
def groups(name: str) -> tuple[Group, ...]:
    return grouping.blocks(analyze(name), fold_above=None)


@cache
def memory(name: str = "vgg16") -> TrainingMemory:
    return training_memory(name, batch_size=32, optimizer="adam")


def every_chart(name: str, theme: Theme = "light") -> list[Chart]:
    analysis = analyze(name)
    return [
        *(charts.by_group(analysis, groups(name), quantity, theme=theme) for quantity in QUANTITIES),
        charts.by_group(analysis, groups(name), "params", logarithmic=True, theme=theme),
        charts.by_group(analysis, grouping.layers(analysis), "macs", theme=theme),
        charts.cumulative(analysis, theme=theme),
        charts.treemap(analysis, groups(name), theme=theme),
        charts.feature_maps(analysis, groups(name), theme=theme),
        charts.memory_curve(memory(name), theme=theme),
        charts.memory_parts(memory(name), theme=theme),
    ]


def bars(chart: Chart, analysis: Analysis, quantity: str) -> float:
    values = "x" if chart.figure.data[0].orientation == "h" else "y"
    drawn = sum(sum(trace[values]) for trace in chart.figure.data if trace.type == "bar")
    return drawn * QUANTITIES[quantity].scale


def fonts(node: object) -> list[float]:
    """Every font size that stands anywhere in a figure."""
    if isinstance(node, dict):
        own = [value["size"] for key, value in node.items() if key.endswith("font")]
        return own + [size for value in node.values() for size in fonts(value)]
    return [size for value in node for size in fonts(value)] if isinstance(node, (list, tuple)) else []


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_a_figure_that_plotly_accepts(name: str) -> None:
    for chart in every_chart(name):
        type(chart.figure)(chart.figure.to_dict())


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_has_a_sentence_and_a_table(name: str) -> None:
    for chart in every_chart(name):
        assert chart.alt.endswith(".")
        assert len(chart.table) > 0


@pytest.mark.parametrize("theme", THEMES)
def test_no_text_is_smaller_than_a_projector_can_show(theme: Theme) -> None:
    for chart in every_chart("googlenet", theme):
        figure = chart.figure.to_dict()
        del figure["layout"]["template"]  # the page puts its own in its place
        sizes = fonts(figure)
        assert min(sizes) >= FONT_SIZE


def test_every_chart_keeps_its_height_and_zoom_and_shows_the_page_behind() -> None:
    for chart in every_chart("vgg16"):
        layout = chart.figure.layout
        assert layout.height > 0
        assert layout.uirevision
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_bars_add_up_to_the_total(name: str, quantity: str) -> None:
    analysis = analyze(name)
    chart = charts.by_group(analysis, groups(name), quantity)
    running = sum(getattr(row, quantity) for row in analysis.rows if not row.runs_in_training_only)
    assert bars(chart, analysis, quantity) == pytest.approx(running)


def test_the_table_of_the_bars_holds_exact_numbers() -> None:
    chart = charts.by_group(analyze("vgg16"), groups("vgg16"), "params")
    assert chart.table["Parameters"].sum() == 138_357_544  # torchvision's metadata of VGG-16
    assert chart.table["Share"].sum() == pytest.approx(1)


def test_kinds_are_told_apart_by_colour_and_pattern() -> None:
    chart = charts.by_group(analyze("vgg16"), groups("vgg16"), "params")
    looks = {trace.name: (trace.marker.color, trace.marker.pattern.shape) for trace in chart.figure.data[:2]}
    assert looks == {"conv": (KINDS["conv"].light.mark, ""), "linear": (KINDS["linear"].light.mark, "/")}


def test_few_groups_lie_and_many_stand() -> None:
    analysis = analyze("googlenet")
    few = charts.by_group(analysis, groups("googlenet"), "macs")
    many = charts.by_group(analysis, grouping.layers(analysis), "macs")
    assert (few.figure.data[0].orientation, many.figure.data[0].orientation) == ("h", "v")


def test_many_bars_have_few_labels() -> None:
    analysis = analyze("densenet121")
    chart = charts.by_group(analysis, grouping.layers(analysis), "macs")
    assert len(chart.figure.layout.xaxis.ticktext) <= 12


def test_lying_bars_are_the_same_for_every_quantity() -> None:
    drawn = [list(charts.by_group(analyze("vgg16"), groups("vgg16"), each).table["Layer"]) for each in QUANTITIES]
    assert drawn[0] == drawn[1] == drawn[2]


def test_a_logarithmic_bar_is_whole() -> None:
    chart = charts.by_group(analyze("googlenet"), groups("googlenet"), "params", logarithmic=True)
    places = [place for trace in chart.figure.data if trace.type == "bar" for place in trace.y]
    assert chart.figure.layout.xaxis.type == "log"
    assert len(places) == len(set(places))


@pytest.mark.parametrize("name", NAMES)
def test_cumulative_shares_rise_to_the_whole(name: str) -> None:
    for trace in charts.cumulative(analyze(name)).figure.data:
        assert list(trace.y) == sorted(trace.y)
        assert trace.y[-1] == pytest.approx(100)


@pytest.mark.parametrize("name", NAMES)
def test_the_areas_of_the_treemap_add_up_to_the_parameters(name: str) -> None:
    (trace,) = charts.treemap(analyze(name), groups(name)).figure.data
    inside: dict[str, int] = {}
    for parent, value in zip(trace.parents, trace["values"], strict=True):
        inside[parent] = inside.get(parent, 0) + value
    sizes = dict(zip(trace.ids, trace["values"], strict=True))
    assert inside.pop("") == analyze(name).params
    assert inside == {parent: sizes[parent] for parent in inside}


def test_many_layers_are_few_areas_and_all_in_the_table() -> None:
    analysis = analyze("preact_resnet1001")
    chart = charts.treemap(analysis, grouping.blocks(analysis))
    (trace,) = chart.figure.data
    rows = [row for row in analysis.rows if row.params]
    drawn = [row.params for row in rows if f"row:{row.path}" in trace.ids]
    others = [row.params for row in rows if f"row:{row.path}" not in trace.ids]
    assert list(chart.table["Layer"]) == [row.path for row in rows]
    assert len(trace.ids) < len(rows) / 2
    assert min(drawn) >= max(others)


def test_the_sentence_of_the_treemap_names_the_largest_layer() -> None:
    assert exact(102_764_544) in charts.treemap(analyze("vgg16"), groups("vgg16")).alt  # 25,088 * 4,096 + 4,096


def test_feature_maps_of_vgg_halve_and_their_channels_double() -> None:
    table = charts.feature_maps(analyze("vgg16"), groups("vgg16")).table
    assert list(dict.fromkeys(table["Height"])) == [224, 112, 56, 28, 14, 7]  # Simonyan and Zisserman 2014, table 1
    assert list(dict.fromkeys(table["Channels"])) == [64, 128, 256, 512]


def test_channels_that_come_last_are_read_as_channels() -> None:
    table = charts.feature_maps(analyze("swin_t"), groups("swin_t")).table
    assert set(table["Channels"]) == {96, 192, 384, 768}  # Liu et al. 2021, table 7
    assert set(table["Height"].dropna()) >= {56, 28, 14, 7}


def test_the_memory_curve_keeps_its_peak() -> None:
    chart = charts.memory_curve(memory())
    assert chart.table["Sum (bytes)"].max() == memory().peak
    assert chart.figure.data[-1].y[0] == pytest.approx(memory().peak / 2**20)


def test_a_long_memory_curve_is_thinned() -> None:
    assert len(memory("densenet121").curve) > 600 >= len(charts.memory_curve(memory("densenet121")).table)


def test_the_parts_of_the_memory_add_up_to_the_peak() -> None:
    chart = charts.memory_parts(memory())
    assert chart.table["Bytes"].sum() == memory().peak
    assert sum(trace.x[0] for trace in chart.figure.data) == pytest.approx(memory().peak / 2**20)

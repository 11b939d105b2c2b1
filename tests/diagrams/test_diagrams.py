"""Diagrams of networks whose figures stand in their papers."""

import re
from dataclasses import replace
from html import unescape

import pytest

from explorer.analysis import analyze
from explorer.analysis.grouping import blocks, layers
from explorer.analysis.rows import Analysis
from explorer.diagrams import COLOURS, block_diagram, layout, legend, network_diagram
from explorer.diagrams.flow import IN, OUT, Flow, flow
from explorer.units import TIMES


def flow_of(name: str, path: str = "") -> Flow:
    analysis = analyze(name)
    return flow(analysis, blocks(analysis, path))


def inside_units(name: str) -> list[Flow]:
    analysis = analyze(name)
    units = [group.path for group in blocks(analysis, fold_above=None) if group.can_be_opened]
    return [flow(analysis, blocks(analysis, path)) for path in units]


def nodes(svg: str) -> list[str]:
    return [unescape(path) for path in re.findall(r'<g id="([^"]*)" class="node', svg)]


def test_a_vgg_is_a_chain() -> None:
    assert flow_of("vgg16").is_chain


def test_each_inception_module_joins_four_branches_in_one_concatenation() -> None:
    modules = inside_units("googlenet")
    assert len(modules) == 9
    for module in modules:
        (concat,) = (group.path for group in module.groups if group.kind == "cat")
        assert sum(edge.target == concat for edge in module.edges) == 4
        assert sum(edge.source == IN for edge in module.edges) == 4


def test_each_unit_of_resnet50_adds_its_shortcut() -> None:
    units = inside_units("resnet50")
    assert len(units) == 16
    for unit in units:
        (add,) = (group.path for group in unit.groups if group.kind == "add")
        assert sum(edge.target == add for edge in unit.edges) == 2


def test_identity_shortcuts_are_skips() -> None:
    """All but the first unit of each of the four stages of ResNet-50 have one."""
    assert sum(any(edge.is_skip for edge in unit.edges) for unit in inside_units("resnet50")) == 12


def test_a_plain_unit_has_no_skip() -> None:
    assert all(unit.is_chain for unit in inside_units("plain18"))


def test_a_dense_block_grows_by_its_growth_rate_at_each_concatenation() -> None:
    """DenseNet-121's first block takes 64 channels and adds 32 six times (Huang et al. 2016, table 1)."""
    block = flow_of("densenet121", "features.denseblock1")
    concats = [group.output_shape[1] for group in block.groups if group.kind == "cat"]
    assert concats == [96, 128, 160, 192, 224, 256]
    assert sum(edge.is_skip for edge in block.edges) == 6


def test_edges_grow_with_the_layers_of_a_dense_network_not_with_their_square() -> None:
    analysis = analyze("densenet201")
    found = flow(analysis, layers(analysis))
    assert len(found.edges) < 1.2 * len(found.groups)


@pytest.mark.parametrize("name", ["resnet110", "densenet121", "maxvit_t", "vit_b_16", "inception_v3"])
def test_the_full_network_begins_and_ends_once(name: str) -> None:
    analysis = analyze(name)
    found = flow(analysis, layers(analysis))
    assert sum(edge.target == OUT for edge in found.edges) == 1
    assert {edge.source for edge in found.edges} == {IN, *(group.path for group in found.groups)}


def test_every_node_is_laid_out_under_its_path() -> None:
    analysis = analyze("googlenet")
    drawn = nodes(layout(network_diagram(analysis).tall))
    assert drawn == ["diagram-in", *(group.path for group in blocks(analysis)), "diagram-out"]


@pytest.mark.parametrize("colour", COLOURS)
def test_a_node_has_one_class_of_the_legend(colour: str) -> None:
    known = {name for name, _ in legend(colour)}
    drawn = layout(network_diagram(analyze("resnet50"), colour=colour).tall)
    for names in re.findall(r'class="node ([^"]*)"', drawn):
        assert len(known & set(names.split())) == (0 if names == "terminal" else 1)


def test_heat_is_the_share_of_the_network() -> None:
    """fc6 has 102,764,544 of VGG-16's 138,357,544 parameters: the highest step."""
    drawn = layout(network_diagram(analyze("vgg16"), colour="params").tall)
    assert '<g id="classifier.0" class="node heat7"' in drawn
    assert "102.8 M, 74.3 %" in drawn


def test_a_wide_diagram_has_the_same_nodes_side_by_side() -> None:
    analysis = analyze("vgg16")
    tall, wide = (layout(graph) for graph in network_diagram(analysis).drawings)
    assert sorted(nodes(tall)) == sorted(nodes(wide))
    assert width(wide) > 3 * width(tall)


def width(svg: str) -> float:
    found = re.search(r'viewBox="\S+ \S+ (\S+)', svg)
    assert found
    return float(found[1])


def test_nodes_carry_kernel_channels_and_stride() -> None:
    assert f"7{TIMES}7 conv, 64 / 2" in layout(network_diagram(analyze("resnet50")).tall)


def test_edges_carry_shapes() -> None:
    assert f"96{TIMES}28{TIMES}28" in layout(block_diagram(analyze("googlenet"), "inception3a").tall)


def test_the_full_network_shows_every_row() -> None:
    analysis = analyze("densenet121")
    drawn = nodes(layout(network_diagram(analysis, "layers").tall))
    assert set(drawn) - {"diagram-in", "diagram-out"} == {row.path for row in analysis.rows}


def test_a_block_of_a_block_can_be_drawn() -> None:
    drawn = nodes(layout(block_diagram(analyze("densenet121"), "features.denseblock1.denselayer2").tall))
    assert "features.denseblock1.denselayer2.conv2" in drawn


def test_a_path_that_is_no_block_is_an_error() -> None:
    with pytest.raises(KeyError, match="no block 'fc'"):
        block_diagram(analyze("resnet50"), "fc")


def test_the_end_of_a_flow_is_its_output() -> None:
    found = flow_of("googlenet", "inception3a")
    assert [edge.shape for edge in found.edges if edge.target == OUT] == [(1, 256, 28, 28)]


@pytest.mark.parametrize(
    ("name", "path", "words"),
    [
        ("googlenet", "", ("GoogLeNet, by block", "9 Inception modules", "7.00 M parameters", "1.58 GMACs")),
        ("googlenet", "inception3a", ("The block inception3a of GoogLeNet", "with branches", "1 concatenation")),
        ("vgg16", "", ("in one chain", f"from 3{TIMES}224{TIMES}224 to 1000", "13 convolutions")),
        ("resnet50", "conv2_x.1", ("with 1 skip", "1 addition")),
    ],
)
def test_alt_text_says_what_the_diagram_shows(name: str, path: str, words: tuple[str, ...]) -> None:
    analysis = analyze(name)
    said = (block_diagram(analysis, path) if path else network_diagram(analysis)).alt
    assert [word for word in words if word not in said] == []


def test_labels_and_tooltips_are_escaped() -> None:
    analysis = with_renamed_fc(analyze("resnet18"), 'fc"<b>&\\n')
    drawn = layout(network_diagram(analysis).tall)
    assert "fc&quot;&lt;b&gt;&amp;\\n" in drawn


def with_renamed_fc(analysis: Analysis, path: str) -> Analysis:
    rows = tuple(replace(row, path=path) if row.path == "fc" else row for row in analysis.rows)
    return replace(analysis, rows=rows)

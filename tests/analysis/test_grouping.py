"""Stages, blocks and layers, on networks whose structure the papers print."""

import pytest

from explorer.analysis import analyze
from explorer.analysis.grouping import FOLD_ABOVE, IN_TRAINING_ONLY, VECTOR, blocks, layers, levels, map_sizes, stages
from explorer.units import TIMES

ONE_OF_EACH_FAMILY = (
    *("lenet5", "alexnet", "zfnet", "nin", "vgg19_bn", "googlenet", "inception_v3", "resnet152", "preact_resnet164"),
    *("densenet201", "squeezenet1_0", "xception", "mobilenet_v1", "mobilenet_v3_large", "efficientnet_b7"),
    *("vit_h_14", "swin_t", "convnext_tiny", "shufflenet_v2_x1_0", "regnet_x_400mf"),
)
LARGE = ("resnet152", "densenet201", "xception", "preact_resnet1001", "efficientnet_b7", "vit_h_14", "swin_v2_b")


def titles(name: str, path: str = "") -> list[str]:
    return [group.title for group in blocks(analyze(name), path, fold_above=None)]


@pytest.mark.parametrize("name", ONE_OF_EACH_FAMILY)
def test_blocks_add_up_to_the_network(name: str) -> None:
    analysis = analyze(name)
    found = blocks(analysis)
    assert sum(group.params for group in found) == analysis.params - analysis.auxiliary_params
    assert sum(group.macs for group in found) == analysis.macs
    assert sum(group.activation_bytes for group in found) == analysis.activation_bytes


@pytest.mark.parametrize("name", ONE_OF_EACH_FAMILY)
def test_each_row_is_in_one_stage(name: str) -> None:
    analysis = analyze(name)
    rows = [path for stage in stages(analysis) for path in stage.rows]
    assert sorted(rows) == sorted(row.path for row in analysis.rows)


@pytest.mark.parametrize("name", LARGE)
def test_large_networks_come_out_in_at_most_forty_blocks(name: str) -> None:
    assert len(blocks(analyze(name))) <= 40


def test_googlenet_has_nine_inception_modules() -> None:
    assert titles("googlenet").count("Inception module") == 9


@pytest.mark.parametrize(
    ("name", "units"), [("resnet50", 16), ("resnet101", 33), ("resnet152", 50), ("plain34", 16), ("resnet110", 54)]
)
def test_residual_networks_have_the_papers_number_of_units(name: str, units: int) -> None:
    found = blocks(analyze(name))
    assert sum(group.repeat for group in found if group.can_be_opened) == units


def test_vgg_is_convolutions_with_their_relu_poolings_and_linear_layers() -> None:
    found = blocks(analyze("vgg16"))
    assert [group.title for group in found[:3]] == [f"3{TIMES}3 conv, 64"] * 2 + [f"2{TIMES}2 max pool / 2"]
    assert found[0].followers == ("ReLU",)
    assert found[-3].followers == ("ReLU", "Dropout")


def test_densenet_is_four_dense_blocks_and_three_transitions() -> None:
    found = titles("densenet121")
    assert (found.count("Dense block"), found.count("Transition")) == (4, 3)


def test_a_unit_without_a_skip_is_a_block_like_its_siblings() -> None:
    """MobileNetV2 has 17 inverted residuals, 10 of them with a skip (Sandler et al. 2018, table 2)."""
    assert titles("mobilenet_v2").count("Inverted residual") == 17


def test_identical_units_in_a_row_become_one_group_in_a_long_network() -> None:
    long = [group for group in blocks(analyze("resnet152")) if group.can_be_opened]
    assert [group.repeat for group in long] == [1, 2, 1, 7, 1, 35, 1, 2]


def test_a_short_network_is_not_folded() -> None:
    found = blocks(analyze("resnet50"))
    assert len(found) <= FOLD_ABOVE
    assert all(group.repeat == 1 for group in found)


def test_a_repeated_group_names_all_that_it_stands_for() -> None:
    group = max(blocks(analyze("resnet152")), key=lambda group: group.repeat)
    assert group.members[0] == group.path
    assert len(set(group.members)) == group.repeat


def test_a_block_opens_into_its_parts() -> None:
    inside = blocks(analyze("googlenet"), "inception3a")
    assert [group.group for group in inside].count("conv") == 6
    assert inside[-1].title == "concat"


def test_a_path_that_is_no_block_is_an_error() -> None:
    with pytest.raises(KeyError, match="GoogLeNet has no block 'inception9z'"):
        blocks(analyze("googlenet"), "inception9z")


def test_weights_of_no_layer_go_with_the_join_that_reads_them() -> None:
    """ViT-B/16's class token has 768 weights, its position embedding 197 * 768."""
    joins = [group for group in blocks(analyze("vit_b_16")) if group.group == "join"]
    assert [group.params for group in joins] == [768, 197 * 768]


def test_stages_of_resnet50_are_those_of_the_papers_table() -> None:
    found = [stage.title for stage in stages(analyze("resnet50"))]
    assert found == [*(f"{size}{TIMES}{size}" for size in (112, 56, 28, 14, 7)), VECTOR]


def test_auxiliary_heads_are_a_stage_of_their_own() -> None:
    """GoogLeNet's two heads have 13,378,280 - 6,998,552 parameters."""
    last = stages(analyze("googlenet", options={"aux": True}))[-1]
    assert (last.title, last.params) == (IN_TRAINING_ONLY, 13_378_280 - 6_998_552)


def test_map_sizes_are_found_where_channels_come_last() -> None:
    sizes = map_sizes(analyze("swin_t"))
    assert set(sizes.values()) >= {f"{size}{TIMES}{size}" for size in (56, 28, 14, 7)}
    assert sizes["head"] == VECTOR


def test_levels_list_stages_then_their_blocks_then_their_layers() -> None:
    found = levels(analyze("resnet50"))
    assert [level for level, _ in found[:3]] == [0, 1, 2]
    assert found[0][1].title == f"112{TIMES}112"


def test_levels_stop_at_the_level_asked_for() -> None:
    analysis = analyze("resnet50")
    assert [group for _, group in levels(analysis, "stages")] == list(stages(analysis))
    assert {level for level, _ in levels(analysis, "blocks")} == {0, 1}


def test_layers_are_all_rows_that_run() -> None:
    analysis = analyze("resnet50")
    assert [group.path for group in layers(analysis)] == [row.path for row in analysis.rows if row.inputs]

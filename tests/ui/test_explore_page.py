"""The Explore page, run without a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.analysis import analyze
from explorer.ui.explore import VIEWS
from explorer.ui.explore.charts import CHARTS

MAIN = "explorer/ui/main.py"


def open_page(**address: str) -> AppTest:
    """Explore, opened at an address."""
    app = AppTest.from_file(f"../../{MAIN}", default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/explore.py").run()
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_it_opens_with_googlenet_and_its_numbers() -> None:
    assert metrics(open_page()) == {
        "Parameters": "7.00 M",
        "MACs": "1.58 G",
        "Activations": "25.50 MiB",
        "Training peak": "1.53 GiB",
        "Weight file": "26.70 MiB",
        "Depth": "22 layers",
        "Receptive field": "whole picture",
    }


@pytest.mark.parametrize(
    ("arch", "size", "seen"),
    [
        ("vgg16", "320", "212\N{MULTIPLICATION SIGN}212 px"),
        ("resnet18", "32", "whole picture"),
        ("resnet18", "1", "whole picture"),
        ("regnet_y_800mf", "224", "whole picture"),  # its window is 383 pixels, less than twice the picture
        ("vit_b_16", "224", "not defined"),
    ],
)
def test_the_receptive_field_is_that_of_the_last_map(arch: str, size: str, seen: str) -> None:
    assert metrics(open_page(arch=arch, size=size))["Receptive field"] == seen


def test_a_field_opened_by_gates_has_its_own_window_one_hover_away() -> None:
    seen = next(one for one in open_page(arch="efficientnet_b0").metric if one.label == "Receptive field")
    assert seen.help.replace("\N{MULTIPLICATION SIGN}", "x").startswith(
        "**The whole picture, through global pooling; its own window is 851x851 px; 235x235 by the narrowest path**"
    )


def test_every_number_has_its_exact_value_and_definition_one_hover_away() -> None:
    app = open_page(arch="vgg16")
    assert "138,357,544" in app.metric[0].help
    assert all(len(metric.help) > 60 for metric in app.metric)


def test_a_link_restores_network_options_size_and_batch() -> None:
    app = open_page(arch="resnet34", shortcut="B", size="64", batch="8", optimizer="sgd")
    assert app.selectbox(key="arch").value == "resnet34"
    assert app.selectbox(key="shortcut").value == "B"
    assert app.number_input(key="size").value == 64
    assert app.number_input(key="batch").value == 8
    assert app.selectbox(key="optimizer").value == "sgd"
    assert metrics(app)["Parameters"] == "21.80 M"


def test_a_choice_goes_into_the_address_and_the_default_does_not() -> None:
    app = open_page()
    app.selectbox(key="arch").set_value("vgg16").run()
    assert app.query_params["arch"] in ("vgg16", ["vgg16"])
    app.selectbox(key="arch").set_value("googlenet").run()
    assert "arch" not in app.query_params


def test_another_network_starts_with_its_own_size_and_classes() -> None:
    app = open_page(arch="vgg16", size="64", classes="10")
    app.selectbox(key="arch").set_value("resnet20").run()
    assert app.number_input(key="size").value == 32
    assert app.number_input(key="classes").value == 10
    app.selectbox(key="arch").set_value("resnet50").run()
    assert app.number_input(key="classes").value == 1000


def test_a_family_narrows_the_networks() -> None:
    app = open_page()
    app.selectbox(key="family").set_value("VGG").run()
    assert app.selectbox(key="arch").value == "vgg11"
    assert all("VGG" in label for label in app.selectbox(key="arch").options)


def test_the_other_version_is_one_click_away() -> None:
    app = open_page(arch="googlenet")
    next(button for button in app.button if button.label == "As in torchvision").click().run()
    assert metrics(app)["Parameters"] == "6.62 M"


def test_a_malformed_vgg_list_is_explained_and_nothing_is_lost() -> None:
    app = open_page(arch="vgg_custom")
    app.text_input(key="layers").set_value("64, Q, 128").run()
    assert not app.exception
    assert "Q" in app.error[0].value
    app.text_input(key="layers").set_value("64, M, 128").run()
    assert metrics(app)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("arch", ["lenet5", "googlenet", "vgg_custom", "vit_b_16", "densenet121"])
def test_every_view_draws(arch: str, view: str) -> None:
    assert metrics(open_page(arch=arch, view=view))


@pytest.mark.parametrize("level", ["stages", "blocks", "layers"])
def test_each_level_of_the_table_adds_up(level: str) -> None:
    app = open_page(arch="googlenet", level=level)
    frame = app.dataframe[0].value
    outer = frame[~frame["Layer"].str.startswith("\N{EM SPACE}")]
    assert outer["Parameters"].sum() == 6_998_552
    assert outer["MACs"].sum() == 1_582_671_872


def test_search_finds_layers_by_what_they_are() -> None:
    frame = open_page(arch="googlenet", level="layers", find="5x5").dataframe[0].value
    assert set(frame["What"]) >= {"5×5 conv, 32"}


def test_a_search_without_a_find_says_so() -> None:
    assert "No row" in open_page(find="transformer").info[0].value


def test_the_card_fills_the_formulas_in() -> None:
    text = " ".join(one.value for one in open_page(arch="googlenet", level="layers", layer="conv1.conv").markdown)
    assert "(7×7×3)×64 + 64 = 9,472" in text
    assert "floor((224 + 2×3 \N{MINUS SIGN} 7)/2) + 1 = 112" in text


def test_the_diagram_has_the_card_of_the_layer_or_block_that_is_asked_for() -> None:
    def said(arch: str = "googlenet", view: str = "Diagram", **asked: str) -> str:
        app = open_page(arch=arch, view=view, **asked)
        return " ".join(one.value for one in (*app.markdown, *app.warning, *app.caption))

    assert "#### Inception module" in said(layer="inception3a")
    assert "#### Inception module" in said(block="inception3a")
    assert "`inception3a.branch3x3.reduce.conv`" in said(layer="inception3a.branch3x3.reduce.conv", view="Layers")
    assert "(7\N{MULTIPLICATION SIGN}7\N{MULTIPLICATION SIGN}3)" in said(layer="conv1.conv")
    assert "#### conv2_x" in said(arch="resnet50", block="conv2_x")
    assert "`conv2_x.0.bn1`" in said(arch="resnet50", layer="conv2_x.0.bn1")
    assert "GoogLeNet has no layer called 'nolayer'." in said(layer="nolayer")
    assert "####" not in said()


@pytest.mark.parametrize(
    ("arch", "said"),
    [
        ("plain20", "No result was published for exactly this network."),
        ("convnext_tiny", "Error top-1 17.48 %, top-5 3.854 %** on ImageNet, validation, centre crop of 224x224, "),
        ("resnet50_tv", "newer recipe of 600 epochs  \n:small[:gray[torchvision, ResNet50_Weights.IMAGENET1K_V2]]"),
    ],
)
def test_the_story_has_the_published_results(arch: str, said: str) -> None:
    told = " ".join(one.value for one in open_page(arch=arch, view="Story").markdown)
    assert said in told.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_has_a_text_for_those_who_cannot_see_it(chart: str) -> None:
    (drawn,) = open_page(arch="vgg16", view="Charts", chart=chart).get("plotly_chart")
    assert "VGG-16" in drawn.proto.alt


def _figure(chart: Any) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(chart.proto.spec)
    return figure


def test_the_bars_are_the_networks_parameters() -> None:
    bars = _figure(open_page(arch="vgg16", view="Charts").get("plotly_chart")[0])["data"]
    assert sum(sum(bar["x"]) for bar in bars if bar["type"] == "bar") == analyze("vgg16").params


def test_the_memory_view_names_the_largest_batch_for_common_cards() -> None:
    frame = open_page(arch="vgg16", view="Memory").dataframe[-1].value
    batches = [int(text.replace(",", "")) for text in frame["Largest batch"][:8]]
    assert batches == sorted(batches)
    assert batches[0] > 0


def test_a_training_step_that_is_not_possible_says_why() -> None:
    app = open_page(arch="inception_v3", aux="true", batch="1", view="Memory")
    assert metrics(app)["Training peak"] == "not possible"
    assert app.error[0].value.endswith(".")

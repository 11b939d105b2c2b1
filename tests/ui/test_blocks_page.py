"""The Blocks page, run without a browser."""

from __future__ import annotations

import html
import re

import pytest
from notes import notes
from streamlit.testing.v1 import AppTest

from explorer import blocks
from explorer.blocks import gradients

MAIN = "explorer/ui/main.py"


def open_page(**address: str) -> AppTest:
    """Blocks, opened at an address."""
    app = AppTest.from_file(f"../../{MAIN}", default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/blocks.py").run()
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def test_it_opens_with_module_3a_and_its_numbers() -> None:
    app = open_page()
    assert metrics(app) == {
        "Parameters": "163.7 k",
        "MACs": "128.0 M",
        "Activations": "2.44 MiB",
        "Output": "256×28×28",
        "Sees": "5×5",
        "Non-linearities": "6",
    }
    assert "Without the 1×1 reductions this module needs 2.4 times the MACs" in texts(app)
    assert app.pills[0].value == "Inception 3a"


def test_every_number_has_its_exact_value_and_definition_one_hover_away() -> None:
    app = open_page()
    assert "163,696" in app.metric[0].help
    assert all(len(metric.help) > 60 for metric in app.metric)


def test_squeeze_and_excitation_sees_the_whole_map_and_the_window_is_one_hover_away() -> None:
    app = open_page(b_block="inverted_residual")
    seen = next(metric for metric in app.metric if metric.label == "Sees")
    assert seen.value == "whole map"
    assert "The whole map that it reads, through global pooling; its own window is 3×3" in seen.help


@pytest.mark.parametrize("name", blocks.names())
@pytest.mark.parametrize("view", ["Compared", "Formulas", "Code"])
def test_every_block_opens_with_each_view(name: str, view: str) -> None:
    app = open_page(b_block=name, b_view=view)
    assert app.selectbox(key="b_block").value == name
    assert len(app.metric) == 6
    assert blocks.get(name).explanation in texts(app)


def test_a_slider_changes_the_numbers_and_the_diagram() -> None:
    app = open_page()
    before = app.get("bidi_component")[0].proto
    app.slider(key="b_c3x3").set_value(256).run()
    assert not app.exception
    assert metrics(app)["Parameters"] == "274.4 k"
    assert metrics(app)["Output"] == "384×28×28"
    assert app.pills[0].value is None
    assert app.get("bidi_component")[0].proto != before


def test_a_preset_sets_every_option() -> None:
    app = open_page(b_naive="true")
    app.pills[0].set_value("Inception 4e").run()
    assert app.number_input(key="b_in_channels").value == 528
    assert not app.toggle(key="b_naive").value
    assert app.slider(key="b_c5x5").value == 128
    assert metrics(app)["Parameters"] == "868.4 k"


def test_naive_switches_off_the_reductions() -> None:
    app = open_page()
    app.toggle(key="b_naive").set_value(True).run()
    assert app.slider(key="b_c3x3_reduce").disabled
    assert not app.slider(key="b_c3x3").disabled
    assert metrics(app)["Output"] == "416×28×28"


def test_a_link_restores_block_and_options() -> None:
    app = open_page(b_block="residual", b_form="bottleneck", b_in_channels="256", b_channels="128", b_stride="2")
    assert app.selectbox(key="b_form").value == "bottleneck"
    assert app.slider(key="b_channels").value == 128
    assert metrics(app)["Parameters"] == "379.4 k"
    assert app.pills[0].value == "ResNet-50, into conv3"


def test_a_bad_link_is_explained_and_the_default_shown() -> None:
    app = open_page(b_block="inceptio", b_size="9999")
    assert any("b_block=inceptio" in note for note in notes(app))
    assert any("b_size=9999" in note and "from 1 to 256" in note for note in notes(app))
    assert metrics(app)["Parameters"] == "163.7 k"


def test_another_block_starts_with_its_own_defaults() -> None:
    app = open_page(b_in_channels="512", b_c1x1="128")
    app.selectbox(key="b_block").set_value("residual").run()
    assert not app.exception
    assert app.number_input(key="b_in_channels").value == 64
    assert metrics(app)["Parameters"] == "73.98 k"
    assert set(app.query_params) == {"b_block"}


def test_a_choice_that_does_not_fit_is_explained() -> None:
    app = open_page(b_block="residual", b_shortcut="identity")
    app.slider(key="b_channels").set_value(128).run()
    assert [warning.value for warning in app.warning] == [
        "The sum needs 64 channels on both sides; the branch has 128: use a projection (B)."
    ]
    app.selectbox(key="b_shortcut").set_value("B").run()
    assert not app.warning
    assert metrics(app)["Output"] == "128×56×56"


def test_a_button_leads_back_to_what_fitted() -> None:
    app = open_page(b_block="residual", b_shortcut="identity")
    app.slider(key="b_channels").set_value(128).run()
    app.button(key="b-undo").click().run()
    assert not app.warning
    assert app.slider(key="b_channels").value == 64
    assert app.selectbox(key="b_shortcut").value == "identity"


def test_every_branch_stands_with_its_shape_its_numbers_and_its_share() -> None:
    page = next(one.proto.body for one in open_page().get("html") if "<tbody>" in one.proto.body)
    row = next(row for row in page.split("<tr>") if "5×5</th>" in row and "1×1" in row)
    assert re.sub(r"<.*?>", " ", row).split() == ["1×1,", "5×5", "32×28×28", "15,920", "12,443,648", "0.144", "5×5"]
    assert "--share:9.73%" in row  # 15,920 of 163,696
    assert "9.7 % of the block's parameters" in html.unescape(row)


def test_a_table_in_a_link_is_that_of_the_matrix() -> None:
    maps = ".".join(["012345"] * 16)
    app = open_page(b_block="c3_table", b_maps=maps)
    assert metrics(app)["Parameters"] == "2,416"
    assert app.pills[0].value == "Every map reads all"


def test_a_table_that_is_none_is_explained_and_the_papers_shown() -> None:
    app = open_page(b_block="c3_table", b_maps="9.9")
    assert "The table has 16 groups" in notes(app)[0]
    assert metrics(app)["Parameters"] == "1,516"


def test_formulas_stand_with_names_and_with_numbers() -> None:
    shown = texts(open_page(b_view="Formulas"))
    assert "`192×96 + 96 + 3×3×96×128 + 128 = 129,248`" in shown
    assert r"c3x3\_reduce + 3" in shown


def test_the_code_calls_and_shows_the_class() -> None:
    app = open_page(b_view="Code")
    call, source, *_ = (block.value for block in app.code if "nception" in block.value)
    assert "block = Inception(" in call
    assert source.startswith("class Inception(nn.Module):")


def test_the_gradient_is_measured_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "DEPTHS", (1, 2))
    monkeypatch.setattr(gradients, "_measured", {})
    app = open_page(b_block="residual", b_view="Gradient")
    assert not app.get("plotly_chart")
    next(button for button in app.button if button.label == "Measure").click().run()
    assert not app.exception
    assert app.get("plotly_chart")
    assert "Of a gradient of length 1" in texts(app)


def test_the_norms_are_worked_out_for_the_chosen_place() -> None:
    app = open_page(b_block="normalisation", b_view="On numbers", b_picture="1", b_channel="3")
    assert "`4 / (2 + 0.0001×(3² + 1² + 4² + 2² + 0²))^0.75 = 2.3757`" in texts(app)

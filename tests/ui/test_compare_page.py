"""The Compare page, run without a browser."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from notes import notes
from streamlit.testing.v1 import AppTest

from explorer.comparison.entry import Entry
from explorer.comparison.presets import PRESETS
from explorer.ui.compare.selection import VIEWS

MAIN = "explorer/ui/main.py"

pytestmark = pytest.mark.usefixtures("few_networks")


def open_page(**address: str | list[str]) -> AppTest:
    """Compare, opened at an address."""
    app = AppTest.from_file(f"../../{MAIN}", default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/compare.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> list[str]:
    """The sentences at the top."""
    return next(one.value for one in app.markdown if one.value.startswith("- ")).removeprefix("- ").split("\n- ")


def table(app: AppTest) -> dict[str, list[str]]:
    """The cells of the HTML table on the page, by the heading of their row, as plain text."""
    page = next(one.proto.body for one in app.get("html") if "<tbody>" in one.proto.body)
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2])
    return {plain(row.partition("</th>")[0]): [plain(cell) for cell in re.findall(r"<td.*?</td>", row)] for row in rows}


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<.*?>", "", markup)).strip()


def asked(app: AppTest, key: str) -> Any:
    """What stands in the address under this key."""
    found = app.query_params.get(key)
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def test_a_link_with_a_bad_name_keeps_the_good_ones() -> None:
    app = open_page(nets="resnet50~nope")
    note = next(note for note in notes(app) if "nope" in note)
    assert "There is no network called 'nope'." in note
    assert note.endswith("Showing ResNet-50 and VGG-16 instead.")
    assert app.query_params["nets"] == "resnet50~vgg16"


def test_a_list_of_layers_in_a_link_is_no_markdown() -> None:
    (error,) = open_page(nets="vgg16~vgg_custom-layers-![a](x)").error
    assert "![a](x)" not in error.value
    assert r"\!\[a\]\(x\)" in error.value


def test_it_opens_with_vgg16_and_googlenet() -> None:
    app = open_page()
    assert said(app)[0] == "VGG-16 has 19.8 times the parameters of GoogLeNet; 89 % of them sit in three linear layers."
    assert table(app)["Parameters"] == ["138.4 M", "19.8×", "7.00 M ★"]
    assert asked(app, "nets") is None


def test_every_figure_has_its_exact_value_and_every_row_its_meaning_one_hover_away() -> None:
    page = next(one.proto.body for one in open_page().get("html") if "<tbody>" in one.proto.body)
    assert 'title="138,357,544"' in page
    assert all(len(title) > 30 for title in re.findall(r'<th scope="row"><span title="(.*?)"', page))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws(view: str) -> None:
    app = open_page(show=view)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("place", range(len(PRESETS)))
def test_every_preset_is_one_click_away(place: int) -> None:
    app = open_page()
    app.pills(key="preset").set_value(place).run()
    assert not app.exception
    assert app.multiselect(key="nets").value == [entry.slug for entry in PRESETS[place].entries]
    assert app.pills(key="preset").value == place


def test_a_link_restores_networks_options_reference_batch_and_optimizer() -> None:
    app = open_page(
        nets="resnet34~resnet34-shortcut-B-size-64", against="resnet34", step_batch="8", step_optimizer="sgd"
    )
    assert app.multiselect(key="nets").value == ["resnet34", "resnet34-shortcut-B-size-64"]
    assert said(app)[0].startswith("ResNet-34 (shortcut B, 64×64) has 173,824 more parameters than ResNet-34")
    assert "on 8 pictures with plain SGD" in said(app)[2]
    assert table(app)["Parameters"][-1] == "1.01×"


def test_what_is_chosen_goes_into_the_address_and_the_default_does_not() -> None:
    app = open_page()
    app.multiselect(key="nets").set_value(["vgg16", "googlenet", "alexnet"]).run()
    assert asked(app, "nets") == "vgg16~googlenet~alexnet"
    app.multiselect(key="nets").set_value(["vgg16", "googlenet"]).run()
    assert asked(app, "nets") is None


def test_a_link_that_is_followed_within_a_session_wins() -> None:
    app = open_page(nets="vgg16~alexnet")
    app.query_params["nets"] = "resnet18~resnet50"
    app.run()
    assert app.multiselect(key="nets").value == ["resnet18", "resnet50"]


def test_options_change_one_network() -> None:
    app = open_page(nets="vgg16~googlenet")
    app.toggle(key="edit-0-vgg16-batch_norm").set_value(True).run()
    assert asked(app, "nets") == "vgg16-batch_norm-true~googlenet"
    assert table(app)["Parameters"][0] == "138.4 M"
    assert "VGG-16 (batch norm)" in said(app)[0]


def test_a_network_can_stand_beside_itself_with_another_option() -> None:
    app = open_page(nets="vgg16-batch_norm-true~googlenet")
    app.multiselect(key="nets").set_value(["vgg16-batch_norm-true", "vgg16"]).run()
    assert said(app)[0].startswith("VGG-16 (batch norm) has 8,448 more parameters than VGG-16;")


def test_the_same_network_twice_is_refused_with_a_word() -> None:
    app = open_page(nets="vgg16-batch_norm-true~vgg16")
    app.toggle(key="edit-0-vgg16-batch_norm").set_value(False).run()
    assert "in this comparison already" in app.toast[0].value
    assert app.multiselect(key="nets").value == ["vgg16-batch_norm-true", "vgg16"]


def test_the_controls_of_a_network_follow_it_when_another_is_taken_out() -> None:
    app = open_page(nets="vgg16-batch_norm-true~vgg16~googlenet")
    app.multiselect(key="nets").set_value(["vgg16", "googlenet"]).run()
    assert app.toggle(key="edit-0-vgg16-batch_norm").value is False


def test_the_input_size_is_an_option_of_each() -> None:
    app = open_page(nets="resnet18~googlenet")
    app.number_input(key="edit-0-resnet18-size").set_value(448).run()
    assert table(app)["Input"][0] == "3×448×448"
    assert "on pictures of 448×448 and 224×224" in said(app)[1]


def test_ratios_follow_the_reference() -> None:
    app = open_page()
    app.selectbox(key="against").set_value("vgg16").run()
    assert table(app)["Parameters"] == ["138.4 M", "7.00 M ★", "0.051×"]
    assert asked(app, "against") == "vgg16"


def test_more_than_two_networks_get_a_sentence_each() -> None:
    assert len(said(open_page(nets="resnet18~resnet34~resnet50~resnet101"))) == 3


def test_a_single_network_asks_for_another() -> None:
    app = open_page()
    app.multiselect(key="nets").set_value(["vgg16"]).run()
    assert "at least two" in app.info[0].value
    assert not app.exception


def test_a_bad_link_is_explained_and_shows_the_default() -> None:
    app = open_page(nets="vgg16~gogglenet", step_batch="none")
    assert "googlenet" in notes(app)[0]
    assert "batch" in notes(app)[1].lower()
    assert app.multiselect(key="nets").value == ["vgg16", "googlenet"]


def test_layers_that_make_no_network_are_said_and_the_others_shown() -> None:
    app = open_page(nets="vgg_custom-layers-nonsense~vgg16~googlenet")
    assert "nonsense" in app.error[0].value
    assert said(app)[0].startswith("VGG-16 has 19.8 times")


def test_what_a_visitor_types_is_not_read_as_markup() -> None:
    app = open_page(nets="vgg_custom~vgg16")
    app.text_input(key="edit-0-vgg_custom-layers").set_value("64,<b>M</b>").run()
    assert not app.exception
    assert not any("<b>M</b>" in one.proto.body for one in app.get("html"))


def test_the_structure_marks_what_differs() -> None:
    rows = table(open_page(nets="plain18~resnet18", show="Structure"))
    assert rows["112×112"][0] == rows["112×112"][1]
    assert rows["28×28"][0].startswith("≠ Basic block, 128")


def test_two_of_many_can_be_taken_for_the_structure() -> None:
    app = open_page(nets="vgg16~googlenet~resnet18", show="Structure")
    app.selectbox(key="right").set_value("resnet18").run()
    assert "64 channels, 9,536 parameters" in table(app)["112×112"][1]


def test_the_axis_can_be_logarithmic() -> None:
    app = open_page(show="Charts")
    app.toggle(key="log_axis").set_value(True).run()
    assert '"type":"log"' in app.get("plotly_chart")[0].proto.spec.replace(" ", "")


def test_every_network_of_a_comparison_leads_to_explore_with_its_options() -> None:
    app = open_page(nets="resnet34-shortcut-B~vgg16")
    app.button(key="open-0").click().run()
    assert not app.exception
    assert app.selectbox(key="arch").value == Entry("resnet34").name
    assert app.selectbox(key="shortcut").value == "B"

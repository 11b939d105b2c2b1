"""What links ask of the Explore page, run without a browser."""

from __future__ import annotations

import pytest
from notes import notes
from streamlit.testing.v1 import AppTest

MAIN = "../../explorer/ui/main.py"
EXPLORE, CLAIMS = "../../pages/explore.py", "../../pages/claims.py"
DIGITS = "9" * 5000


def follow(app: AppTest, **address: str) -> AppTest:
    """Come to Explore from another page by a link."""
    app.switch_page(CLAIMS).run()
    app.query_params = dict(address)
    app.switch_page(EXPLORE).run()
    assert not app.exception
    return app


def open_page(**address: str) -> AppTest:
    """Explore, opened at an address."""
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params = dict(address)
    app.run()
    app.switch_page(EXPLORE).run()
    assert not app.exception
    return app


def parameters(app: AppTest) -> str:
    return str(app.metric[0].value)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ({"arch": "vgg17"}, "no network called 'vgg17'"),
        ({"family": "VGGs"}, "The family can be all, LeNet"),
        ({"arch": "vgg16", "size": "7"}, "VGG-16 halves the picture five times; the least is 32x32."),
        ({"family": "VGG", "size": "7"}, "VGG-11 halves the picture five times; the least is 32x32."),
        ({"arch": "resnet34", "shortcut": "D"}, "shortcut can be A or B or C"),
        ({"arch": "googlenet", "aux": "1"}, "The option aux can be true or false."),
        ({"arch": "vgg_custom", "layers": "64,Q"}, "Q"),
        ({"batch": "x"}, "The batch is a whole number from 1 to 4096."),
        ({"optimizer": "rprop"}, "The optimizer can be adam, momentum, sgd."),
        ({"precision": "float8"}, "The precision can be float32, bfloat16."),
        ({"arch": "lenet5", "classes": "11"}, "from 1 to 10"),
        ({"view": "Chart"}, "The view can be Layers, Charts"),
        ({"level": "atoms"}, "The depth can be stages, blocks, layers."),
        ({"view": "Charts", "chart": "pie"}, "The chart can be layers, sum, maps, areas."),
        ({"view": "Charts", "quantity": "flops"}, "The quantity can be params, macs, activation_bytes."),
        ({"view": "Charts", "log": "yes"}, "The logarithmic axis can be true or false."),
        ({"view": "Diagram", "detail": "atoms"}, "The detail can be blocks, layers."),
        ({"view": "Diagram", "colour": "red"}, "The colour can be kind, params, macs, activation_bytes."),
        ({"view": "Diagram", "block": "zzz"}, "GoogLeNet has no block called 'zzz'."),
    ],
)
def test_a_bad_value_gives_way_to_the_default_and_leaves_a_note(address: dict[str, str], message: str) -> None:
    app = open_page(**address)
    (note,) = notes(app)
    assert message in note
    assert note.endswith("Showing the default instead.")
    assert app.metric
    *_, refused = address
    assert refused not in app.query_params


@pytest.mark.parametrize("key", ["batch", "size", "classes"])
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e999", DIGITS, "1e2", "64.0", "64.5", ""])
def test_what_is_no_whole_number_gives_way_to_the_default(key: str, value: str) -> None:
    app = open_page(arch="vgg16", **{key: value})
    assert app.number_input(key=key).value == {"batch": 32, "size": 224, "classes": 1000}[key]
    assert "is a whole number" in notes(app)[0]
    assert key not in app.query_params


def test_a_note_is_no_markdown_and_no_longer_than_one_can_read() -> None:
    image = "![a](http://x/y.png)"
    app = open_page(arch=image, batch=DIGITS)
    assert all(image not in warning.value for warning in app.warning)
    assert any(image in note for note in notes(app))
    assert max(map(len, notes(app))) < 300


def test_words_to_search_for_are_no_markdown() -> None:
    assert "![a](http" not in open_page(find="![a](http://x/y.png)").info[0].value


def test_a_note_goes_when_another_network_is_chosen() -> None:
    app = open_page(arch="vgg16", size="7")
    app.selectbox(key="arch").set_value("resnet18").run()
    assert not app.warning


def test_a_note_goes_when_the_page_is_left() -> None:
    app = open_page(arch="vgg16", size="7")
    assert not notes(follow(app, arch="vgg16"))


def test_a_link_to_a_network_of_another_family_than_the_one_before_shows_it() -> None:
    app = open_page()
    app.selectbox(key="family").set_value("VGG").run()
    follow(app, arch="alexnet", view="Charts")
    assert app.selectbox(key="arch").value == "alexnet"
    assert app.selectbox(key="family").value == "all"
    assert "family" not in app.query_params
    assert not app.warning


def test_a_family_that_the_network_of_a_link_is_not_of_is_told_of() -> None:
    app = open_page(family="VGG", arch="resnet18")
    assert app.selectbox(key="arch").value == "resnet18"
    assert app.selectbox(key="family").value == "all"
    assert "family" not in app.query_params
    assert notes(app) == [
        "The link asks for family=VGG. ResNet-18 is of the family ResNet. Showing all families instead."
    ]


@pytest.mark.parametrize("name", ["alexnet", "vgg16"])
def test_a_link_shows_a_network_as_it_names_it_whatever_was_shown_before(name: str) -> None:
    app = open_page(arch="vgg16", size="64", classes="10", batch_norm="true")
    assert parameters(follow(app, arch=name)) == parameters(open_page(arch=name))
    assert set(app.query_params) == {"arch"}


def test_a_link_that_names_options_size_and_classes_shows_them() -> None:
    app = follow(open_page(arch="alexnet"), arch="vgg16", batch_norm="true", size="64", classes="10")
    assert app.toggle(key="batch_norm").value
    assert app.number_input(key="size").value == 64
    assert app.number_input(key="classes").value == 10


def test_another_network_does_not_take_over_an_option_of_the_same_name() -> None:
    app = open_page(arch="vgg16", batch_norm="true", dropout="0.3")
    app.selectbox(key="arch").set_value("vgg19").run()
    assert not app.toggle(key="batch_norm").value
    assert app.number_input(key="dropout").value == 0.5
    assert set(app.query_params) == {"arch"}


def test_the_way_back_without_a_link_leads_to_what_was_left() -> None:
    app = follow(open_page(arch="vgg16", size="64", classes="10"))
    assert app.selectbox(key="arch").value == "vgg16"
    assert app.number_input(key="size").value == 64
    assert app.query_params["size"] in ("64", ["64"])


@pytest.mark.parametrize(("before", "after"), [("64", 223), ("500", 270)])
def test_an_option_that_moves_the_limits_of_the_size_moves_the_size_and_says_so(before: str, after: int) -> None:
    app = open_page(arch="googlenet", size=before)
    app.toggle(key="aux").set_value(True).run()
    assert app.number_input(key="size").value == after
    assert app.query_params["size"] in (str(after), [str(after)])
    assert f"The input size was {before} and is {after} now" in app.info[0].value


def test_a_longer_list_of_layers_moves_the_size_and_says_so() -> None:
    app = open_page(arch="vgg_custom", size="32")
    app.text_input(key="layers").set_value("64, M, 64, M, 64, M, 64, M, 64, M, 64, M").run()
    assert app.number_input(key="size").value == 64
    assert "The input size was 32 and is 64 now" in app.info[0].value

"""The Claims page, run without a browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from notes import notes
from streamlit.testing.v1 import AppTest

from explorer import registry
from explorer.lessons import claims
from explorer.lessons.claims import Claim, Figure, Source
from explorer.ui.claims.cards import card, label, measured
from explorer.ui.claims.filters import PAGE_SIZE
from explorer.ui.claims.words import DEFINITIONS, written

MAIN = "../../explorer/ui/main.py"


def open_page(**address: str) -> AppTest:
    """Claims, opened at an address."""
    app = AppTest.from_file(MAIN, default_timeout=120)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/claims.py").run()
    assert not app.exception
    return app


def cards(app: AppTest) -> str:
    """The cards as HTML."""
    html: str = json.loads(app.get("bidi_component")[0].proto.json)["html"]
    return html


def names(app: AppTest) -> list[str]:
    """The claims on the page."""
    return [part.partition('"')[0] for part in cards(app).split('" id="')[1:]]


def told(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_it_opens_with_the_first_claims_and_counts_all() -> None:
    app = open_page()
    assert names(app) == [claim.name for claim in claims.all()[:PAGE_SIZE]]
    assert f"{len(claims.all())} claims" in told(app)


def test_a_card_shows_what_was_said_and_what_is_computed() -> None:
    html = cards(open_page(words="cs231n-vgg-memory"))
    assert "24,000,000 values" in html
    assert "15,237,608 values" in html
    assert "False" in html


@pytest.mark.parametrize("verdict", claims.VERDICTS)
def test_a_link_shows_the_claims_of_a_verdict(verdict: str) -> None:
    app = open_page(verdict=verdict)
    expected = [claim.name for claim in claims.all() if claim.verdict == verdict]
    assert names(app) == expected[:PAGE_SIZE]
    assert f"{len(expected)} of {len(claims.all())} claims" in told(app)


def test_a_link_shows_the_claims_about_a_network() -> None:
    app = open_page(networks="squeezenet1_0")
    assert names(app) == [claim.name for claim in claims.all() if "squeezenet1_0" in claim.networks]
    assert app.multiselect(key="networks").value == ["squeezenet1_0"]


def test_a_link_shows_the_claims_of_several_sources() -> None:
    app = open_page(source="CS231n notes,Distill")
    assert {claims.get(name).source.name for name in names(app)} == {"CS231n notes", "Distill"}


def test_filters_work_together() -> None:
    app = open_page(verdict="false", kind="looked up", networks="inception_v3")
    assert names(app) == ["basics-inception-lecun"]


def test_what_was_looked_up_says_where() -> None:
    assert "arXiv 1512.00567" in cards(open_page(words="basics-inception-lecun"))


def test_a_choice_goes_into_the_address_and_comes_out_again() -> None:
    app = open_page()
    app.multiselect(key="networks").select("vgg16_c").run()
    assert app.query_params["networks"] == "vgg16_c"
    app.multiselect(key="networks").unselect("vgg16_c").run()
    assert "networks" not in app.query_params


def test_words_are_searched_in_korean_too() -> None:
    assert names(open_page(words="무제한")) == ["structures-resnet-unlimited"]


def test_the_second_page_goes_on_where_the_first_ends() -> None:
    app = open_page(page="2")
    assert names(app) == [claim.name for claim in claims.all()[PAGE_SIZE : 2 * PAGE_SIZE]]


def test_nothing_found_is_said_in_a_sentence() -> None:
    app = open_page(words="no such words anywhere")
    assert "No claim has all of this" in app.info[0].value


def test_a_link_with_an_unknown_filter_gets_one_sentence() -> None:
    app = open_page(verdict="maybe")
    assert "A verdict called 'maybe' is not among them." in notes(app)[0]
    assert len(names(app)) == PAGE_SIZE


@pytest.mark.parametrize("claim", claims.all(), ids=lambda claim: claim.name)
def test_every_card_can_be_drawn(claim: Claim) -> None:
    html = card(claim, measured(claim.name))
    assert claim.verdict.capitalize() in html
    assert f'data-pick="{claim.name}"' in html
    assert label(claim.link).startswith("See ")


def telling_links() -> list[str]:
    """As few links as have every word of the address that claims use, for every page."""
    links, known = [], set[tuple[str, str]]()
    for claim in claims.all():
        address = urlsplit(claim.link)
        words = {(address.path, key) for key, _ in parse_qsl(address.query)}
        if words - known:
            links.append(claim.link)
            known |= words
    return links


@pytest.mark.parametrize("link", telling_links())
def test_the_page_of_a_link_takes_all_that_it_asks_for(link: str) -> None:
    app = AppTest.from_file(MAIN, default_timeout=120)
    address = urlsplit(link)
    query = dict(parse_qsl(address.query))
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"../../pages{address.path}.py").run()
    assert not app.exception
    assert not app.warning
    in_tables = {"layer", "stack", "nets"}  # kept in another form than that of the address
    taken = {key: str(app.session_state[key]).lower() for key in query if key not in in_tables}
    assert taken == {key: value.lower() for key, value in query.items() if key not in in_tables}


def test_what_a_source_says_is_escaped() -> None:
    bad = Claim(
        "x", "<b>bold</b>.", Source("<i>", "", "paper", "https://example.org/?a=1&b=2"), "true", "&.", "/explore"
    )
    html = card(bad, ())
    assert "<b>bold" not in html
    assert "&lt;i&gt;" in html
    assert "a=1&amp;b=2" in html


def test_a_link_is_named_after_the_network_and_the_view() -> None:
    assert label("/explore?arch=vgg16&view=Charts") == f"See {registry.get('vgg16').title} in Explore: Charts"
    assert label("/convolution?lesson=Pooling") == "See Convolution: Pooling"
    assert label("/compare?nets=alexnet~vgg16") == "See AlexNet, VGG-16 in Compare"
    assert label("/blocks?b_block=fire") == "See Fire module in Blocks"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (6_998_552, "parameters", "6,998,552 parameters"),
        (1, "layers", "1 layer"),
        (1, "MACs", "1 MACs"),
        (8.714, "times", "8.71×"),
        (44.9, "%", "44.9 %"),
        ((96, 55, 55), "channels, height, width", "96×55×55"),
        ((384, 384, 256), "maps", "384, 384, 256 maps"),
        (58.13, "MiB", "58.13 MiB"),
    ],
)
def test_numbers_stand_with_their_units(value: object, unit: str, text: str) -> None:
    assert written(value, unit) == text


def test_units_that_need_one_have_a_definition() -> None:
    used = {figure.unit for claim in claims.all() for figure in claim.figures}
    plain = {"times", "%", "maps", "heads", "modules", "blocks", "sums", "channels", "convolutions", "branches"}
    assert used <= set(DEFINITIONS) | plain


def test_a_claimed_figure_may_have_a_unit_of_its_own() -> None:
    figure = Figure("file", "MiB", lambda: 28.97, 28.97, 29, 0.005, "MB")
    claim = Claim("x", "A file.", Source("x", "x", "paper"), "true", "So.", "/explore?arch=vgg16", figures=(figure,))
    assert "29 MB" in card(claim, (28.97,))

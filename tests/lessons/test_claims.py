"""Every expression of every claim is evaluated: one that no longer gives what its verdict rests on fails here."""

import subprocess
import sys
from urllib.parse import parse_qsl, urlsplit

import pytest

from explorer import blocks, registry
from explorer.comparison.entry import decode
from explorer.lessons import claims
from explorer.lessons.claims import Claim, Figure
from explorer.ui.compare.selection import VIEWS as COMPARE_VIEWS
from explorer.ui.convolution import VIEWS as CONVOLUTION_VIEWS
from explorer.ui.explore import VIEWS

CLAIMS = {claim.name: claim for claim in claims.all()}
FIGURES = [
    pytest.param(figure, id=f"{one.name}-{at}") for one in CLAIMS.values() for at, figure in enumerate(one.figures)
]
COMPUTED = [pytest.param(claim, id=name) for name, claim in CLAIMS.items() if claim.kind == "computed"]
LOOKED_UP = [pytest.param(claim, id=name) for name, claim in CLAIMS.items() if claim.kind == "looked up"]
EVERY = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


@pytest.mark.parametrize("figure", FIGURES)
def test_an_expression_gives_what_the_verdict_rests_on(figure: Figure) -> None:
    value = figure.expression()
    assert figure.matches(value), f"{figure.what}: {value} {figure.unit}, not {figure.expected}"


@pytest.mark.parametrize("claim", COMPUTED)
def test_the_verdict_fits_the_distance_between_the_claimed_and_the_computed_figure(claim: Claim) -> None:
    figure = claim.figures[0]
    if figure.claimed is None or claim.verdict == "depends":
        return
    off = distance(figure)
    bounds = {"true": (0, 0.03), "roughly": (0, 0.7), "false": (1e-9, float("inf"))}
    least, most = bounds[claim.verdict]
    assert least <= off <= most
    assert claim.verdict != "false" or off > 0.03 or is_a_count(figure)


def distance(figure: Figure) -> float:
    """How far the claimed value is from the computed one, as a share of the latter."""
    if isinstance(figure.expected, tuple) or not figure.expected:
        return float(figure.claimed != figure.expected)
    return abs(figure.claimed / figure.expected - 1)


def is_a_count(figure: Figure) -> bool:
    """One pixel or one layer off is false, however small a share it is."""
    return figure.unit in ("pixels", "layers", "maps", "heads", "convolutions")


@EVERY
def test_a_claim_says_all_that_a_reader_needs(claim: Claim) -> None:
    assert claim.verdict in claims.VERDICTS
    assert all(text.endswith(".") for text in (claim.text, claim.reason))
    assert claim.source.kind in ("paper", "course", "software", "study notes")
    assert bool(claim.reference) == (claim.kind == "looked up")


@EVERY
def test_a_claim_names_registered_networks(claim: Claim) -> None:
    assert set(claim.networks) <= set(registry.names())


@EVERY
def test_a_claim_links_to_a_view_that_exists(claim: Claim) -> None:
    address = urlsplit(claim.link)
    query = dict(parse_qsl(address.query))
    checks = {
        "/explore": check_explore,
        "/compare": check_compare,
        "/blocks": check_block,
        "/convolution": lambda asked: CONVOLUTION_VIEWS.index(asked["lesson"]),
    }
    checks[address.path](query)


def check_explore(query: dict[str, str]) -> None:
    arch = registry.get(query["arch"])
    assert query["view"] in VIEWS
    assert query.get("layer") is None or query["layer"] in by_path(arch.name)
    arch.check_options({name: value for name, value in query.items() if name in arch.defaults})


def check_compare(query: dict[str, str]) -> None:
    assert len(decode(query["nets"])) >= 2
    assert query["show"] in COMPARE_VIEWS


def check_block(query: dict[str, str]) -> None:
    block = blocks.get(query.pop("b_block"))
    block.check({name.removeprefix("b_"): value for name, value in query.items()})


def by_path(name: str) -> set[str]:
    from explorer.analysis import analyze

    return set(analyze(name).by_path)


@pytest.mark.parametrize("claim", COMPUTED)
def test_computed_gives_the_deciding_figure(claim: Claim) -> None:
    assert claim.figures[0].matches(claim.computed())


@pytest.mark.parametrize("claim", LOOKED_UP)
def test_a_claim_that_was_looked_up_has_nothing_to_compute(claim: Claim) -> None:
    assert claim.computed() is None


def test_there_are_enough_claims_of_every_verdict_and_kind() -> None:
    assert len(CLAIMS) == len(claims.all()) >= 60
    for verdict in claims.VERDICTS:
        assert sum(claim.verdict == verdict for claim in CLAIMS.values()) >= 5
    assert len(COMPUTED) >= 60
    assert len(LOOKED_UP) >= 10


def test_a_figure_that_moved_by_more_than_its_tolerance_does_not_match() -> None:
    figure = Figure("share", "%", lambda: 89.37, 89.36, tolerance=0.005)
    assert not figure.matches(figure.expression())
    assert Figure("params", "parameters", lambda: 1, 1).matches(1)
    assert not Figure("shape", "channels, height, width", lambda: (1, 2, 2), (1, 2, 3)).matches((1, 2, 2))


def test_no_two_claims_say_the_same_about_the_same_thing() -> None:
    texts = [claim.text for claim in CLAIMS.values()]
    assert len(set(texts)) == len(texts)


def test_importing_the_claims_does_not_import_torch() -> None:
    code = "import sys; from explorer.lessons import claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

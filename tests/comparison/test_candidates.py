"""All networks as candidates: what they cost, and which of them nothing beats."""

from __future__ import annotations

import pytest

from explorer.comparison.accuracy import CIFAR10, Error
from explorer.comparison.candidates import Candidate, Rated, Survey, candidate, front, rated


def point(params: int, percent: float) -> Rated:
    one = Candidate(f"n{params}", "", "", 2015, 224, params, params, params, 4 * params, 1)
    return Rated(one, Error(percent, "", "", "paper"))


def beats(one: Rated, other: Rated) -> bool:
    return (
        one.candidate.params <= other.candidate.params
        and one.error.percent <= other.error.percent
        and (one.candidate.params, one.error.percent) != (other.candidate.params, other.error.percent)
    )


def test_a_candidate_has_the_totals_of_its_analysis() -> None:
    found = candidate("vgg16")
    assert (found.params, found.macs, found.depth) == (138_357_544, 15_470_264_320, 16)  # torchvision: 15.47 GMACs
    assert found.side == 224


def test_costs_are_those_at_the_size_that_the_accuracy_was_measured_with() -> None:
    (found,) = rated([candidate("efficientnet_b2")], "top1", ("torchvision",))
    assert found.candidate.side == 288
    assert round(found.candidate.macs / 1e9, 3) == 1.088  # EfficientNet_B2_Weights: GFLOPS


def test_the_first_origin_that_has_an_error_counts() -> None:
    both = [candidate("vgg16"), candidate("googlenet"), candidate("lenet5")]
    found = rated(both, "top1", ("torchvision", "paper"))
    assert [(one.candidate.name, one.error.origin) for one in found] == [
        ("vgg16", "torchvision"),
        ("googlenet", "paper"),
    ]


def test_datasets_are_not_mixed() -> None:
    found = rated([candidate("resnet20"), candidate("vgg16")], "top1", ("torchvision", "paper"), CIFAR10)
    assert [one.candidate.name for one in found] == ["resnet20"]


def test_the_front_is_what_a_search_over_all_pairs_finds() -> None:
    points = [point((7 * step) % 31 + 1, (11 * step) % 29 + 0.5) for step in range(60)]
    best = front(points, lambda one: one.params)
    unbeaten = {one for one in points if not any(beats(other, one) for other in points)}
    assert set(best) == unbeaten
    assert [one.candidate.params for one in best] == sorted(one.candidate.params for one in best)


def test_of_two_that_cost_and_err_alike_one_is_on_the_front() -> None:
    assert len(front([point(5, 20.0), point(5, 20.0)], lambda one: one.params)) == 1


def test_the_front_of_nothing_is_empty() -> None:
    assert front([], lambda one: one.params) == ()


def test_a_survey_finds_every_network_once_and_in_order() -> None:
    survey = Survey(["lenet5", "lenet_keras"])
    assert (survey.progress, survey.next_name) == (0.0, "lenet5")
    survey.wait()
    survey.start()
    assert [one.name for one in survey.candidates] == ["lenet5", "lenet_keras"]
    assert (survey.progress, survey.next_name) == (1.0, None)


def test_what_goes_wrong_in_a_survey_is_raised_where_it_is_asked_for() -> None:
    survey = Survey(["no_such_network"])
    survey.wait()
    with pytest.raises(KeyError, match="no_such_network"):
        survey.candidates  # noqa: B018

"""Published errors, against the papers and torchvision's own metadata."""

from __future__ import annotations

import pytest
import torchvision.models

from explorer import registry
from explorer.comparison.accuracy import CIFAR10, METRICS, ORIGINS, published_error

HAS_WEIGHTS = [name for name in registry.names() if registry.get(name).torchvision]
HAS_RESULTS = [name for name in registry.names() if registry.get(name).results]


def percent(name: str, metric: str = "top1", origin: str = "paper", **more: object) -> float | None:
    error = published_error(name, metric, origin, **more)  # type: ignore[arg-type]
    return None if error is None else error.percent


def test_papers_give_what_stands_in_their_tables() -> None:
    assert percent("vgg16") == 27.0  # Simonyan and Zisserman 2014, table 3, D at 256
    assert percent("googlenet", "top5") == 10.07  # Szegedy et al. 2014, table 3, one model and one crop
    assert percent("alexnet") == 40.7  # Krizhevsky et al. 2012, table 2, 1 CNN
    assert percent("resnet152", "top5") == 5.71  # He et al. 2015, table 3


def test_the_shortcut_decides_which_result_of_resnet34_holds() -> None:
    found = [percent("resnet34", options={"shortcut": letter}) for letter in "ABC"]
    assert found == [25.03, 24.52, 24.19]  # He et al. 2015, table 3


@pytest.mark.parametrize("name", HAS_RESULTS)
def test_the_first_result_is_not_that_of_several_networks(name: str) -> None:
    for metric in METRICS:
        for dataset in ("ImageNet", CIFAR10):
            error = published_error(name, metric, "paper", dataset=dataset)
            assert error is None or "models" not in error.how.replace("one model", "")
            assert error is None or "networks" not in error.how


def test_the_official_competition_figures_are_not_those_of_one_network() -> None:
    assert percent("googlenet", "top5") != 6.67
    assert percent("resnet152", "top5") != 3.57


@pytest.mark.parametrize("name", HAS_WEIGHTS)
def test_torchvisions_errors_are_those_of_its_metadata(name: str) -> None:
    error = published_error(name, "top1", "torchvision")
    assert error is not None
    weights = torchvision.models.get_weight(error.source.removeprefix("torchvision, "))
    assert error.percent == pytest.approx(100 - weights.meta["_metrics"]["ImageNet-1K"]["acc@1"], abs=1e-9)
    assert error.side == weights.transforms().crop_size[0]


def test_weights_for_the_networks_own_input_come_first() -> None:
    assert published_error("vit_h_14", "top1", "torchvision").side == 224  # type: ignore[union-attr]
    assert published_error("regnet_y_128gf", "top1", "torchvision").side == 224  # type: ignore[union-attr]


def test_options_that_change_the_network_leave_it_without_published_errors() -> None:
    for origin in ORIGINS:
        assert percent("vgg16", origin=origin, options={"batch_norm": True}) is None


def test_options_that_act_in_training_only_change_nothing() -> None:
    assert percent("vgg16", origin="torchvision", options={"dropout": 0.1}) == 28.408  # 100 - 71.592
    assert percent("googlenet", "top5", options={"aux": True}) == 10.07


def test_a_network_that_torchvision_builds_otherwise_has_none_of_its_errors() -> None:
    assert percent("googlenet", origin="torchvision") is None
    assert percent("googlenet_tv", origin="torchvision") == 30.222


def test_cifar_has_results_of_its_own() -> None:
    assert percent("resnet20", dataset=CIFAR10) == 8.75  # He et al. 2015, table 6
    assert percent("resnet20") is None
    assert percent("vgg16", origin="torchvision", dataset=CIFAR10) is None

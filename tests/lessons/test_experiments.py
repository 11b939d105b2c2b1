"""Classic experiments and recipes are data: every one makes runs that a RunSpec accepts."""

from __future__ import annotations

import pytest

from explorer import registry
from explorer.lessons import experiments, recipes
from explorer.training import RunSpec

SHARED = ("seed", "dataset", "batch_size", "pictures", "input_size", "optimizer", "epochs", "steps")


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("name", experiments.names())
def test_the_runs_of_an_experiment_differ_in_one_thing(name: str, is_full: bool) -> None:
    experiment = experiments.get(name)
    first, *others = experiment.specs(is_full).values()
    assert others
    assert len({tuple(change) for change in experiment.runs.values() if change}) == 1
    for other in others:
        assert other != first
        assert all(getattr(other, field) == getattr(first, field) for field in SHARED)


@pytest.mark.parametrize("name", experiments.names())
def test_an_experiment_says_what_to_look_for(name: str) -> None:
    experiment = experiments.get(name)
    assert experiment.question.endswith("?")
    assert experiment.look_for.endswith(".")
    assert experiment.source


def test_an_unknown_experiment_names_the_others() -> None:
    with pytest.raises(KeyError, match="there are degradation, activations"):
        experiments.get("x")


@pytest.mark.parametrize("dataset", ["digits", "fashion_mnist", "cifar10"])
def test_every_network_has_recipes_that_can_be_run(dataset: str) -> None:
    for architecture in registry.names():
        for recipe in recipes.names(architecture):
            fields = recipes.get(recipe, architecture, dataset)
            assert RunSpec(architecture, dataset, **fields).optimizer == fields["optimizer"]


def test_digits_are_never_mirrored() -> None:
    assert recipes.get("paper", "resnet20", "digits")["augmentation"] == "crop"
    assert recipes.get("paper", "resnet20", "cifar10")["augmentation"] == "crop_flip"


def test_the_recipe_of_he_is_that_of_the_paper() -> None:
    """He et al. 2015, section 4.2: 64,000 steps of 128, divided by ten at 32,000 and 48,000, 0.1, 0.9, 0.0001."""
    fields = recipes.get("paper", "resnet56", "cifar10")
    spec = RunSpec("resnet56", "cifar10", validation_share=0.1, **fields)
    assert (spec.optimizer, spec.learning_rate, spec.momentum, spec.weight_decay) == ("momentum", 0.1, 0.9, 1e-4)
    assert (spec.batch_size, spec.schedule, spec.drops) == (128, "step", (0.5, 0.75))
    assert spec.epochs is not None
    assert spec.epochs * (50_000 // 128) == pytest.approx(64_000, rel=0.01)


def test_a_recipe_that_there_is_not_is_told() -> None:
    with pytest.raises(KeyError, match="has no recipe 'paper'"):
        recipes.get("paper", "lenet5", "digits")

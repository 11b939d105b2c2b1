"""What a run is described by: checked at the door, in words; written as JSON and read again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explorer.training import RunSpec

GOOD = {"architecture": "lenet5_modern", "dataset": "digits", "epochs": 1}

BAD = [
    ({"epochs": None}, "budget is one of epochs, steps and seconds; given is none of them."),
    ({"steps": 5}, "given is epochs and steps."),
    ({"epochs": 0}, "Epochs is a whole number from 1 to 10,000,000, not 0."),
    ({"epochs": 1.5}, "Epochs is a whole number"),
    ({"epochs": True}, "Epochs is a whole number"),
    ({"epochs": None, "seconds": 0.5}, "Seconds is a number from 1 to 604800, not 0.5."),
    ({"architecture": "lenet6"}, "lenet5"),
    ({"architecture": 5}, "A network is given by its name, not as 5."),
    ({"dataset": "digitz"}, "Did you mean digits?"),
    ({"dataset": ["digits"]}, "A data set is given by its name, not as ['digits']."),
    ({"options": {"activaton": "relu"}}, "Did you mean activation?"),
    ({"options": {"dropout": 2}}, "dropout is a number from 0 to 0.9, not 2."),
    ({"options": [1]}, "Options are given by name"),
    ({"input_size": 4}, "the least is"),
    ({"classes": 3}, "10 labels need at least as many classes, and 3 is given."),
    ({"labels": ("0",)}, "Choose at least two classes, each once."),
    ({"labels": ("0", "0")}, "Choose at least two classes, each once."),
    ({"labels": ("0", "ten")}, "Digits has no class 'ten'"),
    ({"labels": "01"}, "Labels is a list, not '01'."),
    ({"pictures": 1798}, "Pictures is a whole number from 2 to 1,797, not 1798."),
    ({"validation_share": 1}, "Validation share is a number from 0 to 0.99, not 1."),
    ({"validation_share": 0}, "Digits has no test pictures of its own"),
    ({"augmentation": "rotate"}, "Augmentation can be none, crop, flip or crop_flip, not 'rotate'."),
    ({"optimizer": "lion"}, "Optimizer can be sgd, momentum, nesterov, adam, adamw or rmsprop, not 'lion'."),
    ({"schedule": []}, "Schedule can be constant, step, plateau, cosine or one_cycle, not []."),
    ({"precision": "float16"}, "Precision can be auto, float32 or bfloat16, not 'float16'."),
    ({"learning_rate": 0}, "Learning rate is a number above 0 and up to 1000, not 0."),
    ({"learning_rate": float("nan")}, "Learning rate is a number"),
    ({"learning_rate": "0.1"}, "Learning rate is a number"),
    ({"momentum": 1}, "Momentum is a number from 0 to below 1, not 1."),
    ({"weight_decay": -1}, "Weight decay is a number from 0 to 1, not -1."),
    ({"warmup": 0.6}, "Warmup is a number from 0 to 0.5, not 0.6."),
    ({"drops": (0.7, 0.5)}, "Drops are rising shares of the steps between 0 and 1, not [0.7, 0.5]."),
    ({"drops": ("a", 0.5)}, "Drops are rising shares"),
    ({"patience": 0}, "Patience is a whole number from 1 to 1,000, not 0."),
    ({"batch_size": 65_537}, "Batch size is a whole number from 1 to 65,536, not 65537."),
    ({"validate_every": 0}, "Validate every is a whole number"),
    ({"dropout_while_measuring": 1}, "Dropout while measuring is true or false, not 1."),
    ({"seed": -1}, "Seed is a whole number"),
]
NASTY = [None, True, -1, 0, 1, 10**400, 1e308, float("nan"), float("inf"), "", "a" * 9, [], {}, [[]], [None, 1], {1: 2}]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_a_bad_field_is_one_clear_sentence(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        RunSpec(**{**GOOD, **change})
    assert says in str(caught.value)
    assert str(caught.value).endswith((".", "?"))


@pytest.mark.parametrize("field", RunSpec.__dataclass_fields__)
def test_a_field_takes_a_value_or_says_why_not(field: str) -> None:
    sentences = [problem(**{field: value}) for value in NASTY]
    assert [sentence for sentence in sentences if sentence and not sentence.endswith((".", "?"))] == []


def problem(**change: Any) -> str | None:
    """Return why there is no such run."""
    try:
        RunSpec(**{**GOOD, **change})
    except ValueError as error:
        return str(error)
    return None


def test_a_run_is_read_from_the_json_that_it_writes() -> None:
    spec = RunSpec(
        "resnet20", "fashion_mnist", seconds=60, labels=("Bag", "Coat"), drops=(0.3, 0.6, 0.9), schedule="step", seed=7
    )
    assert RunSpec.from_json(spec.to_json()) == spec


def test_options_come_out_complete() -> None:
    spec = RunSpec(**GOOD, options={"activation": "relu"})
    assert spec.options == {"activation": "relu", "pooling": "average", "batch_norm": False, "dropout": 0.0}


def test_pictures_come_in_the_size_that_the_network_takes() -> None:
    assert RunSpec(**GOOD).input_shape == (1, 32, 32)
    assert RunSpec("resnet20", "cifar10", epochs=1).input_shape == (3, 32, 32)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("epochs: 3", "A run is written as JSON, which this is not"),
        ("[" * 100_000, "A run is written as JSON, which this is not"),
        ("9" * 5000, "A run is written as JSON, which this is not"),
        ("[1]", "A run is a JSON object"),
        ('{"dataset": "digits", "epochs": 1}', "A run needs the field 'architecture'."),
        (json.dumps({**GOOD, "__class__": "os.system"}), "A run has no field '__class__'"),
        (json.dumps({**GOOD, "learning_rate": float("inf")}), "Learning rate is a number"),
    ],
)
def test_what_is_no_run_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        RunSpec.from_json(text)
    assert says in str(caught.value)

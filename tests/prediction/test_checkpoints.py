"""Networks that training runs have left, asked about pictures like those that they learned from."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import data
from explorer.prediction.answer import ask
from explorer.prediction.checkpoints import model_of
from explorer.prediction.model import Model
from explorer.training import Checkpoint, RunSpec, fit
from explorer.training.batches import Batches
from explorer.training.selection import select

CPU = torch.device("cpu")


def trained(spec: RunSpec) -> bytes:
    """The checkpoint of a run."""
    kept: list[Checkpoint] = []
    for _ in fit(spec, device="cpu", save=kept.append):
        pass
    return kept[-1].to_bytes()


@pytest.fixture(scope="module")
def digits() -> tuple[RunSpec, bytes]:
    spec = RunSpec("lenet5_modern", "digits", steps=150, learning_rate=2e-3)
    return spec, trained(spec)


@pytest.fixture(scope="module")
def model(digits: tuple[RunSpec, bytes]) -> Model:
    return model_of("run-7", "Run 7", digits[1])


def test_a_trained_network_recognises_pictures_that_it_has_not_seen(
    digits: tuple[RunSpec, bytes], model: Model
) -> None:
    validation, native = select(digits[0]).validation, data.load("digits").train_images
    pictures = [Image.fromarray(native[place, 0].numpy()).convert("RGB") for place in validation.places[:40]]
    answers = [ask(model, picture).top(1)[0] for picture in pictures]
    assert np.mean(np.array(answers) == validation.labels[:40].numpy()) > 0.85


def test_it_gets_what_it_got_in_training(digits: tuple[RunSpec, bytes], model: Model) -> None:
    chosen = select(digits[0])
    ((given, _),) = list(Batches(digits[0], chosen, CPU).validation(1))
    native = data.load("digits").train_images[chosen.validation.places[0], 0]
    ours = model.tensor(Image.fromarray(native.numpy()).convert("RGB"))
    assert ours.shape == given.shape
    torch.testing.assert_close(ours, given, rtol=0, atol=0.02)


def test_a_colour_network_gets_the_grey_pictures_that_it_learned_from() -> None:
    spec = RunSpec("resnet20", "digits", steps=1)
    ((given, _),) = list(Batches(spec, select(spec), CPU).validation(1))
    native = data.load("digits").train_images[select(spec).validation.places[0], 0]
    ours = model_of("run-9", "Run 9", trained(spec)).tensor(Image.fromarray(native.numpy()).convert("RGB"))
    torch.testing.assert_close(ours, given, rtol=0, atol=0.02)


def test_its_classes_and_options_are_those_of_the_run() -> None:
    spec = RunSpec("lenet5_modern", "digits", steps=1, labels=("3", "7"), classes=4)
    found = model_of("run-8", "Run 8", trained(spec))
    assert found.labels == ("3", "7", "output 2, no class", "output 3, no class")
    assert (found.num_classes, found.is_trained) == (4, True)


def test_a_file_that_is_no_checkpoint_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="no checkpoint"):
        model_of("run-9", "Run 9", b"nonsense")

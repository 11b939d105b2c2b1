"""What a network does with the validation pictures, against scikit-learn."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn import metrics

from explorer import data
from explorer.training import Report
from explorer.training.report import MOST_EXAMPLES, make_report
from explorer.training.selection import Part

NAMES = tuple("0123456789")
PLACES = torch.arange(0, 1797, 5)


@pytest.fixture(scope="module")
def pictures() -> Part:
    """Some of the digits, 32 pixels high and wide."""
    found = data.load("digits")
    return Part(found.train_images, found.train_labels[PLACES], PLACES, 32, data.get("digits").resize)


@pytest.fixture(scope="module")
def logits(pictures: Part) -> torch.Tensor:
    """Answers of which about half are right, from a network with two outputs that no label uses."""
    noise = torch.randn(len(pictures), 12, generator=torch.Generator().manual_seed(0))
    noise[torch.arange(len(pictures)), pictures.labels] += 1.5
    noise[:, 10:] += 9
    return noise


@pytest.fixture(scope="module")
def report(logits: torch.Tensor, pictures: Part) -> Report:
    return make_report(logits, pictures, NAMES, is_test_set=False)


def test_the_confusion_matrix_is_that_of_scikit_learn(report: Report, logits: torch.Tensor, pictures: Part) -> None:
    expected = metrics.confusion_matrix(pictures.labels, logits[:, :10].argmax(1))
    assert np.array_equal(report.confusion, expected)


def test_the_accuracy_of_a_class_is_its_recall(report: Report, logits: torch.Tensor, pictures: Part) -> None:
    expected = metrics.recall_score(pictures.labels, logits[:, :10].argmax(1), average=None)
    assert report.accuracies == pytest.approx(expected.tolist())


@pytest.mark.parametrize("is_right", [True, False])
def test_the_surest_pictures_come_first(is_right: bool, report: Report, logits: torch.Tensor, pictures: Part) -> None:
    raw = logits[:, :10].double().numpy()
    shares = np.exp(raw) / np.exp(raw).sum(1, keepdims=True)
    answers = shares.argmax(1)
    chosen = np.flatnonzero((answers == pictures.labels.numpy()) == is_right)
    expected = chosen[np.argsort(-shares[chosen].max(1))][:MOST_EXAMPLES]
    found = report.right if is_right else report.wrong
    assert [example.place for example in found] == PLACES[expected].tolist()
    assert [example.answer for example in found] == answers[expected].tolist()
    assert [example.probability for example in found] == pytest.approx(shares[expected].max(1).tolist(), rel=1e-5)


def test_a_picture_keeps_its_true_colours() -> None:
    images = torch.randint(256, (10, 3, 5, 5), dtype=torch.uint8)
    part = Part(images, torch.tensor([0, 1, 0]), torch.tensor([7, 8, 9]), 5, data.get("digits").resize)
    found = make_report(torch.eye(2)[[0, 1, 1]], part, ("a", "b"), is_test_set=True)
    (wrong,) = found.wrong
    assert (wrong.place, wrong.label, wrong.answer) == (9, 0, 1)
    pixels = np.frombuffer(wrong.pixels, np.uint8).reshape(wrong.height, wrong.width, wrong.channels)
    assert np.array_equal(pixels, images[9].permute(1, 2, 0).numpy())


def test_a_class_without_pictures_has_no_accuracy(pictures: Part) -> None:
    one = replace(pictures.first(1), labels=torch.tensor([1]))
    assert make_report(torch.tensor([[0.0, 1.0, 0.0]]), one, ("a", "b", "c"), False).accuracies == (None, 1.0, None)


def test_a_report_is_read_from_the_json_that_it_writes(report: Report) -> None:
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report

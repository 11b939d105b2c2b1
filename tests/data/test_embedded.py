"""The data sets that need no download, against where they come from."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from explorer import data
from explorer.data import embedded


def test_the_digits_are_those_of_scikit_learn() -> None:
    expected = load_digits()
    found = data.load("digits")
    assert np.array_equal(found.train_images[:, 0].numpy(), np.round(expected.images * 255 / 16))
    assert np.array_equal(found.train_labels.numpy(), expected.target)


@pytest.mark.parametrize("size", [8, 20, 32])
def test_digits_come_in_any_size(size: int) -> None:
    pictures = data.load("digits").train_images
    assert data.get("digits").resize(pictures, size).shape == (1797, 1, size, size)


@pytest.mark.skipif(not embedded.has_fashion_mnist(), reason="apt-get install dataset-fashion-mnist")
def test_fashion_mnist_is_framed_in_black() -> None:
    found = data.load("fashion_mnist")
    assert found.test_images is not None
    assert found.train_images.shape == (60_000, 1, 28, 28)
    assert found.test_images.shape == (10_000, 1, 28, 28)
    framed = data.get("fashion_mnist").resize(found.train_images[:99], 32)
    assert framed.shape == (99, 1, 32, 32)
    assert int(framed[:, :, :2].max()) == 0
    assert found.train_labels.bincount().tolist() == [6000] * 10

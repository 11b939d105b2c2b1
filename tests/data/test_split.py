"""Which pictures are trained on and which are measured on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from archives import packed, picture

from explorer.data import own_pictures
from explorer.data.split import split
from explorer.training import RunSpec
from explorer.training.batches import Batches
from explorer.training.selection import select


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(*counts: int) -> torch.Tensor:
    return torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5, 0.95])
def test_every_picture_is_in_exactly_one_part(share: float) -> None:
    train, held = split(labels(30, 50, 7), share, chance())
    assert sorted([*train.tolist(), *held.tolist()]) == list(range(87))
    assert len(held) == round(share * 87)


def test_of_every_class_the_same_share_is_measured_on() -> None:
    given = labels(100, 40, 10)
    _, held = split(given, 0.2, chance())
    assert torch.bincount(given[held]).tolist() == [20, 8, 2]


def test_what_is_left_over_goes_to_the_largest_rests() -> None:
    given = labels(7, 8, 9)  # a fifth of them: 1.4, 1.6 and 1.8, and of all 24, 4.8
    _, held = split(given, 0.2, chance())
    assert torch.bincount(given[held]).tolist() == [1, 2, 2]


def test_a_class_of_one_picture_is_trained_on() -> None:
    given = labels(1, 1, 1, 9)
    _, held = split(given, 0.5, chance())
    assert set(given[held].tolist()) == {3}


def test_the_same_seed_gives_the_same_parts_and_another_gives_others() -> None:
    parts = [split(labels(50, 50), 0.2, chance(seed))[1].tolist() for seed in (1, 1, 2)]
    assert parts[0] == parts[1] != parts[2]


def test_both_parts_are_in_random_order() -> None:
    for part in split(labels(50, 50), 0.5, chance()):
        assert part.tolist() != sorted(part.tolist())


@pytest.fixture
def own(data_folder: Path) -> str:
    files = {
        f"{name}/{i}.png": picture((grey, i, 0), (8, 8)) for name, grey in (("cat", 9), ("dog", 200)) for i in range(10)
    }
    return own_pictures.add(packed(files), "pets", 32)[0]


def test_a_run_measures_on_the_same_share_of_each_class(own: str) -> None:
    chosen = select(RunSpec(architecture="lenet5_modern", dataset=own, epochs=1, validation_share=0.3))
    assert torch.bincount(chosen.validation.labels).tolist() == [3, 3]
    assert not set(chosen.train.places.tolist()) & set(chosen.validation.places.tolist())


def test_a_validation_picture_is_never_augmented(own: str) -> None:
    batches = []
    for augmentation in ("none", "crop_flip"):
        spec = RunSpec(architecture="lenet5_modern", dataset=own, epochs=1, augmentation=augmentation, batch_size=4)
        measured = Batches(spec, select(spec), torch.device("cpu")).validation(4)
        batches.append([images for images, _ in measured])
    assert all(torch.equal(plain, augmented) for plain, augmented in zip(*batches, strict=True))

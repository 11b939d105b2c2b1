"""Batches: what a network is given, against the same made one by one."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from small_runs import small
from torch import Tensor

from explorer import data
from explorer.training import RunSpec, choose_device
from explorer.training import batches as batches_module
from explorer.training.batches import LUMA, Batches, count_values, device_bytes, measure_colours
from explorer.training.selection import Part, select

CPU = torch.device("cpu")
EVERY = slice(None)


def undo(batches: Batches, pictures: Tensor) -> Tensor:
    """Return the bytes that normalised pictures were."""
    shift, scale = (torch.tensor(values).view(-1, 1, 1) for values in (batches.mean, batches.deviation))
    return (pictures * scale + shift).round().byte()


def test_training_pictures_have_mean_0_and_variance_1() -> None:
    batches = Batches(small(batch_size=64), select(small(batch_size=64)), CPU)
    pictures, _ = batches.train(1)
    assert float(pictures.mean()) == pytest.approx(0, abs=1e-4)
    assert float(pictures.var(correction=0)) == pytest.approx(1, abs=1e-4)


def test_colours_are_measured_as_torch_does() -> None:
    images = torch.randint(256, (9, 3, 5, 5), dtype=torch.uint8)
    means, deviations = measure_colours(count_values(images))
    values = images.transpose(0, 1).flatten(1).double()
    assert means == pytest.approx(values.mean(1).tolist())
    assert deviations == pytest.approx(values.std(1, correction=0).tolist())


def test_an_epoch_shows_every_picture_once_in_another_order_each_time() -> None:
    spec = small()
    selection = select(spec)
    batches = Batches(spec, selection, CPU)
    epochs = [
        torch.cat([undo(batches, batches.train(step)[0]) for step in steps]) for steps in ((1, 2, 3, 4), (5, 6, 7, 8))
    ]
    for epoch in epochs:
        assert sorted(epoch.flatten(1).tolist()) == sorted(selection.train.images(EVERY).flatten(1).tolist())
    assert not epochs[0].equal(epochs[1])


def test_a_label_stays_with_its_picture() -> None:
    spec = small(augmentation="crop_flip")
    batches = Batches(spec, select(spec), CPU)
    plain = Batches(small(), select(small()), CPU)
    assert batches.train(3)[1].equal(plain.train(3)[1])


@pytest.mark.parametrize("augmentation", ["crop", "flip", "crop_flip"])
def test_an_augmented_picture_is_a_window_of_the_framed_one_or_its_mirror_image(augmentation: str) -> None:
    spec = small(augmentation=augmentation)
    augmented, plain = (Batches(one, select(one), CPU) for one in (spec, small()))
    margin = 4 if "crop" in augmentation else 0
    seen = set()
    for found, original in zip(undo(augmented, augmented.train(1)[0]), undo(plain, plain.train(1)[0]), strict=True):
        framed = F.pad(original, (margin,) * 4)
        windows = {
            (top, left, mirrored): window.flip(2) if mirrored else window
            for top in range(2 * margin + 1)
            for left in range(2 * margin + 1)
            for mirrored in ((False, True) if "flip" in augmentation else (False,))
            for window in [framed[:, top : top + 32, left : left + 32]]
        }
        match = [place for place, window in windows.items() if window.equal(found)]
        assert match
        seen.add(match[0])
    assert len(seen) > (10 if margin else 1)


def test_colour_pictures_become_grey_for_a_network_of_one_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    colour = torch.randint(256, (20, 3, 32, 32), dtype=torch.uint8)
    labels = torch.arange(20) % 10
    monkeypatch.setattr(data, "load", lambda name: data.Tensors(colour, labels))
    spec = small(pictures=None, validation_share=0.4, batch_size=4)
    selection = select(spec)
    batches = Batches(spec, selection, CPU)
    shown, _ = next(batches.validation(4))
    first = selection.validation.images(slice(4)).float()
    expected = sum(share * first[:, channel] for channel, share in enumerate(LUMA))
    assert undo(batches, shown)[:, 0].float().sub(expected).abs().max() <= 1


def test_grey_pictures_are_repeated_for_a_network_of_three_channels() -> None:
    spec = RunSpec("resnet20", "digits", steps=1, batch_size=4, input_size=32)
    pictures, _ = Batches(spec, select(spec), CPU).train(1)
    assert pictures.shape == (4, 3, 32, 32)
    assert pictures[:, 0].equal(pictures[:, 2])


@pytest.mark.parametrize("augmentation", ["none", "crop"])
def test_what_the_pictures_take_is_known_before_they_are_moved(augmentation: str) -> None:
    spec = small(augmentation=augmentation)
    selection = select(spec)
    known = device_bytes(spec, len(selection.train), len(selection.validation))
    assert Batches(spec, selection, CPU).held_bytes == known


def test_no_more_pictures_are_loaded_at_a_time_than_a_piece_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Batches(small(augmentation="crop"), select(small()), CPU)
    held: list[int] = []
    images = Part.images

    def load(part: Part, now: slice) -> Tensor:
        found = images(part, now)
        held.append(found.numel())
        return found

    monkeypatch.setattr(batches_module, "PIECE_VALUES", 5 * 32**2)
    monkeypatch.setattr(Part, "images", load)
    pieces = Batches(small(augmentation="crop"), select(small()), CPU)
    assert max(held) == 5 * 32**2
    assert pieces.train(3)[0].equal(whole.train(3)[0])
    assert (pieces.mean, pieces.deviation) == (whole.mean, whole.deviation)


def test_labels_are_counted_within_the_chosen_classes() -> None:
    spec = small(labels=("7", "3"), pictures=None)
    train = select(spec).train
    everything = data.load("digits")
    assert [int(label) for label in train.labels.unique()] == [0, 1]
    assert torch.tensor([7, 3])[train.labels].equal(everything.train_labels[train.places])


@pytest.mark.parametrize(("cuda", "mps", "chosen"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_the_best_device_is_chosen(cuda: bool, mps: bool, chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device().type == chosen

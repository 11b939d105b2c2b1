"""What a network gets, held against torchvision's own transforms."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from PIL import Image
from torchvision.models import get_model_weights
from torchvision.transforms import functional as F
from torchvision.transforms._presets import ImageClassification

from explorer import registry, samples
from explorer.prediction.embedded import PREPROCESSING as LITE0_PREPROCESSING
from explorer.prediction.preprocessing import LONGEST_STRIP, Preprocessing, of_torchvision

NETWORKS = sorted({arch.torchvision for arch in map(registry.get, registry.names()) if arch.torchvision})
PUBLISHED = {repr(weights.transforms()): weights for name in NETWORKS for weights in get_model_weights(name)}


def shapes() -> list[tuple[int, int]]:
    """Sizes of pictures: wide, tall, square, smaller than the crop, of one pixel."""
    return [(451, 300), (300, 451), (288, 288), (100, 60), (31, 97), (1, 1), (257, 255)]


def picture(size: tuple[int, int]) -> Image.Image:
    return samples.get("cat").image().resize(size)


@pytest.mark.parametrize("size", shapes())
@pytest.mark.parametrize("name", ["resnet50", "efficientnet_b0", "inception_v3", "swin_t"])
def test_the_tensor_is_the_one_of_torchvisions_transforms(name: str, size: tuple[int, int]) -> None:
    transforms = get_model_weights(name).DEFAULT.transforms()
    ours = of_torchvision(transforms).tensor(picture(size))
    torch.testing.assert_close(ours, transforms(picture(size)).unsqueeze(0), rtol=0, atol=1e-6)


@pytest.mark.parametrize("weights", PUBLISHED.values(), ids=str)
def test_every_preprocessing_that_torchvision_publishes_is_taken_over(weights: Any) -> None:
    transforms = weights.transforms()
    assert isinstance(transforms, ImageClassification)
    ours = of_torchvision(transforms).tensor(picture((300, 200)))
    torch.testing.assert_close(ours[0], transforms(picture((300, 200))), rtol=0, atol=1e-6)


def test_efficientnet_lite0_gets_values_less_127_divided_by_128() -> None:
    resized = F.resize(picture((400, 300)), [256], F.InterpolationMode.BICUBIC)
    expected = (F.pil_to_tensor(F.center_crop(resized, [224])).float() - 127) / 128
    ours = LITE0_PREPROCESSING.tensor(picture((400, 300)))
    torch.testing.assert_close(ours[0], expected, rtol=0, atol=1e-6)


def test_a_network_with_one_channel_gets_grey() -> None:
    grey = Preprocessing(resize=32, crop=32, mean=(0.5,), std=(0.25,))
    expected = F.pil_to_tensor(picture((64, 64)).convert("L").resize((32, 32), Image.Resampling.BILINEAR))
    torch.testing.assert_close(grey.tensor(picture((64, 64)))[0], (expected / 255 - 0.5) / 0.25)


def test_undoing_the_normalisation_gives_back_the_cropped_picture() -> None:
    tensor = LITE0_PREPROCESSING.tensor(picture((400, 300)))
    cropped = LITE0_PREPROCESSING.cropped(picture((400, 300)))
    assert LITE0_PREPROCESSING.true_colours(tensor).tobytes() == cropped.tobytes()


def test_the_distorted_picture_is_the_tensor_cut_off_at_0_and_1() -> None:
    tensor = torch.tensor([-1.0, 0.5, 3.0]).view(1, 3, 1, 1)
    assert LITE0_PREPROCESSING.distorted(tensor).getpixel((0, 0)) == (0, 128, 255)


def test_the_steps_say_their_shape_and_range() -> None:
    given, resized, cropped, scaled, normalised = LITE0_PREPROCESSING.steps(picture((400, 300)))
    assert [step.shape for step in (given, resized, cropped)] == [(300, 400, 3), (256, 341, 3), (224, 224, 3)]
    assert scaled.shape == normalised.shape == (1, 3, 224, 224)
    assert scaled.most == pytest.approx(cropped.most / 255)
    assert normalised.most == pytest.approx((cropped.most - 127) / 128)
    assert normalised.least == pytest.approx((cropped.least - 127) / 128)


@pytest.mark.parametrize("size", [(60_000, 1), (1, 60_000), (30_000, 20)])
def test_a_long_strip_is_cut_to_its_middle_before_it_grows(size: tuple[int, int]) -> None:
    resized = LITE0_PREPROCESSING.resized(Image.new("RGB", size, "red"))
    assert max(resized.size) <= 256 * LONGEST_STRIP
    assert LITE0_PREPROCESSING.tensor(Image.new("RGB", size, "red")).shape == (1, 3, 224, 224)


def test_a_strip_gives_the_tensor_that_it_would_give_whole() -> None:
    strip = picture((4_100, 100))
    whole = F.center_crop(F.resize(strip, [256], F.InterpolationMode.BICUBIC), [224])
    ours = LITE0_PREPROCESSING.cropped(strip)
    difference = F.pil_to_tensor(whole).int() - F.pil_to_tensor(ours).int()
    assert difference.abs().float().mean() < 0.5

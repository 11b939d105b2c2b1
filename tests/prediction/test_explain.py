"""Explanations, held against Captum's own Grad-CAM, against patches hidden by hand, and against their definition."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from captum.attr import LayerGradCam
from PIL import Image

from explorer import samples
from explorer.prediction import cache
from explorer.prediction.answer import ask, probabilities_of
from explorer.prediction.explain import attributions, grad_cam, integrated_gradients, occlusion
from explorer.prediction.heat import Heat
from explorer.prediction.hiding import hide
from explorer.prediction.layers import default_layer, layers
from explorer.prediction.model import Model, scores

ESPRESSO = "espresso"
PATCH, STRIDE = 56, 56


@pytest.fixture(scope="module")
def lite0() -> Model:
    return cache.get("efficientnet_lite0")


@pytest.fixture(scope="module")
def coffee() -> Image.Image:
    return samples.get("coffee").image()


@pytest.fixture(scope="module")
def heat(lite0: Model, coffee: Image.Image) -> Heat:
    return grad_cam(lite0, coffee, lite0.labels.index(ESPRESSO), default_layer(lite0.network, layers(lite0)).path)


@pytest.mark.parametrize("path", ["head.relu6", "head.conv", "stages.4.2", "stages.2.1.depthwise.bn"])
def test_grad_cam_is_the_one_of_captum(path: str, lite0: Model, cat: Image.Image) -> None:
    network = lite0.private()
    theirs = LayerGradCam(network, network.get_submodule(path)).attribute(
        lite0.tensor(cat), 281, relu_attributions=True
    )
    torch.testing.assert_close(torch.from_numpy(grad_cam(lite0, cat, 281, path).values), theirs[0, 0].detach())


@pytest.mark.parametrize(
    ("name", "path"), [("googlenet", "inception4c"), ("resnet18", "conv5_x.1"), ("vgg11", "features.19")]
)
def test_grad_cam_of_other_families_is_the_one_of_captum(
    name: str, path: str, quick: Callable[[str], Model], cat: Image.Image
) -> None:
    model = quick(name)
    network = model.private()
    captum = LayerGradCam(network, network.get_submodule(path))
    theirs = captum.attribute(model.tensor(cat), 3, relu_attributions=True)[0, 0].detach()
    ours = torch.from_numpy(grad_cam(model, cat, 3, path).values)
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4 * float(theirs.max()))


def test_grad_cam_of_a_late_call_of_a_layer_uses_that_call(quick: Callable[[str], Model], cat: Image.Image) -> None:
    model = quick("resnet18_tv")
    of_layer, of_block = (grad_cam(model, cat, 0, path).values for path in ("layer4.1.relu:2", "layer4.1"))
    assert (of_layer == of_block).all()
    assert grad_cam(model, cat, 0, "layer4.1.relu").values.tolist() != of_block.tolist()


def test_the_two_classes_of_a_single_output_pull_in_opposite_ways(
    quick: Callable[[str], Model], cat: Image.Image
) -> None:
    model = quick("alexnet_bn")
    probabilities = model.probabilities(model.tensor(cat))[0]
    output = model.network(model.tensor(cat))[0, 0]
    torch.testing.assert_close(probabilities, torch.stack([1 - output.sigmoid(), output.sigmoid()]))
    first, second = (grad_cam(model, cat, number, "relu5").values for number in (0, 1))
    assert ((first > 0) & (second > 0)).sum() == 0
    assert first.max() + second.max() > 0


def test_hiding_the_hottest_part_hurts_more_than_hiding_the_coldest(
    lite0: Model, coffee: Image.Image, heat: Heat
) -> None:
    picture = lite0.preprocessing.cropped(coffee)
    number = lite0.labels.index(ESPRESSO)
    masks = (heat.hottest(224, 0.25), heat.coldest(224, 0.25))
    hidden = [hide(picture, mask) for mask in masks]
    whole, without_hottest, without_coldest = probabilities_of(lite0, [picture, *hidden], number)
    assert whole == pytest.approx(ask(lite0, coffee).probabilities[number], abs=1e-5)
    assert without_hottest < 0.5 * whole
    assert without_coldest > 0.8 * whole


def test_occlusion_is_the_fall_that_hiding_by_hand_gives(lite0: Model, coffee: Image.Image) -> None:
    number = lite0.labels.index(ESPRESSO)
    shares: list[float] = []
    found = occlusion(lite0, coffee, number, PATCH, STRIDE, shares.append).values
    tensor = lite0.tensor(coffee)
    before = float(lite0.probabilities(tensor)[0, number])
    for row, column in ((0, 0), (1, 2), (3, 3)):
        hidden = tensor.clone()
        hidden[..., row * PATCH : (row + 1) * PATCH, column * PATCH : (column + 1) * PATCH] = 0
        fall = before - float(lite0.probabilities(hidden)[0, number])
        assert found[row * PATCH + 5, column * PATCH + 5] == pytest.approx(fall, abs=1e-5)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_integrated_gradients_add_up_to_the_change_of_the_score(
    quick: Callable[[str], Model], cat: Image.Image
) -> None:
    model = quick("lenet5_modern")
    tensor = model.tensor(cat)
    total = float(attributions(model, cat, 3, steps=64).sum())
    with torch.no_grad():
        change = scores(model.network, torch.cat([tensor, torch.zeros_like(tensor)]))[:, 3]
    assert total == pytest.approx(float(change[0] - change[1]), rel=1e-3)


def test_integrated_gradients_have_one_value_a_pixel(lite0: Model, coffee: Image.Image) -> None:
    shares: list[float] = []
    found = integrated_gradients(lite0, coffee, 0, steps=4, report=shares.append)
    assert found.values.shape == (224, 224)
    assert (found.values >= 0).all()
    assert shares[-1] == 1


def test_two_threads_on_one_model_get_what_each_would_get_alone(lite0: Model) -> None:
    def explained(name: str) -> tuple[tuple[float, ...], list[list[float]]]:
        picture = samples.get(name).image()
        answer = ask(lite0, picture)
        return answer.probabilities, grad_cam(lite0, picture, answer.top(1)[0], "head.relu6").values.tolist()

    names = ("cat", "coffee") * 4
    alone = {name: explained(name) for name in set(names)}
    with ThreadPoolExecutor(len(names)) as pool:
        together = list(pool.map(explained, names))
    assert together == [alone[name] for name in names]


# Heat


def test_the_hottest_part_is_as_large_as_asked_for(heat: Heat) -> None:
    hottest, coldest = heat.hottest(224, 0.2), heat.coldest(224, 0.2)
    assert hottest.sum() == coldest.sum() == round(0.2 * 224 * 224)
    assert not (hottest & coldest).any()


def test_heat_is_spread_from_0_to_1(heat: Heat) -> None:
    spread = heat.spread(224)
    assert spread.shape == (224, 224)
    assert (spread.min(), spread.max()) == (pytest.approx(0, abs=0.05), pytest.approx(1))


def test_no_heat_at_all_leaves_the_picture_as_it_is(cat: Image.Image) -> None:
    square = cat.resize((32, 32))
    cold = Heat(torch.zeros(4, 4).numpy(), "")
    assert cold.is_cold
    assert cold.over(square).tobytes() == square.tobytes()

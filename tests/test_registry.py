"""Contracts that every registered network keeps."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
import torchvision.models

from explorer import registry
from explorer.analysis import analyze
from explorer.architecture import Architecture, Reference

NAMES = registry.names()

# The specification's totals: names and parameters with the published number of classes.
PARAMETERS = {
    "lenet5": 60_000,
    "lenet5_modern": 61_706,
    "lenet_keras": 431_080,
    "alexnet": 60_965_224,
    "alexnet_single": 62_378_344,
    "alexnet_bn": 46_751_809,
    "alexnet_no_pool5": 171_535_746,
    "alexnet_tv": 61_100_840,
    "zfnet": 62_357_608,
    "zfnet_wide": 107_627_624,
    "nin_cifar": 966_986,
    "nin": 7_595_176,
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "vgg16_c": 133_638_952,
    "googlenet": 6_998_552,
    "googlenet_tv": 6_624_904,
    "inception_v3": 23_834_568,
    "xception": 22_855_952,
    "plain18": 11_515_688,
    "plain34": 21_623_848,
    "resnet18": 11_515_688,
    "resnet34": 21_623_848,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "resnet18_tv": 11_689_512,
    "resnet152_tv": 60_192_808,
    "plain20": 269_722,
    "plain110": 1_727_962,
    "resnet20": 269_722,
    "resnet32": 464_154,
    "resnet44": 658_586,
    "resnet56": 853_018,
    "resnet110": 1_727_962,
    "preact_resnet56": 853_018,
    "resnet_toy": 576_282,
    "densenet121": 7_978_856,
    "densenet169": 14_149_480,
    "densenet201": 20_013_928,
    "densenet161": 28_681_000,
    "squeezenet1_0": 1_248_424,
    "squeezenet1_1": 1_235_496,
    "mobilenet_v1": 4_231_976,
    "mobilenet_v2": 3_504_872,
    "mobilenet_v3_small": 2_542_856,
    "mobilenet_v3_large": 5_483_032,
    "efficientnet_b0": 5_288_548,
    "efficientnet_b7": 66_347_960,
    "efficientnet_lite0": 4_652_008,
}
DEPTHS = {
    "alexnet": 8,
    "vgg16": 16,
    "vgg19": 19,
    "googlenet": 22,
    "inception_v3": 42,
    "resnet18": 18,
    "resnet152": 152,
    "resnet56": 56,
    "densenet121": 121,
    "squeezenet1_0": 18,
    "mobilenet_v1": 28,
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_are_those_of_the_specification(name: str) -> None:
    assert analyze(name).params == PARAMETERS[name]


@pytest.mark.parametrize("name", DEPTHS)
def test_depth_is_that_of_the_paper(name: str) -> None:
    assert analyze(name).depth == DEPTHS[name]


@pytest.mark.parametrize("name", NAMES)
def test_totals_equal_every_published_reference(name: str) -> None:
    for reference in registry.get(name).references:
        got = getattr(analyze(name, options=dict(reference.options)), reference.quantity)
        assert abs(got - reference.value) <= reference.tolerance, (reference, got)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_complete(name: str) -> None:
    arch = registry.get(name)
    assert 3 <= len(arch.ideas) <= 6
    assert arch.recipe
    assert arch.differences or arch.torchvision
    assert arch.results or not arch.torchvision  # torchvision publishes accuracies of all its networks
    assert arch.paper.url.startswith("http")
    assert 1 <= int(arch.paper.published[5:]) <= 12
    if arch.counterpart:
        assert arch.counterpart.endswith("_tv") != name.endswith("_tv")
        assert registry.get(arch.counterpart).family == arch.family
    assert all(isinstance(reference, Reference) for reference in arch.references)


@pytest.mark.parametrize("name", NAMES)
def test_the_least_and_the_largest_input_run_and_one_pixel_less_or_more_is_refused(name: str) -> None:
    arch = registry.get(name)
    least, most = arch.size_range(arch.defaults)
    channels = arch.input_size[0]
    for side in filter(None, (least, most)):
        assert analyze(name, input_size=(channels, side, side)).blocks[0].output_shape == (1, arch.classes)
    with pytest.raises(ValueError, match=f"the least is {least}x{least}"):
        analyze(name, input_size=(channels, least - 1, least - 1))
    if most:
        with pytest.raises(ValueError, match=f"the largest is {most}x{most}"):
            analyze(name, input_size=(channels, most + 1, most + 1))


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_every_option_builds(name: str) -> None:
    arch = registry.get(name)
    for option in arch.options:
        values = option.choices or ((True, False) if option.type is bool else (option.least, option.most))
        for value in values if option.type is not str or option.choices else (option.default,):
            with torch.device("meta"):
                arch.build(**{option.name: option.type(value)})


@pytest.mark.parametrize("name", NAMES)
def test_the_number_of_classes_is_the_width_of_the_output(name: str) -> None:
    arch = registry.get(name)
    classes = min(7, arch.most_classes)
    with torch.device("meta"):
        output = arch.build(classes).eval()(torch.empty(2, *arch.input_size))
    assert output.shape == (2, classes)


def test_names_are_in_the_order_of_publication() -> None:
    published = [registry.get(name).paper.published for name in NAMES]
    assert published == sorted(published)
    assert NAMES[0] == "lenet5"


def test_every_classification_network_of_torchvision_is_registered() -> None:
    built = {dict(registry.get(name).arguments).get("name") for name in NAMES} | {
        registry.get(name).torchvision for name in NAMES
    }
    assert set(torchvision.models.list_models(module=torchvision.models)) <= built


def test_an_unknown_name_gets_the_nearest_ones() -> None:
    with pytest.raises(KeyError, match=r"no network called 'vgg-16'.*vgg16"):
        registry.get("vgg-16")


def test_an_input_too_small_says_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"VGG-16 halves the picture five times; the least is 32x32\."):
        analyze("vgg16", input_size=(3, 31, 31))


def test_a_grey_picture_for_a_colour_network_is_refused() -> None:
    with pytest.raises(ValueError, match="3 channels, not 1"):
        analyze("vgg16", input_size=(1, 224, 224))


def test_an_unknown_option_says_what_there_is() -> None:
    with pytest.raises(ValueError, match="Did you mean shortcut"):
        analyze("resnet34", options={"shortcuts": "A"})


@pytest.mark.parametrize(("value", "message"), [("D", "A or B or C"), (3, "A or B or C")])
def test_an_option_out_of_its_choices_is_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        analyze("resnet34", options={"shortcut": value})


@pytest.mark.parametrize("value", [0.1, 2, "wide", True, float("nan")])
def test_a_number_out_of_its_range_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"width is a number from 0\.25 to 1"):
        analyze("mobilenet_v1", options={"width": value})


def test_importing_the_registry_does_not_import_torch() -> None:
    code = "import sys; from explorer import registry; registry.names(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def _smallest(arch: Architecture) -> int:
    return arch.size_range(arch.defaults)[0]


# The widest linear layers and the largest transformers take gigabytes; their families run through smaller members.
TOO_LARGE = {
    "alexnet_no_pool5",
    "zfnet_wide",
    "vit_h_14",
    "vit_l_16",
    "vit_l_32",
    "regnet_y_128gf",
    "efficientnet_v2_l",
}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in TOO_LARGE])
def test_it_runs_forward_and_backward_on_the_smallest_legal_batch(name: str) -> None:
    arch = registry.get(name)
    torch.manual_seed(0)
    network = arch.build().train()
    side = _smallest(arch)
    output = network(torch.randn(2, arch.input_size[0], side, side))
    logits = output if isinstance(output, torch.Tensor) else output[0]
    logits.square().mean().backward()
    weights = [weight for weight in network.parameters() if weight.grad is not None]
    assert torch.isfinite(logits).all()
    assert weights

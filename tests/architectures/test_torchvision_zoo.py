import pytest
import torch
import torchvision.models

from explorer import registry
from explorer.catalogue import torchvision_zoo

BY_NAME = {arch.name: arch for arch in torchvision_zoo.ARCHITECTURES}


def test_no_network_of_torchvision_is_missing():
    registered = {registry.get(name).torchvision for name in registry.names()}
    assert set(torchvision.models.list_models(module=torchvision.models)) <= registered


def test_names_are_torchvisions_own():
    assert set(BY_NAME) <= set(torchvision.models.list_models(module=torchvision.models))
    assert all(arch.torchvision == name for name, arch in BY_NAME.items())


@pytest.mark.parametrize("arch", torchvision_zoo.ARCHITECTURES, ids=lambda arch: arch.name)
def test_every_record_tells_its_story(arch):
    assert 3 <= len(arch.ideas) <= 6
    assert len(set(arch.ideas)) == len(arch.ideas)
    assert arch.recipe
    assert arch.differences


@pytest.mark.parametrize("arch", torchvision_zoo.ARCHITECTURES, ids=lambda arch: arch.name)
def test_published_numbers_of_parameters_hold(arch):
    with torch.device("meta"):
        params = sum(p.numel() for p in arch.build().parameters())
    assert params in {weights.meta["num_params"] for weights in torchvision.models.get_model_weights(arch.name)}
    for reference in arch.references:
        assert abs(params - reference.value) <= reference.tolerance, reference.source


@pytest.mark.parametrize("name", ["convnext_tiny", "swin_t", "swin_v2_t"])
def test_least_size_is_the_least_that_runs(name):
    arch = BY_NAME[name]
    with torch.device("meta"):
        network = arch.build()
        assert network(torch.empty(2, 3, arch.least_size, arch.least_size)).shape == (2, 1000)
        with pytest.raises((RuntimeError, ValueError)):
            network(torch.empty(2, 3, arch.least_size - 1, arch.least_size - 1))


@pytest.mark.parametrize("name", ["vit_b_32", "maxvit_t"])
@pytest.mark.parametrize("size", [223, 225])
def test_fixed_input_size_is_checked_before_the_network_runs(name, size):
    with pytest.raises(ValueError, match="224x224"):
        BY_NAME[name].check_input_size((3, size, size), {})


@pytest.mark.parametrize("name", ["vit_b_32", "maxvit_t"])
def test_networks_of_fixed_size_run_at_it(name):
    with torch.device("meta"):
        assert BY_NAME[name].build(num_classes=7)(torch.empty(1, 3, 224, 224)).shape == (1, 7)


@pytest.mark.parametrize(("name", "place"), [("mnasnet1_0", 0), ("efficientnet_v2_m", 0)])
def test_dropout_is_an_option_where_torchvision_takes_it(name, place):
    with torch.device("meta"):
        network = BY_NAME[name].build(dropout=0.6)
    assert network.classifier[place].p == 0.6


@pytest.mark.parametrize("name", ["shufflenet_v2_x0_5", "mnasnet0_5", "regnet_y_400mf", "swin_t", "convnext_tiny"])
def test_every_parameter_learns_at_the_least_size(name):
    arch = BY_NAME[name]
    network = arch.build(num_classes=3)
    network(torch.randn(2, 3, arch.least_size, arch.least_size)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())

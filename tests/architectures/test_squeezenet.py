import pytest
import torch

from explorer.catalogue import squeezenet

BY_NAME = {arch.name: arch for arch in squeezenet.ARCHITECTURES}


@pytest.mark.parametrize(("name", "params"), [("squeezenet1_0", 1_248_424), ("squeezenet1_1", 1_235_496)])
def test_squeezenet_has_its_parameters(name, params):
    with torch.device("meta"):
        network = BY_NAME[name].build()
    assert sum(p.numel() for p in network.parameters()) == params


def test_first_map_is_109_as_the_card_says():
    with torch.device("meta"):
        network = BY_NAME["squeezenet1_0"].build()
        assert network.features[0](torch.empty(1, 3, 224, 224)).shape == (1, 96, 109, 109)


@pytest.mark.parametrize("arch", squeezenet.ARCHITECTURES, ids=lambda arch: arch.name)
def test_least_size_is_the_least_that_runs(arch):
    size = arch.least_size
    with torch.device("meta"):
        network = arch.build()
        assert network(torch.empty(2, 3, size, size)).shape == (2, 1000)
        with pytest.raises(RuntimeError, match=r"too small|greater than actual"):
            network(torch.empty(2, 3, size - 1, size - 1))


def test_dropout_is_an_option():
    with torch.device("meta"):
        network = BY_NAME["squeezenet1_1"].build(dropout=0.1)
    assert network.classifier[0].p == 0.1


def test_every_parameter_learns_at_the_least_size():
    network = BY_NAME["squeezenet1_1"].build(num_classes=3)
    network(torch.randn(2, 3, 17, 17)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())

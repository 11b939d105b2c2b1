import pytest
import torch

from explorer.catalogue import densenet

BY_NAME = {arch.name: arch for arch in densenet.ARCHITECTURES}


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("densenet121", 7_978_856),
        ("densenet169", 14_149_480),
        ("densenet201", 20_013_928),
        ("densenet161", 28_681_000),
    ],
)
def test_densenet_has_its_parameters(name, params):
    with torch.device("meta"):
        network = BY_NAME[name].build()
    assert sum(p.numel() for p in network.parameters()) == params


@pytest.mark.parametrize(("name", "channels"), [("densenet121", 1024), ("densenet161", 2208)])
def test_last_block_leaves_the_channels_of_the_paper(name, channels):
    with torch.device("meta"):
        network = BY_NAME[name].build()
        features = network.features(torch.empty(1, 3, 224, 224))
    assert features.shape == (1, channels, 7, 7)


def test_drop_rate_reaches_the_dense_layers():
    with torch.device("meta"):
        network = BY_NAME["densenet121"].build(drop_rate=0.2)
    assert network.features.denseblock1.denselayer1.drop_rate == 0.2


def test_densenet_takes_29_pixels_and_no_fewer():
    arch = BY_NAME["densenet121"]
    with torch.device("meta"):
        network = arch.build()
        assert network(torch.empty(2, 3, 29, 29)).shape == (2, 1000)
        with pytest.raises(RuntimeError, match="too small"):
            network(torch.empty(2, 3, 28, 28))
    assert arch.least_size == 29


def test_every_parameter_learns_at_the_least_size():
    network = BY_NAME["densenet121"].build(num_classes=3)
    network(torch.randn(2, 3, 29, 29)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())

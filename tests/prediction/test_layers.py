"""The feature maps of every network, held against the analysis, which finds them in another way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from PIL import Image

from explorer import registry
from explorer.analysis import analyze
from explorer.prediction.explain import grad_cam
from explorer.prediction.layers import default_layer, layers
from explorer.prediction.model import Model


@pytest.mark.parametrize("name", registry.names())
def test_layers_and_grad_cam_work_on_every_network(name: str, quick: Callable[[str], Model], cat: Image.Image) -> None:
    model = quick(name)
    found = layers(model)
    assert len({layer.path for layer in found}) == len(found)
    rows = analyze(name, input_size=model.preprocessing.shape).by_path
    shared = [layer for layer in found if layer.path in rows]
    assert len(shared) > len(found) / 2
    for layer in shared:
        assert sorted(layer.shape) == sorted(_maps(rows[layer.path].output_shape)), layer.path

    chosen = default_layer(model.network, found)
    heat = grad_cam(model, cat, 0, chosen.path)
    assert heat.values.shape == (chosen.height, chosen.width)
    assert (heat.values >= 0).all()


def _maps(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Channels, height and width of an output; of a vision transformer's tokens without the class token."""
    if len(shape) == 4:
        return shape[1:]
    side = round((shape[1] - 1) ** 0.5)
    return (shape[2], side, side)


@pytest.mark.parametrize(
    ("name", "path", "shape"),
    [
        ("vgg16", "features.29", (512, 14, 14)),
        ("resnet50_tv", "layer4.2.relu:3", (2048, 7, 7)),
        ("googlenet", "inception5b", (1024, 7, 7)),
        ("inception_v3", "Mixed_7c", (2048, 8, 8)),
        ("densenet121", "features.norm5", (1024, 7, 7)),
        ("efficientnet_lite0", "head.relu6", (1280, 7, 7)),
        ("mobilenet_v3_small", "features.12.2", (576, 7, 7)),
        ("vit_b_16", "encoder.layers.encoder_layer_11.ln_1", (768, 14, 14)),
        ("swin_t", "permute", (768, 7, 7)),
        ("convnext_tiny", "features.7.2", (768, 7, 7)),
        ("lenet5_modern", "features.4", (16, 10, 10)),
    ],
)
def test_one_looks_where_maps_are_not_pooled_yet(
    name: str, path: str, shape: tuple[int, ...], quick: Callable[[str], Model]
) -> None:
    model = quick(name)
    side = registry.get(name).input_size[1]
    object.__setattr__(model, "preprocessing", model.preprocessing.sized(side, side))
    chosen = default_layer(model.network, layers(model))
    assert (chosen.path, chosen.shape) == (path, shape)


def test_the_layers_of_a_network_come_in_the_order_of_its_forward_pass(quick: Callable[[str], Model]) -> None:
    paths = [layer.path for layer in layers(quick("googlenet"))]
    blocks = [path for path in paths if path.startswith("inception") and "." not in path]
    assert paths[0] == "conv1.conv"
    assert blocks == [f"inception{block}" for block in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]


def test_looking_at_layers_leaves_the_network_as_it_was(quick: Callable[[str], Model], cat: Image.Image) -> None:
    model = quick("resnet18_tv")
    before = [(name, id(weight)) for name, weight in model.network.named_parameters()]
    layers(model)
    grad_cam(model, cat, 0, "layer4.1.relu:2")
    assert [(name, id(weight)) for name, weight in model.network.named_parameters()] == before
    assert all(not module._forward_hooks for module in model.network.modules())
    assert all(module.inplace for module in model.network.modules() if isinstance(module, torch.nn.ReLU))
    assert not any(weight.requires_grad or weight.grad is not None for weight in model.network.parameters())

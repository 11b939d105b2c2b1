"""The call that the Code view shows is run, and builds the network that the page is about."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
import torchvision

from explorer import registry
from explorer.analysis import analyze
from explorer.architectures.torchvision_zoo import PlansOnCPU
from explorer.ui.explore.code import torchvision_call


def cases() -> list[Any]:
    """Every network that torchvision builds too, as published and with each of its switches the other way."""
    found = []
    for name in registry.names():
        arch = registry.get(name)
        if arch.torchvision:
            switches = [option.name for option in arch.options if option.type is bool]
            found += [pytest.param(name, {}, id=name)]
            found += [pytest.param(name, {one: not arch.defaults[one]}, id=f"{name}-{one}") for one in switches]
    return found


@pytest.mark.parametrize(("name", "changed"), cases())
def test_the_call_builds_the_network_of_the_page(name: str, changed: dict[str, Any]) -> None:
    arch = registry.get(name)
    call = torchvision_call(arch, 10, arch.defaults | changed)
    with torch.device("meta"), PlansOnCPU(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torchvision, about weights that it fills slowly
        network = eval(call, {"torchvision": torchvision})
    assert (
        sum(weight.numel() for weight in network.parameters()) == analyze(name, num_classes=10, options=changed).params
    )


def test_other_options_stand_in_the_call() -> None:
    arch = registry.get("densenet121")
    assert "drop_rate=0.25" in torchvision_call(arch, 1000, {"drop_rate": 0.25})
    assert "drop_rate" not in torchvision_call(arch, 1000, {"drop_rate": 0.0})

"""Published errors of a network: those of its paper, and those of torchvision's weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from explorer import registry, units
from explorer.architecture import Architecture, OptionValue, Result

Origin = Literal["paper", "torchvision"]
Metric = Literal["top1", "top5"]
ORIGINS: tuple[Origin, ...] = ("paper", "torchvision")
METRICS: tuple[Metric, ...] = ("top1", "top5")
IN_TRAINING_ONLY = frozenset({"dropout", "drop_rate", "aux"})  # options that leave the finished network as it is
IMAGENET, CIFAR10 = "ImageNet", "CIFAR-10"


@dataclass(frozen=True)
class Error:
    """A published error in percent, with how it was measured and where it stands.

    `side` is the height and width of the picture that it was measured with, where the source says so.
    """

    percent: float
    how: str
    source: str
    origin: Origin
    side: int | None = None


def published_error(
    name: str,
    metric: Metric,
    origin: Origin,
    *,
    options: Mapping[str, OptionValue] | None = None,
    dataset: str = IMAGENET,
) -> Error | None:
    """Return the error of one network, None where none was published for exactly this one.

    A paper's is the first in the catalogue: one network, tested in the simplest way that the paper reports.
    """
    arch = registry.get(name)
    if origin == "torchvision":
        return _of_weights(arch, metric) if dataset == IMAGENET and _holds((), arch, options) else None
    for result in arch.results:
        error = result.top1_error if metric == "top1" else result.top5_error
        if error is not None and _is_comparable(result, dataset) and _holds(result.options, arch, options):
            how = result.how.partition(", option")[0]  # the network's options stand beside it anyway
            return Error(error, f"{result.dataset}: {how}", result.source, "paper")
    return None


def _holds(
    measured: tuple[tuple[str, OptionValue], ...], arch: Architecture, options: Mapping[str, OptionValue] | None
) -> bool:
    """Whether a result that was measured with some options is one of the network with these."""
    theirs = {**arch.defaults, **dict(measured)}
    ours = {**arch.defaults, **(options or {})}
    return all(ours[name] == theirs[name] for name in theirs if name not in IN_TRAINING_ONLY)


def _is_comparable(result: Result, dataset: str) -> bool:
    """Whether it is a figure of one network, on the data asked for; ImageNet 2010 has other pictures than 2012."""
    is_asked_for = result.dataset.split()[0] == dataset and not result.dataset.endswith("2010")
    is_ensemble = any(f"{count} {what}" in result.how for count in _COUNTS for what in ("models", "networks"))
    return is_asked_for and not is_ensemble and not result.source.startswith("torchvision")


_COUNTS = ("two", "three", "four", "five", "six", "seven")


def _of_weights(arch: Architecture, metric: Metric) -> Error | None:
    weights = _weights(arch)
    if weights is None:
        return None
    figures = weights.meta["_metrics"]["ImageNet-1K"]
    side = weights.transforms().crop_size[0]
    how = f"{IMAGENET}: validation set, one centre crop of {units.shape((side, side))}"
    percent = round(100 - figures["acc@1" if metric == "top1" else "acc@5"], 3)
    return Error(percent, how, f"torchvision, {weights}", "torchvision", side)


def _weights(arch: Architecture) -> Any | None:
    """Return the first weights that torchvision has for the network's own input size, else the first of all."""
    if arch.torchvision is None:
        return None
    from torchvision.models import get_model_weights

    found = list(get_model_weights(arch.torchvision))
    fitting = [weights for weights in found if weights.transforms().crop_size[0] == arch.input_size[1]]
    return (fitting or found)[0]

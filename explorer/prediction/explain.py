"""Where a network looked for one class: Grad-CAM, occlusion and integrated gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from explorer.prediction.heat import Heat
from explorer.prediction.layers import as_maps, tap
from explorer.prediction.model import Model, computing, scores

Report = Callable[[float], None]  # how much is done, from 0 to 1

PATCHES_AT_ONCE = 4
STEPS_AT_ONCE = 4
MOST_HEAT = 0.99  # of the pixels; single ones that stand out more would leave all others dark


def grad_cam(model: Model, image: Image.Image, number: int, path: str) -> Heat:
    """Return where the maps of a layer speak for a class (Selvaraju et al. 2017).

    Each map is weighted by the mean gradient of the class's score with respect to it; the sum, where it is positive,
    is the heat. One value for each place of the maps.
    """
    network = model.private()
    seen: list[Tensor] = []

    def cut(output: Tensor) -> Tensor:
        """Let gradients begin at these maps: nothing before them is needed."""
        seen.append(output.detach().requires_grad_(True))
        return seen[0].clone()

    tap(network, path, cut)
    with torch.enable_grad(), computing:
        score = scores(network, model.tensor(image))[0, number]
        (slopes,) = torch.autograd.grad(score, seen[0], allow_unused=True)
    maps, slope_maps = (as_maps(network, one) for one in (seen[0].detach(), _or_zeros(slopes, seen[0])))
    if maps is None or slope_maps is None:
        raise ValueError(f"{path} has no feature maps.")
    weights = slope_maps.mean((1, 2), keepdim=True)
    heat = (weights * maps).sum(0).relu()
    return Heat(heat.cpu().numpy(), f"How much the maps of {path} at this place raise the score of the class.")


def occlusion(
    model: Model,
    image: Image.Image,
    number: int,
    patch: int,
    stride: int,
    report: Report = lambda share: None,
) -> Heat:
    """Return how far the class's probability falls when a grey patch hides a place (Zeiler and Fergus 2013).

    The patch of so many pixels goes over the picture in steps of `stride`; a pixel has the mean of the patches that
    hide it, 0.1 for a fall by ten points.
    """
    from captum.attr import Occlusion

    channels, side, _ = model.preprocessing.shape
    places = -(-(side - patch) // stride) + 1
    answer = _Counted(model.network, 1 + places**2, report, as_probabilities=True)
    with torch.no_grad():
        falls = Occlusion(answer).attribute(
            model.tensor(image),
            sliding_window_shapes=(channels, patch, patch),
            strides=(channels, stride, stride),
            baselines=0,
            target=number,
            perturbations_per_eval=PATCHES_AT_ONCE,
        )
    heat = falls[0, 0].float().cpu().numpy()
    return Heat(heat, f"By how much the probability falls when {patch} by {patch} pixels around here are hidden.")


def integrated_gradients(
    model: Model, image: Image.Image, number: int, steps: int = 32, report: Report = lambda share: None
) -> Heat:
    """Return how much each pixel adds to the class's score on the way from a grey picture (Sundararajan et al. 2017).

    The absolute values of all channels are added up; the brightest hundredth of the pixels count as equal.
    """
    parts = attributions(model, image, number, steps, report)
    heat = parts.abs().sum(1)[0].cpu().numpy()
    heat = np.minimum(heat, np.quantile(heat, MOST_HEAT)).astype(np.float32)
    return Heat(heat, "How much this pixel changes the score between a grey picture and this one.")


def attributions(
    model: Model, image: Image.Image, number: int, steps: int, report: Report = lambda share: None
) -> Tensor:
    """Return integrated gradients as they are: [1, C, H, W], which add up to the change of the score from grey."""
    from captum.attr import IntegratedGradients

    answer = _Counted(model.private(), steps, report, as_probabilities=False)
    found: Tensor = IntegratedGradients(answer).attribute(
        model.tensor(image), baselines=0, target=number, n_steps=steps, internal_batch_size=STEPS_AT_ONCE
    )
    return found.detach()


class _Counted:
    """A network for Captum, which tells how many of its pictures have been computed."""

    def __init__(self, network: nn.Module, pictures: int, report: Report, as_probabilities: bool) -> None:
        self.network = network
        self.pictures = pictures
        self.report = report
        self.as_probabilities = as_probabilities
        self.done = 0

    def __call__(self, batch: Tensor, *_: Any) -> Tensor:
        with computing:
            output = scores(self.network, batch)
        self.done += len(batch)
        self.report(min(self.done / self.pictures, 1.0))
        return output.softmax(1) if self.as_probabilities else output


def _or_zeros(slopes: Tensor | None, like: Tensor) -> Tensor:
    """The score of a class may not depend on the maps at all."""
    return torch.zeros_like(like) if slopes is None else slopes

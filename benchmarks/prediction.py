"""The time of an answer and of its explanations on a warm network, against a bare forward pass of torch.

python benchmarks/prediction.py [--network efficientnet_lite0] [--threads 2] [--runs 30]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median, quantiles

import torch

from explorer import samples
from explorer.pictures import decode_image
from explorer.prediction import cache
from explorer.prediction.answer import ask
from explorer.prediction.explain import grad_cam, integrated_gradients, occlusion
from explorer.prediction.features import feature_maps
from explorer.prediction.layers import default_layer, layers

GOALS = {"answer": 0.150, "Grad-CAM": 0.500}  # seconds, for EfficientNet-Lite0 on two cores


def measure(run: Callable[[], object], bare: Callable[[], object], runs: int) -> tuple[float, float, float]:
    """Return the median time of so many runs, what nine of ten stay below, and the median of a bare run between them.

    They take turns, so that what else the machine does slows both.
    """
    both: tuple[list[float], list[float]] = [], []
    for _ in range(runs):
        for act, seconds in zip((run, bare), both, strict=True):
            begun = time.perf_counter()
            act()
            seconds.append(time.perf_counter() - begun)
    return median(both[0]), quantiles(both[0], n=10)[-1], median(both[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", default="efficientnet_lite0")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=30)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    data = samples.get("cat").data()
    begun = time.perf_counter()
    model = cache.get(args.network)
    loading = time.perf_counter() - begun
    image, network = decode_image(data), model.private()
    tensor, path = model.tensor(image), default_layer(network, layers(model)).path
    number = ask(model, image).top(1)[0]

    def forward() -> None:
        with torch.inference_mode():
            model.network(tensor)

    def forward_and_back() -> None:
        pixels = tensor.clone().requires_grad_(True)
        torch.autograd.grad(network(pixels)[0, number], pixels)

    tasks: dict[str, Callable[[], object]] = {
        "bare forward and back": forward_and_back,
        "decode": lambda: decode_image(data),
        "answer": lambda: ask(model, image),
        "Grad-CAM": lambda: grad_cam(model, image, number, path),
        "feature maps": lambda: feature_maps(model, image, path),
        "occlusion, 169 patches": lambda: occlusion(model, image, number, 32, 16),
        "integrated gradients, 32 steps": lambda: integrated_gradients(model, image, number),
    }
    print(f"{model.title} on {tensor.device.type}, {args.threads} threads, torch {torch.__version__}; ", end="")
    print(f"loaded in {1000 * loading:,.0f} ms; milliseconds, median and nine of ten below")
    for name, run in tasks.items():
        run()
        middle, most, bare = measure(run, forward, args.runs if "," not in name else 3)
        goal = (
            f"  goal {1000 * GOALS[name]:.0f}: {'met' if middle <= GOALS[name] else 'MISSED'}" if name in GOALS else ""
        )
        ratio = f"{middle / bare:8.2f} x bare forward of {1000 * bare:.1f}"
        print(f"{name:32}{1000 * middle:10,.1f}{1000 * most:10,.1f}{ratio}{goal}", flush=True)


if __name__ == "__main__":
    main()

"""What the classic experiments show, and how long they take: every run of them, with the short budget or the full one.

python benchmarks/experiments.py [degradation dropout ...] [--full] [--threads 1]
"""

from __future__ import annotations

import argparse
import time

import torch

from explorer.lessons import experiments
from explorer.training import Event, RunSpec, choose_device, fit
from explorer.training.device import describe


def figures(spec: RunSpec) -> str:
    """Return the end of a run in a line: losses, accuracies, the largest first gradient, the seconds that it took."""
    start = time.perf_counter()
    *told, last = fit(spec)
    losses = [event.val_loss for event in [*told, last] if event.val_loss is not None]
    figures = (last.train_loss, last.train_accuracy, min(losses), last.val_loss, last.val_accuracy)
    shown = "".join(f"{figure:12.4f}" for figure in figures if figure is not None)
    return f"{shown}{first_gradient(told):12.4f}{time.perf_counter() - start:9.1f}"


def first_gradient(events: list[Event]) -> float:
    """Return the gradient norm of the first layer in the first step that was told."""
    return next(event.first_gradient_norm for event in events if event.first_gradient_norm is not None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=experiments.names())
    parser.add_argument("--full", action="store_true", help="the budgets for a GPU")
    parser.add_argument("--threads", type=int, help="of torch on the CPU; as many as torch takes without")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    print(f"torch {torch.__version__}, {describe(choose_device())}; loss and accuracy in training and in validation")
    columns = ("train loss", "accuracy", "least loss", "last loss", "accuracy", "1st grad.")
    print(f"{'':44}{''.join(f'{column:>12}' for column in columns)}{'seconds':>9}")
    for name in args.names:
        for run, spec in experiments.get(name).specs(args.full).items():
            print(f"{name:26}{run:18}{figures(spec)}", flush=True)


if __name__ == "__main__":
    main()

"""Throughput of explorer.training beside a bare PyTorch loop and beside the usual DataLoader, in pictures a second.

python benchmarks/training.py [--rounds 5] [--seconds 3] [--threads 1]

All three train the same network with the same optimizer and precision on the same pictures; they take turns, so that
what else the machine does slows all of them, and the ratios are medians of those of each turn. The turns of the bare
loop take a quarter of a second, and on a CPU only the time in which this process is at work counts. Where a network
takes longer than its pictures, as on a CPU, none gains much on the DataLoader: the pictures are compared alone too. The
colour pictures are noise of CIFAR-10's shape: their values do not matter for time. On a GPU it also prints the times of
whole runs, and the peak of memory that runs were predicted to have beside the one they had.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from statistics import median
from typing import Any
from unittest import mock

import torch
import torchvision
from rivals import DEVICE, Batches, bare_batches, loader_batches, plain_steps

from explorer import data, registry
from explorer.training import CannotTrainError, RunSpec, fit
from explorer.training import batches as training_batches
from explorer.training.device import describe, synchronize
from explorer.training.learner import choose_precision
from explorer.training.selection import Selection, select

NOW = time.process_time if DEVICE.type == "cpu" else time.perf_counter  # on a CPU, what other programs take is left out
WARM_UP_SECONDS = 1.0
WARM_UP_TURNS = 4
NOISE = "noise"
CASES = {
    "LeNet-5, Fashion-MNIST 32x32": {"architecture": "lenet5_modern", "dataset": "fashion_mnist"},
    "ResNet-20, 32x32 colour": {"architecture": "resnet20", "dataset": NOISE},
}
PEAK_NETWORKS = (
    *("alexnet", "vgg16", "googlenet", "inception_v3", "resnet50", "resnet152"),
    *("densenet121", "squeezenet1_1", "mobilenet_v2", "efficientnet_b0"),
)
PEAK_BATCHES = (8, 32, 128)


def make_spec(case: str, **fields: Any) -> RunSpec:
    """Return a run of this case: SGD with momentum, batch 128, trained on all training pictures."""
    shared = {"batch_size": 128, "optimizer": "momentum", "learning_rate": 0.05, "validation_share": 0}
    return RunSpec(**{**CASES[case], **shared, **fields})


def noise(train: int, test: int) -> data.Dataset:
    """Return a data set of random bytes: colour pictures of ten classes, 32 pixels high and wide."""

    def load() -> data.Tensors:
        generator = torch.Generator().manual_seed(0)
        images = torch.randint(256, (train + test, 3, 32, 32), generator=generator, dtype=torch.uint8)
        labels = torch.randint(10, (train + test,), generator=generator)
        return data.Tensors(images[:train], labels[:train], images[train:], labels[train:])

    return replace(
        data.get("digits"),
        name=NOISE,
        title="Noise",
        channels=3,
        native_size=32,
        train_pictures=train,
        test_pictures=test,
        loader=load,
    )


def pace_of_fit(spec: RunSpec, seconds: float) -> float:
    """Return the pictures a second that explorer.training trains, with its events."""
    events = fit(replace(spec, epochs=None, steps=10**6, validate_every=10**6))
    next(events)
    first = next(event for event in events if event.seconds > WARM_UP_SECONDS + 0.5)
    last = next(event for event in events if event.seconds > first.seconds + seconds)
    return (last.step - first.step) * spec.batch_size / (last.seconds - first.seconds)


def pace_of_loop(spec: RunSpec, batches: Batches, seconds: float) -> float:
    """Return the pictures a second that a plain loop trains on these batches."""
    start, steps, begun = time.perf_counter(), 0, False
    for _ in plain_steps(spec, batches):
        steps += 1
        if not begun and time.perf_counter() > start + WARM_UP_SECONDS:
            synchronize(DEVICE)
            start, steps, begun = time.perf_counter(), 0, True
        if begun and time.perf_counter() > start + seconds:
            break
    synchronize(DEVICE)
    return steps * spec.batch_size / (time.perf_counter() - start)


def take_turns(spec: RunSpec, selection: Selection) -> Iterator[tuple[float, float]]:
    """Yield the paces of a bare loop and of `fit` over as many steps, about a quarter of a second each, in turns."""
    steps = plain_steps(spec, bare_batches(spec, selection))
    events = fit(replace(spec, epochs=None, steps=10**6, validate_every=10**6))
    next(events)
    while True:
        before = next(events)  # `fit` has waited, so an event is due after one step
        start = NOW()
        after = next(events)
        between, pictures = NOW(), (after.step - before.step) * spec.batch_size
        for _ in range(after.step - before.step):
            next(steps)
        synchronize(DEVICE)
        yield pictures / (NOW() - between), pictures / (between - start)


def our_batches(spec: RunSpec, selection: Selection) -> Batches:
    """Yield the batches that explorer.training makes."""
    made = training_batches.Batches(spec, selection, DEVICE)
    return (made.train(step) for step in count(1))


def pace_of_pictures(batches: Batches, seconds: float) -> float:
    """Return how many pictures a second these batches bring, without a network."""
    next(batches)
    start, pictures = time.perf_counter(), 0
    while time.perf_counter() < start + seconds:
        pictures += len(next(batches)[1])
    synchronize(DEVICE)
    return pictures / (time.perf_counter() - start)


def compare_with_bare_loop(case: str, rounds: int, seconds: float) -> None:
    spec = make_spec(case, epochs=1)
    turns = take_turns(spec, select(spec))
    for _ in range(WARM_UP_TURNS):
        next(turns)
    ends_at = time.perf_counter() + 2 * rounds * seconds
    pairs = [next(turns)]
    while len(pairs) < rounds or time.perf_counter() < ends_at:
        pairs.append(next(turns))
    show(case, f"bare loop, no augmentation, {len(pairs)} turns", pairs)


def compare_with_loader(case: str, rounds: int, seconds: float) -> None:
    """Against the number of workers that is the fastest here, of none and those that leave the loop a core."""
    spec = make_spec(case, epochs=1, augmentation="crop_flip")
    selection = select(spec)
    cores = len(os.sched_getaffinity(0))
    choices = sorted({0, max(1, cores // 2), max(1, cores - 1)})
    tried = {n: pace_of_loop(spec, loader_batches(spec, selection, n), seconds) for n in choices}
    best = max(tried, key=lambda n: tried[n])
    pairs = [
        (pace_of_loop(spec, loader_batches(spec, selection, best), seconds), pace_of_fit(spec, seconds))
        for _ in range(rounds)
    ]
    show(case, f"DataLoader, {best} of {choices} workers, crop and flip", pairs)
    supplies = [
        tuple(
            pace_of_pictures(batches, seconds)
            for batches in (loader_batches(spec, selection, best), our_batches(spec, selection))
        )
        for _ in range(rounds)
    ]
    show(case, "the same, pictures alone, without a network", supplies)


def show(case: str, other: str, pairs: Sequence[tuple[float, ...]]) -> None:
    theirs, ours = (median(paces) for paces in zip(*pairs, strict=True))
    ratio = median(our / their for their, our in pairs)
    print(f"{case:30}{other:52}{theirs:12,.0f}{ours:12,.0f}{ratio:8.2f}", flush=True)


def show_absolute_times() -> None:
    print(f"\n{'one run of fit':48}{'epochs':>7}{'batch':>7}{'seconds':>9}{'s/epoch':>9}{'accuracy':>10}")
    for case, batch_size, fields in (
        ("LeNet-5, Fashion-MNIST 32x32", 128, {"learning_rate": 0.05, "epochs": 5}),
        ("LeNet-5, Fashion-MNIST 32x32", 1024, {"learning_rate": 0.2, "epochs": 10}),
        ("ResNet-20, 32x32 colour", 128, {"epochs": 2, "augmentation": "crop_flip"}),
        ("ResNet-20, 32x32 colour", 1024, {"epochs": 5, "augmentation": "crop_flip"}),
    ):
        spec = make_spec(case, batch_size=batch_size, schedule="one_cycle", **fields)
        begun, *_, last = fit(spec)
        seconds = last.seconds - begun.seconds
        accuracy = "noise" if spec.dataset == NOISE else f"{100 * (last.val_accuracy or 0):.2f} %"
        epochs = spec.epochs or 1
        print(f"{case:48}{epochs:7}{batch_size:7}{seconds:9.2f}{seconds / epochs:9.3f}{accuracy:>10}", flush=True)


def show_peaks(networks: Sequence[str], batches: Sequence[int]) -> None:
    """Print the predicted and the measured peak of runs of three steps with Adam, at each network's own input size."""
    print(f"\n{'memory of a run, MiB':24}{'batch':>7}{'predicted':>12}{'measured':>12}{'error':>9}")
    errors = []
    for name in networks:
        for batch_size in batches:
            size = registry.get(name).input_size[1]
            try:
                *_, last = fit(
                    RunSpec(name, NOISE, steps=3, batch_size=batch_size, validation_share=0, input_size=size)
                )
            except CannotTrainError as error:
                print(f"{name:24}{batch_size:7}  {error}", flush=True)
                continue
            assert last.predicted_bytes is not None
            assert last.memory_bytes is not None
            errors.append(100 * (last.predicted_bytes / last.memory_bytes - 1))
            predicted, measured = (peak / 2**20 for peak in (last.predicted_bytes, last.memory_bytes))
            print(f"{name:24}{batch_size:7}{predicted:12,.1f}{measured:12,.1f}{errors[-1]:8.2f}%", flush=True)
    print(f"median error {median(map(abs, errors)):.2f} %, largest {max(map(abs, errors)):.2f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round, after a second of warming up")
    parser.add_argument("--threads", type=int, help="of torch on the CPU; as many as torch takes without")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    precision = choose_precision(RunSpec("lenet5_modern", "digits", epochs=1), DEVICE)
    print(
        f"torch {torch.__version__}, torchvision {torchvision.__version__}, {describe(DEVICE)}, {precision}, batch 128"
    )
    print(f"{'':30}{'compared with':52}{'its img/s':>12}{'fit, img/s':>12}{'ratio':>8}")
    with mock.patch.dict(data._BY_NAME, {NOISE: noise(50_000, 10_000)}):
        for case in CASES:
            compare_with_bare_loop(case, args.rounds, args.seconds)
            compare_with_loader(case, args.rounds, args.seconds)
        if DEVICE.type == "cuda":
            show_absolute_times()
    if DEVICE.type == "cuda":
        data.load.cache_clear()
        with mock.patch.dict(data._BY_NAME, {NOISE: noise(2 * max(PEAK_BATCHES), 8)}):
            show_peaks(PEAK_NETWORKS, PEAK_BATCHES)
    else:
        print("The times of whole runs and the peaks of memory were skipped: there is no CUDA device here.")


if __name__ == "__main__":
    main()

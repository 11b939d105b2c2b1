"""Predicted memory of a training step against the real one on a GPU, or against torch's MemTracker without a GPU.

python benchmarks/memory.py [--precision bfloat16] [--optimizer adam] [--networks resnet50 ...] [--batches 8 32 128]
"""

from __future__ import annotations

import argparse
import time
from contextlib import nullcontext
from statistics import median

import torch
import torchvision
from torch import nn
from torch.distributed._tools.mem_tracker import MemTracker

from explorer import registry
from explorer.analysis.memory import training_memory
from explorer.analysis.training_step import OPTIMIZERS, PRECISIONS, step_loss

NETWORKS = (
    *("alexnet", "vgg16", "googlenet", "inception_v3", "resnet50", "resnet152"),
    *("densenet121", "squeezenet1_1", "mobilenet_v2", "efficientnet_b0"),
)
MIB = 2**20


def run_step(network: nn.Module, descent: torch.optim.Optimizer, pictures: torch.Tensor, precision: str) -> None:
    """One step of an ordinary training loop."""
    targets = torch.zeros(len(pictures), dtype=torch.long, device=pictures.device)
    low = PRECISIONS[precision]
    descent.zero_grad()
    with torch.autocast(pictures.device.type, low) if low else nullcontext():
        outputs = network(pictures)
        loss = step_loss(outputs, targets)
    loss.backward()  # type: ignore[no-untyped-call]
    descent.step()


def measured_peaks(name: str, batch_size: int, optimizer: str, precision: str) -> tuple[int, int]:
    """Return the peak of the second step on the GPU: bytes allocated (in blocks), and bytes that were asked for."""
    torch.cuda.empty_cache()
    arch = registry.get(name)
    with torch.device("cuda"):
        network = arch.build().train()
        pictures = torch.randn(batch_size, *arch.input_size)
    descent = OPTIMIZERS[optimizer](network.parameters())
    run_step(network, descent, pictures, precision)
    torch.cuda.reset_peak_memory_stats()
    run_step(network, descent, pictures, precision)
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated(), torch.cuda.memory_stats()["requested_bytes.all.peak"]


def tracked_peak(name: str, batch_size: int, optimizer: str) -> int:
    """Return MemTracker's peak of two steps on the meta device."""
    arch = registry.get(name)
    with torch.device("meta"):
        network = arch.build().train()
        pictures = torch.empty(batch_size, *arch.input_size)
    descent = OPTIMIZERS[optimizer](network.parameters())
    tracker = MemTracker()
    tracker.track_external(network, descent, pictures)
    with tracker:
        run_step(network, descent, pictures, "float32")
        tracker.reset_mod_stats()
        run_step(network, descent, pictures, "float32")
    peak: int = tracker.get_tracker_snapshot("peak")[torch.device("meta")]["Total"]
    return peak


def compare_with_gpu(args: argparse.Namespace) -> None:
    print(f"{torch.cuda.get_device_name()}, second step, cuDNN benchmark off, default TF32; MiB")
    print(f"{'network':16}{'batch':>6}{'predicted':>12}{'allocated':>12}{'error':>9}{'requested':>12}{'error':>9}")
    errors = []
    for name in args.networks:
        for batch_size in args.batches:
            predicted = training_memory(name, batch_size, args.optimizer, precision=args.precision).peak
            allocated, requested = measured_peaks(name, batch_size, args.optimizer, args.precision)
            error, of_requested = (100 * (predicted / real - 1) for real in (allocated, requested))
            errors.append(abs(error))
            print(
                f"{name:16}{batch_size:6}{predicted / MIB:12,.1f}{allocated / MIB:12,.1f}{error:8.2f}%"
                f"{requested / MIB:12,.1f}{of_requested:8.2f}%",
                flush=True,
            )
    print(f"median error {median(errors):.2f} %, largest {max(errors):.2f} %")


def compare_with_tracker(args: argparse.Namespace) -> None:
    print("No CUDA device: against MemTracker, which follows two steps on the meta device in float32; MiB")
    print(f"{'network':16}{'batch':>6}{'predicted':>12}{'in ms':>8}{'MemTracker':>12}{'in ms':>8}{'ratio':>10}")
    for name in args.networks:
        for batch_size in args.batches:
            start = time.perf_counter()
            predicted = training_memory(name, batch_size, args.optimizer, precision=args.precision).peak
            between = time.perf_counter()
            tracked = tracked_peak(name, batch_size, args.optimizer)
            end = time.perf_counter()
            print(
                f"{name:16}{batch_size:6}{predicted / MIB:12,.1f}{1000 * (between - start):8.0f}"
                f"{tracked / MIB:12,.1f}{1000 * (end - between):8.0f}{predicted / tracked:10.6f}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", default=NETWORKS)
    parser.add_argument("--batches", nargs="+", type=int, default=(8, 32, 128))
    parser.add_argument("--optimizer", choices=tuple(OPTIMIZERS), default="adam")
    parser.add_argument("--precision", choices=tuple(PRECISIONS), default="float32")
    args = parser.parse_args()
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, {args.optimizer}, {args.precision}")
    training_memory("lenet5_modern")  # the first step imports what torch runs on the meta device
    if torch.cuda.is_available():
        compare_with_gpu(args)
    else:
        compare_with_tracker(args)


if __name__ == "__main__":
    main()

"""What explorer.training is compared with: a bare PyTorch loop, and the usual DataLoader. It prints nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset
from torchvision import transforms

from explorer.training import RunSpec, choose_device
from explorer.training.device import layout
from explorer.training.learner import build_network, choose_precision, make_optimizer
from explorer.training.selection import Selection

Batches = Iterator[tuple[Tensor, Tensor]]

DEVICE = choose_device()
EVERY = slice(None)
LAYOUT = layout(DEVICE)


def plain_steps(spec: RunSpec, batches: Batches) -> Iterator[None]:
    """Train on these batches as a plain loop does, a step each time it is asked."""
    network = build_network(spec, DEVICE)
    optimizer = make_optimizer(spec, network)
    low = choose_precision(spec, DEVICE) == "bfloat16"
    for pictures, labels in batches:
        optimizer.zero_grad()
        with torch.autocast(DEVICE.type, torch.bfloat16) if low else nullcontext():
            loss = F.cross_entropy(network(pictures), labels)
        loss.backward()
        optimizer.step()
        yield


def bare_batches(spec: RunSpec, selection: Selection) -> Batches:
    """Yield batches of pictures that live on the device, without augmentation."""
    images, labels = selection.train.images(EVERY).to(DEVICE), selection.train.labels.to(DEVICE)
    while True:
        order = torch.randperm(len(labels), device=DEVICE)
        for chosen in order.split(spec.batch_size)[: len(labels) // spec.batch_size]:
            pictures = images.index_select(0, chosen).to(torch.float32, memory_format=LAYOUT)
            yield pictures.sub_(128).mul_(1 / 64), labels[chosen]


class PicturesOneByOne(TorchDataset[tuple[Tensor, int]]):
    """What torchvision's CIFAR10 does with each picture: PIL, crop, mirror, tensor, normalise."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self.arrays = images.squeeze(1).numpy() if images.shape[1] == 1 else images.permute(0, 2, 3, 1).numpy()
        self.labels = labels.tolist()
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(images.shape[-1], padding=4),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize([0.5] * images.shape[1], [0.25] * images.shape[1]),
            ]
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        return self.transform(Image.fromarray(self.arrays[i])), self.labels[i]


def loader_batches(spec: RunSpec, selection: Selection, workers: int) -> Batches:
    """Yield batches from a DataLoader with this many worker processes."""
    loader = DataLoader(
        PicturesOneByOne(selection.train.images(EVERY), selection.train.labels),
        spec.batch_size,
        shuffle=True,
        drop_last=True,
        num_workers=workers,
        pin_memory=DEVICE.type == "cuda",
        persistent_workers=workers > 0,
    )
    while True:
        for pictures, labels in loader:
            moved = pictures.to(DEVICE, memory_format=LAYOUT, non_blocking=True)
            yield moved, labels.to(DEVICE, non_blocking=True)

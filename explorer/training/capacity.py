"""Whether a run fits in the memory of its device, and which batch would."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import Any

import torch

from explorer import registry, units
from explorer.analysis import largest_batch, training_memory
from explorer.training.batches import device_bytes
from explorer.training.events import CannotTrainError
from explorer.training.learner import choose_precision
from explorer.training.selection import Selection
from explorer.training.spec import RunSpec

FEWEST_PICTURES = 2  # in a batch: batch norm needs two
SAFE_SHARE = 0.8  # of what is free, for a batch that is sure to fit where the prediction was too low
OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "STATUS_ALLOC_FAILED")  # the last by cuBLAS and cuDNN


def predict_peak(spec: RunSpec, train: int, validation: int, device: torch.device) -> int:
    """Return the most bytes that a run takes: so many pictures, and a step as explorer.analysis predicts it."""
    return device_bytes(spec, train, validation) + _predict_step(spec, min(spec.batch_size, train), device)


def check_peak(spec: RunSpec, selection: Selection, device: torch.device, free: int) -> int:
    """Return the most bytes that the run takes; nothing of it need be loaded yet.

    More than are free raises CannotTrainError with what would fit: a batch, or fewer or smaller pictures.
    """
    peak = predict_peak(spec, len(selection.train), len(selection.validation), device)
    if peak > free:
        raise _too_large(spec, selection, device, free, f"takes {units.short_bytes(peak)} of memory")
    return peak


def _predict_step(spec: RunSpec, batch_size: int, device: torch.device) -> int:
    """Return the most bytes that one step of a run takes, without its pictures."""
    step = training_memory(batch_size=batch_size, **_request(spec, device))
    # A fused optimizer makes no tensors in passing: its step takes no more than what is live before it.
    is_fused = spec.optimizer != "rmsprop"
    return max(moment.live for moment in step.curve if not (is_fused and moment.phase == "optimizer"))


def explain_out_of_memory(spec: RunSpec, selection: Selection, device: torch.device, free: int) -> CannotTrainError:
    """Return the error for a run that was predicted to fit and did not."""
    return _too_large(spec, selection, device, int(SAFE_SHARE * free), "ran out of memory")


def is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether torch raised this because a device's memory is full."""
    return isinstance(error, torch.OutOfMemoryError) or any(words in str(error) for words in OUT_OF_MEMORY)


def _too_large(spec: RunSpec, selection: Selection, device: torch.device, free: int, what: str) -> CannotTrainError:
    train, validation = len(selection.train), len(selection.validation)
    pictures, batch_size = device_bytes(spec, train, validation), min(spec.batch_size, train)
    left_for_step = max(0, free - pictures)
    fits = min(largest_batch(left_for_step, **_request(spec, device)), batch_size - 1)
    left_for_pictures = free - _predict_step(spec, min(FEWEST_PICTURES, train), device)
    if not fits and 0 < left_for_pictures < pictures:
        return _too_many(spec, train, validation, left_for_pictures)
    advice = f"A batch of {fits:,} would fit." if fits else "No batch would fit."
    title = registry.get(spec.architecture).title
    left = f"{units.short_bytes(left_for_step)} are free for it"
    return CannotTrainError(f"{title} with a batch of {batch_size:,} {what}, and {left}. {advice}", fits)


def _too_many(spec: RunSpec, train: int, validation: int, free: int) -> CannotTrainError:
    """Return the error for pictures that leave no room to train, with how many or how large ones would fit."""
    _, height, width = spec.input_shape
    fewer = (free - device_bytes(spec, 0, validation)) // device_bytes(spec, 1, 0)
    least, _ = registry.get(spec.architecture).size_range(spec.options)
    sides = range(least, height)
    count = bisect_right(sides, free, key=lambda side: device_bytes(replace(spec, input_size=side), train, validation))
    ways = [f"{fewer:,} training pictures"] if fewer >= FEWEST_PICTURES else []
    ways += [f"a size of {units.shape((sides[count - 1],) * 2)}"] if count else []
    advice = f"What would fit: {', or '.join(ways)}." if ways else "No batch would fit."
    return CannotTrainError(
        f"{train + validation:,} pictures of {units.shape((height, width))} pixels take "
        f"{units.short_bytes(device_bytes(spec, train, validation))} of memory, and {units.short_bytes(free)} are free "
        f"for them. {advice}",
        largest_batch=0,
    )


def _alike(spec: RunSpec) -> str:
    """Return the optimizer that explorer.analysis knows and that keeps as much for each weight."""
    if spec.optimizer in ("adam", "adamw"):
        return "adam"
    buffers = (spec.optimizer == "rmsprop") + (spec.optimizer != "sgd" and spec.momentum > 0)
    return ("sgd", "momentum", "adam")[buffers]


def _request(spec: RunSpec, device: torch.device) -> dict[str, Any]:
    """Return what explorer.analysis asks for to know the network and how it is trained."""
    return {
        "name": spec.architecture,
        "optimizer": _alike(spec),
        "input_size": spec.input_shape,
        "num_classes": spec.num_classes,
        "options": spec.options,
        "precision": choose_precision(spec, device),
    }

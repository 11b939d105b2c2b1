"""Whether a run fits in the memory of its device, and which batch would."""

from __future__ import annotations

from typing import Any

import torch

from explorer import registry, units
from explorer.analysis import largest_batch, training_memory
from explorer.training.batches import device_bytes
from explorer.training.events import CannotTrainError
from explorer.training.learner import choose_precision
from explorer.training.selection import Selection
from explorer.training.spec import RunSpec

SAFE_SHARE = 0.8  # of what is free, for a batch that is sure to fit where the prediction was too low


def predict_peak(spec: RunSpec, selection: Selection, device: torch.device, free: int) -> int:
    """Return the most bytes that the run takes: its pictures, and a training step as explorer.analysis predicts it.

    More than are free raises CannotTrainError with the batch that would fit.
    """
    pictures = _picture_bytes(spec, selection)
    peak = pictures + predict_step(spec, _batch_size(spec, selection), device)
    if peak > free:
        raise _too_large(spec, selection, device, free - pictures, f"takes {units.short_bytes(peak)} of memory")
    return peak


def predict_step(spec: RunSpec, batch_size: int, device: torch.device) -> int:
    """Return the most bytes that one step of a run takes, without its pictures."""
    step = training_memory(batch_size=batch_size, **_request(spec, device))
    # A fused optimizer makes no tensors in passing: its step takes no more than what is live before it.
    is_fused = spec.optimizer != "rmsprop"
    return max(moment.live for moment in step.curve if not (is_fused and moment.phase == "optimizer"))


def explain_out_of_memory(spec: RunSpec, selection: Selection, device: torch.device, free: int) -> CannotTrainError:
    """Return the error for a run that was predicted to fit and did not."""
    left = int(SAFE_SHARE * free) - _picture_bytes(spec, selection)
    return _too_large(spec, selection, device, left, "ran out of memory")


def is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether torch raised this because a device's memory is full."""
    words = str(error)
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in words or "can't allocate memory" in words


def _picture_bytes(spec: RunSpec, selection: Selection) -> int:
    return device_bytes(spec, len(selection.train), len(selection.validation))


def _too_large(spec: RunSpec, selection: Selection, device: torch.device, free: int, what: str) -> CannotTrainError:
    batch_size = _batch_size(spec, selection)
    fits = min(largest_batch(max(0, free), **_request(spec, device)), batch_size - 1)
    advice = f"A batch of {fits:,} would fit." if fits else "No batch would fit."
    title = registry.get(spec.architecture).title
    left = f"{units.short_bytes(max(0, free))} are free for it"
    return CannotTrainError(f"{title} with a batch of {batch_size:,} {what}, and {left}. {advice}", fits)


def _batch_size(spec: RunSpec, selection: Selection) -> int:
    return min(spec.batch_size, len(selection.train))


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

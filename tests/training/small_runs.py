"""Runs that end soon, and their curves with an event for each step."""

from __future__ import annotations

from typing import Any

from explorer.training import Event, RunSpec, fit

FIGURES = ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "learning_rate", "first_gradient_norm")


def small(**fields: Any) -> RunSpec:
    """Return a run of twelve steps, four an epoch, of LeNet-5 on digits."""
    shared = {"pictures": 64, "validation_share": 0.05, "batch_size": 16, "epochs": 3, "learning_rate": 0.002}
    if "steps" in fields or "seconds" in fields:
        del shared["epochs"]
    return RunSpec(**{"architecture": "lenet5_modern", "dataset": "digits", **shared, **fields})


def curve(spec: RunSpec, **how: Any) -> dict[int, tuple[Any, ...]]:
    """Return the figures of each step that was told; those that depend on the clock are not among them."""
    return figures(list(fit(spec, device="cpu", **how)))


def figures(events: list[Event]) -> dict[int, tuple[Any, ...]]:
    """Return what these events tell of each step."""
    return {event.step: tuple(getattr(event, name) for name in FIGURES) for event in events[1:]}

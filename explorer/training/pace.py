"""How fast a run is on this device, by trying a few of its steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from explorer.analysis import analyze
from explorer.training.batches import Batches
from explorer.training.capacity import predict_peak
from explorer.training.device import choose_device, free_bytes
from explorer.training.learner import Learner
from explorer.training.loop import repeatable_kernels
from explorer.training.plan import time_step_and_batch
from explorer.training.selection import select
from explorer.training.spec import RunSpec
from explorer.training.trials import Pace

TRIAL_SECONDS = 1.0
CPU_MACS = 2e9  # in the forward pass of one trial step on a CPU, a tenth of a second or a few; larger batches are cut
FEWEST_PICTURES = 2  # in a batch: batch norm needs two


def measure_pace(spec: RunSpec, device: str | None, stop: Callable[[], bool]) -> Pace:
    """Return how fast the steps of a run are, from a second of them; a `stop` ends the trial after the next.

    On a CPU a batch that takes long is cut, and its time taken in proportion. What keeps the run from being trained
    raises CannotTrainError or explorer.data.MissingDataError.
    """
    where = choose_device(device)
    spec = replace(spec, epochs=None, seconds=None, steps=1)
    selection = select(spec)
    predict_peak(spec, selection, where, free_bytes(where))
    pictures = min(spec.batch_size, len(selection.train))
    tried = min(pictures, _bearable_batch(spec) if where.type == "cpu" else pictures)
    trial = replace(spec, batch_size=tried)
    with repeatable_kernels():
        learner, batches = Learner(trial, where), Batches(trial, selection, where)
        step_seconds, batch_seconds = time_step_and_batch(learner, batches, TRIAL_SECONDS, stop)
    return Pace(step_seconds * pictures / tried, batch_seconds * pictures / tried)


def _bearable_batch(spec: RunSpec) -> int:
    analysis = analyze(
        spec.architecture, input_size=spec.input_shape, num_classes=spec.num_classes, options=spec.options
    )
    return max(FEWEST_PICTURES, math.floor(CPU_MACS / analysis.macs))

"""How fast a run is on this device, by trying a few of its steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from explorer.analysis import analyze
from explorer.training.batches import Batches
from explorer.training.capacity import FEWEST_PICTURES, check_peak, explain_out_of_memory, is_out_of_memory
from explorer.training.device import choose_device, free_bytes
from explorer.training.events import StoppedError
from explorer.training.learner import Learner
from explorer.training.loop import repeatable_kernels
from explorer.training.plan import time_act, time_step_and_batch
from explorer.training.selection import Selection, select
from explorer.training.spec import RunSpec
from explorer.training.trials import Pace

TRIAL_SECONDS = 1.0
CPU_MACS = 4e9  # in the forward pass of one trial step on a CPU, some tenths of a second; larger batches are cut


def measure_pace(spec: RunSpec, device: str | None, stop: Callable[[], bool]) -> Pace | None:
    """Return how fast the steps of a run are, from a second of them; None if it was stopped before there were any.

    No more than a batch of its pictures is loaded. On a CPU a batch that takes long is cut, and the time of its two
    passes taken in proportion. A `stop` is heard between two steps, and before each stage of getting ready. What keeps
    the run from being trained raises CannotTrainError or explorer.data.MissingDataError.
    """
    where = choose_device(device)
    free = free_bytes(where)
    spec = replace(spec, epochs=None, seconds=None, steps=1)
    selection = select(spec)
    check_peak(spec, selection, where, free)
    pictures = min(spec.batch_size, len(selection.train))
    tried = min(pictures, _bearable_batch(spec)) if where.type == "cpu" else pictures
    trial = replace(spec, batch_size=tried)
    few = Selection(selection.train.first(tried), selection.validation.first(tried), selection.is_test_set)
    try:
        with repeatable_kernels():
            batches = Batches(trial, few, where, stop)
            learner = Learner(trial, where)
            if stop():
                return None
            step_seconds, batch_seconds = time_step_and_batch(learner, batches, TRIAL_SECONDS, stop)
            fixed = 0.0 if tried == pictures else time_act(learner.optimizer.step, learner, TRIAL_SECONDS / 10, stop)
    except StoppedError:
        return None
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise explain_out_of_memory(spec, selection, where, free) from error
    grows = max(0.0, step_seconds - fixed)  # with the batch; what the optimizer does, does not
    return Pace(fixed + grows * pictures / tried, batch_seconds / len(few.validation))


def _bearable_batch(spec: RunSpec) -> int:
    analysis = analyze(
        spec.architecture, input_size=spec.input_shape, num_classes=spec.num_classes, options=spec.options
    )
    return max(FEWEST_PICTURES, math.floor(CPU_MACS / analysis.macs))

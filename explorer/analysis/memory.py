"""The memory of one training step, without a GPU and without weights: the step is run on the meta device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from explorer import registry
from explorer.analysis.meta_device import network_on_meta
from explorer.analysis.step_profile import PICTURES, Moment, StepProfile
from explorer.analysis.storage_trace import PHASES
from explorer.analysis.training_step import OPTIMIZERS, PRECISIONS, trace_gradients, trace_optimizer
from explorer.architecture import is_whole

if TYPE_CHECKING:
    from explorer.architecture import OptionValue

MOST_PICTURES = 65_536  # in a batch


@dataclass(frozen=True)
class Phase:
    """A part of the step, as a range of the curve: the moments from `start` to before `stop`."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True)
class TrainingMemory:
    """The live bytes of one training step. The five parts are those at the peak, and add up to it exactly.

    `activations` is what the forward pass and the loss make, and the batch itself. `other` is what the backward pass
    and the optimizer make in passing, the gradients of activations above all, and the network's buffers.
    """

    name: str
    batch_size: int
    optimizer: str
    precision: str
    params: int
    gradients: int
    optimizer_state: int
    activations: int
    other: int
    peak: int
    peak_at: int  # its place in the curve
    curve: tuple[Moment, ...]  # a moment for each operation that changes what is live
    phases: tuple[Phase, ...]

    @property
    def peak_moment(self) -> Moment:
        return self.curve[self.peak_at]


def training_memory(
    name: str,
    batch_size: int = 32,
    optimizer: str = "adam",
    *,
    input_size: tuple[int, int, int] | None = None,
    num_classes: int | None = None,
    options: Mapping[str, Any] | None = None,
    precision: str = "float32",
) -> TrainingMemory:
    """Return the memory of one training step of a registered network, as torch would use it on a GPU.

    The step is forward, cross-entropy, backward, optimizer, as in any later step than the first: the optimizer's state
    exists, and gradients start as None. Optimizers are those of torch.optim with foreach, their default on CUDA, and no
    weight decay; "bfloat16" is torch.autocast, with weights and optimizer in float32. Not in the figure: CUDA's own
    context, workspaces of cuDNN and cuBLAS, and what the allocator holds in reserve.

    A network, option, input, optimizer, precision or batch that is not allowed raises KeyError or ValueError.
    """
    if not is_whole(batch_size) or not 1 <= batch_size <= MOST_PICTURES:
        raise ValueError(f"A batch is a whole number of pictures from 1 to {MOST_PICTURES:,}, not {batch_size!r}.")
    return _training_memory(_request(name, optimizer, input_size, num_classes, options, precision), batch_size)


def largest_batch(
    memory_bytes: int,
    name: str,
    optimizer: str = "adam",
    *,
    input_size: tuple[int, int, int] | None = None,
    num_classes: int | None = None,
    options: Mapping[str, Any] | None = None,
    precision: str = "float32",
) -> int:
    """Return the largest batch whose training step fits in this many bytes, 0 where not even one picture does."""
    request = _request(name, optimizer, input_size, num_classes, options, precision)
    fits = _step(request, PICTURES).largest_batch(memory_bytes)
    if fits >= 2:
        return fits
    try:
        return int(_step(request, 1).peak(1) <= memory_bytes)
    except ValueError:  # one picture is not enough for its batch norms
        return 0


class _Request(NamedTuple):
    """What to train, checked and hashable."""

    name: str
    optimizer: str
    input_size: tuple[int, int, int]
    num_classes: int
    options: tuple[tuple[str, OptionValue], ...]
    precision: str


def _request(
    name: str,
    optimizer: str,
    input_size: tuple[int, int, int] | None,
    num_classes: int | None,
    options: Mapping[str, Any] | None,
    precision: str,
) -> _Request:
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"The optimizer can be {' or '.join(OPTIMIZERS)}, not {optimizer!r}.")
    if precision not in PRECISIONS:
        raise ValueError(f"The precision can be {' or '.join(PRECISIONS)}, not {precision!r}.")
    arch = registry.get(name)
    values = arch.check_options(options)
    size = arch.check_input_size(input_size, values)
    return _Request(name, optimizer, size, arch.check_classes(num_classes), tuple(sorted(values.items())), precision)


@lru_cache(maxsize=64)
def _training_memory(request: _Request, batch_size: int) -> TrainingMemory:
    curve = _step(request, 1 if batch_size == 1 else PICTURES).moments(batch_size)
    peak_at = max(range(len(curve)), key=lambda i: curve[i].live)
    peak = curve[peak_at]
    return TrainingMemory(
        name=request.name,
        batch_size=batch_size,
        optimizer=request.optimizer,
        precision=request.precision,
        params=peak.params,
        gradients=peak.gradients,
        optimizer_state=peak.optimizer_state,
        activations=peak.activations,
        other=peak.other,
        peak=peak.live,
        peak_at=peak_at,
        curve=curve,
        phases=_phases(curve),
    )


def _phases(curve: tuple[Moment, ...]) -> tuple[Phase, ...]:
    stops = [sum(moment.phase in PHASES[: i + 1] for moment in curve) for i in range(len(PHASES))]
    return tuple(map(Phase, PHASES, (0, *stops[:-1]), stops))


@lru_cache(maxsize=256)
def _step(request: _Request, pictures: int) -> StepProfile:
    """Return a step of one picture, or one of PICTURES, which stands for all larger batches."""
    passes = _passes(request._replace(optimizer=""), pictures)
    return passes.then(_optimizer(request.name, request.num_classes, request.options, request.optimizer))


@lru_cache(maxsize=256)
def _passes(request: _Request, pictures: int) -> StepProfile:
    """Trace a forward and a backward pass, which are the same for all optimizers."""
    try:
        with _gradients_allowed(), network_on_meta(request.name, request.num_classes, request.options) as network:
            batch = torch.empty(pictures, *request.input_size, device="meta")
            return StepProfile.of(trace_gradients(network, batch, request.precision))
    except ValueError as error:
        if pictures == 1 and "more than 1 value per channel" in str(error):
            title = registry.get(request.name).title
            raise ValueError(
                f"{title} cannot be trained on one picture at a time: batch norm needs more than one value a map."
            ) from error
        raise


@lru_cache(maxsize=256)
def _optimizer(name: str, num_classes: int, options: tuple[tuple[str, OptionValue], ...], kind: str) -> StepProfile:
    """Trace an optimizer's step, which is the same for all inputs, batches and precisions."""
    with _gradients_allowed(), network_on_meta(name, num_classes, options) as network:
        return StepProfile.of(trace_optimizer(network, kind))


@contextmanager
def _gradients_allowed() -> Iterator[None]:
    """Compute gradients, whatever the caller has switched off."""
    with torch.inference_mode(False), torch.enable_grad():
        yield

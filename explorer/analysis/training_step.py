"""One training step on the meta device, and what it holds in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.analysis.cuda_rules import CudaRules
from explorer.analysis.meta_device import each_call
from explorer.analysis.storage_trace import StorageTrace
from explorer.analysis.trace import ONE_AT_A_TIME

AUXILIARY_WEIGHT = 0.3  # of an auxiliary head's loss (Szegedy et al. 2014, section 5)
PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16}
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": partial(torch.optim.SGD, foreach=True),
    "momentum": partial(torch.optim.SGD, momentum=0.9, foreach=True),
    "adam": partial(torch.optim.Adam, foreach=True),
}
_STATE = {"sgd": (), "momentum": ("momentum_buffer",), "adam": ("exp_avg", "exp_avg_sq")}  # one a parameter, its size


def trace_gradients(
    network: nn.Module, pictures: Tensor, precision: str = "float32", *, exact: bool = False
) -> StorageTrace:
    """Follow a forward and a backward pass of a network on the meta device; `exact` is that of StorageTrace.

    Gradients are None at the start. As in a training loop, the network's outputs are kept until the end.
    """
    targets = torch.empty(pictures.shape[0], dtype=torch.long, device="meta")
    trace = StorageTrace(exact)
    trace.hold((pictures, targets), "activations")
    trace.hold(network.buffers(), "other")
    trace.hold(network.parameters(), "params")
    with ONE_AT_A_TIME, trace:
        with _rules(network, precision), each_call(network, trace.run, training=True):
            outputs = network(pictures)
            trace.phase = "loss"
            loss = step_loss(outputs, targets)
        trace.phase = "backward"
        loss.backward()  # type: ignore[no-untyped-call]
        trace.hold((p.grad for p in network.parameters() if p.grad is not None), "gradients")
    return trace


def trace_optimizer(network: nn.Module, optimizer: str, *, exact: bool = False) -> StorageTrace:
    """Follow the optimizer's step that comes after: any but the first, so the optimizer has its state.

    Each parameter of every network here has a gradient then.
    """
    params = [p for p in network.parameters() if p.requires_grad]
    trace = StorageTrace(exact)
    descent = _with_state(optimizer, params)
    gradients = [torch.empty(p.shape, dtype=p.dtype, device="meta") for p in params]
    for p, gradient in zip(params, gradients, strict=True):
        p.grad = gradient
    trace.hold(params, "params")
    trace.hold(gradients, "gradients")
    trace.hold((descent.state[p][key] for p in params for key in _STATE[optimizer]), "optimizer_state")
    trace.phase = "optimizer"
    with ONE_AT_A_TIME, trace:
        descent.step()
    return trace


def _with_state(optimizer: str, params: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    """Return an optimizer of torch with the state it has after its first step; Adam's step counts are on the CPU."""
    descent = OPTIMIZERS[optimizer](params)
    for p, step in zip(params, torch.ones(len(params), device="cpu").unbind(), strict=True):
        buffers = {key: torch.empty(p.shape, dtype=p.dtype, device="meta") for key in _STATE[optimizer]}
        descent.state[p] = {"step": step, **buffers}
    return descent


def _rules(network: nn.Module, precision: str) -> AbstractContextManager[Any]:
    """Return what makes the forward pass run as on CUDA, where that differs from the meta device."""
    low = PRECISIONS[precision]
    has_attention = any(isinstance(module, nn.MultiheadAttention) for module in network.modules())
    return CudaRules(low) if low or has_attention else nullcontext()


def step_loss(outputs: Any, targets: Tensor) -> Tensor:
    """Return the cross-entropy of the outputs; those of auxiliary heads, if any, come after the main one."""
    main, *auxiliary = (outputs,) if isinstance(outputs, Tensor) else (o for o in outputs if o is not None)
    loss = F.cross_entropy(main, targets)
    for output in auxiliary:
        loss = loss + AUXILIARY_WEIGHT * F.cross_entropy(output, targets)
    return loss

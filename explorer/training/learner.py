"""A network that learns on a device: one training step, and how well it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer import registry
from explorer.training.device import layout
from explorer.training.scores import Recent
from explorer.training.seeds import default_generator, mix
from explorer.training.spec import RunSpec

AUXILIARY_WEIGHT = 0.3  # of an auxiliary head's loss (Szegedy et al. 2014, section 5)
DROPOUTS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)


class Learner:
    """A network and its optimizer. The same seed gives the same first weights on every device."""

    def __init__(self, spec: RunSpec, device: torch.device) -> None:
        self.spec = spec
        self.network = build_network(spec, device)
        self.optimizer = make_optimizer(spec, self.network)
        self.recent = Recent()
        self.device = device
        self._label_count = len(spec.label_names)
        self.precision = choose_precision(spec, device)
        self._generator = default_generator(device)
        weights = [module.weight for module in self.network.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
        self._first, self._last = weights[0], weights[-1]

    def train(self, step: int, pictures: Tensor, labels: Tensor, rate: float) -> None:
        """Take one training step. What dropout draws is a pure function of the seed and the step."""
        self._generator.manual_seed(mix(self.spec.seed, "step", step))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        with self._autocast():
            logits, *auxiliary = _as_tuple(self.network(pictures))
            loss = F.cross_entropy(logits, labels)
            total = loss
            for head in auxiliary:
                total = total + AUXILIARY_WEIGHT * F.cross_entropy(head, labels)
        total.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        self.recent.add(loss.detach(), logits.detach()[:, : self._label_count], labels)

    @torch.inference_mode()
    def answer(
        self, batches: Iterable[tuple[Tensor, Tensor]], stop: Callable[[], bool] = lambda: False
    ) -> tuple[Tensor, Tensor] | None:
        """Return the logits, in float32, and the labels of all these pictures, in eval mode; None if it was stopped."""
        self.network.eval()
        if self.spec.dropout_while_measuring:
            for module in self.network.modules():
                if isinstance(module, DROPOUTS):
                    module.train()
        answers = []
        try:
            for pictures, labels in batches:
                if stop():
                    return None
                with self._autocast():
                    answers.append((self.network(pictures).float(), labels))
        finally:
            self.network.train()
        logits, all_labels = zip(*answers, strict=True)
        return torch.cat(logits), torch.cat(all_labels)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Take back, in the end, all that was learned within."""
        first = {name: value.clone() for name, value in self.network.state_dict().items()}
        try:
            yield
        finally:
            self.network.load_state_dict(first)
            self.optimizer = make_optimizer(self.spec, self.network)
            self.recent = Recent()

    def held_bytes(self) -> int:
        """Return what it holds between two steps: weights, buffers, the optimizer's state. It forgets the gradients."""
        self.optimizer.zero_grad()
        states = (state.values() for state in self.optimizer.state.values())
        held = (*self.network.state_dict().values(), *(value for state in states for value in state))
        return sum(value.nbytes for value in held if isinstance(value, Tensor))

    @property
    def rate(self) -> float:
        """The learning rate of the latest step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def gradient_norms(self) -> tuple[float | None, float | None]:
        """Return the norms of the latest gradients of the weights of the first and of the last layer."""
        grads = (self._first.grad, self._last.grad)
        first, last = (None if grad is None else float(grad.norm()) for grad in grads)
        return first, last

    def _autocast(self) -> AbstractContextManager[Any]:
        return torch.autocast(self.device.type, torch.bfloat16) if self.precision == "bfloat16" else nullcontext()


def choose_precision(spec: RunSpec, device: torch.device) -> str:
    """Return "float32" or "bfloat16"."""
    if spec.precision == "auto":
        has_bfloat16 = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        return "bfloat16" if has_bfloat16 else "float32"
    return spec.precision


def build_network(spec: RunSpec, device: torch.device) -> nn.Module:
    """Return the network of a run in training mode, laid out for its device."""
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(mix(spec.seed, "weights"))
        network = registry.get(spec.architecture).build(spec.num_classes, **spec.options)
    return network.train().to(device, memory_format=layout(device))  # type: ignore[call-overload,no-any-return]


def make_optimizer(spec: RunSpec, network: nn.Module) -> torch.optim.Optimizer:
    """Return the optimizer of a run; where torch has it, one kernel steps all weights."""
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    shared: dict[str, Any] = {"lr": spec.learning_rate, "weight_decay": spec.weight_decay}
    if spec.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, momentum=spec.momentum, **shared)
    if spec.optimizer in ("adam", "adamw"):
        kind = torch.optim.Adam if spec.optimizer == "adam" else torch.optim.AdamW
        return kind(weights, fused=True, **shared)
    momentum = 0.0 if spec.optimizer == "sgd" else spec.momentum
    return torch.optim.SGD(weights, momentum=momentum, nesterov=spec.optimizer == "nesterov", fused=True, **shared)


def _as_tuple(outputs: Any) -> tuple[Tensor, ...]:
    """Return the logits and those of the auxiliary heads, if any."""
    return (outputs,) if isinstance(outputs, Tensor) else tuple(output for output in outputs if output is not None)

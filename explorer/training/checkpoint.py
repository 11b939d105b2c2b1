"""A run at one of its steps, as one safetensors file: tensors, and the rest as JSON in its header. No pickle.

The tensors are `network/<name>` for the network's parameters and buffers, and `optimizer/<name of the parameter>/<key>`
for what the optimizer keeps of each parameter, as torch.optim calls it ("exp_avg", "momentum_buffer", "step"). Neither
random numbers nor the order of the pictures need to be kept: they are pure functions of the seed and the step.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from explorer.training.events import Plan
from explorer.training.learner import Learner
from explorer.training.scores import Score
from explorer.training.spec import RunSpec

FORMAT = "1"


@dataclass
class Progress:
    """How far a run is: all of its state but the weights and the optimizer's."""

    step: int = 0
    measured_step: int = 0  # the latest after which the validation pictures were measured
    seconds: float = 0.0
    recent: list[Score] = field(default_factory=list)  # of the latest training steps
    val_losses: list[float] = field(default_factory=list)  # of every measurement


@dataclass(frozen=True)
class Checkpoint:
    """A run at a step.

    Its network is given bytes less `pixel_mean`, divided by `pixel_deviation`, a channel each.
    """

    spec: RunSpec
    plan: Plan
    progress: Progress
    labels: tuple[str, ...]
    pixel_mean: tuple[float, ...]
    pixel_deviation: tuple[float, ...]
    network: dict[str, Tensor]
    optimizer: dict[str, dict[str, Tensor]]  # by name of the parameter

    @classmethod
    def capture(
        cls, learner: Learner, plan: Plan, progress: Progress, mean: list[float], deviation: list[float]
    ) -> Checkpoint:
        """Return the run as it is now; the tensors are the learner's own, so write them before it goes on."""
        names: dict[Tensor, str] = {parameter: name for name, parameter in learner.network.named_parameters()}
        kept = {names[parameter]: _tensors(state) for parameter, state in learner.optimizer.state.items()}
        spec = learner.spec
        weights = learner.network.state_dict()
        return cls(spec, plan, progress, spec.label_names, tuple(mean), tuple(deviation), weights, kept)

    def to_bytes(self) -> bytes:
        """Return the file."""
        tensors = {f"network/{name}": tensor for name, tensor in self.network.items()}
        for name, state in self.optimizer.items():
            tensors |= {f"optimizer/{name}/{key}": tensor for key, tensor in state.items()}
        run = {
            "spec": json.loads(self.spec.to_json()),
            "plan": self.plan.to_dict(),
            "progress": dataclasses.asdict(self.progress),
            "labels": self.labels,
            "pixel_mean": self.pixel_mean,
            "pixel_deviation": self.pixel_deviation,
        }
        on_cpu = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        return save(on_cpu, {"format": FORMAT, "run": json.dumps(run)})

    @classmethod
    def from_bytes(cls, content: bytes) -> Checkpoint:
        """Return what `to_bytes` wrote, on the CPU. Anything else raises ValueError."""
        try:
            tensors = load(content)
            (length,) = struct.unpack_from("<Q", content)
            metadata = json.loads(content[8 : 8 + length]).get("__metadata__", {})
        except (SafetensorError, struct.error) as error:
            raise ValueError(f"This is no checkpoint: {error}.") from None
        if metadata.get("format") != FORMAT:
            raise ValueError("This safetensors file is no checkpoint of a run.")
        try:
            return cls._from_parts(json.loads(metadata["run"]), tensors)
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise ValueError(f"This checkpoint was changed or damaged: {error}") from None

    @classmethod
    def _from_parts(cls, run: dict[str, Any], tensors: dict[str, Tensor]) -> Checkpoint:
        progress = run["progress"]
        recent = [Score(*map(float, pair)) for pair in progress["recent"]]
        network: dict[str, Tensor] = {}
        optimizer: dict[str, dict[str, Tensor]] = {}
        for path, tensor in tensors.items():
            kind, name, *key = path.split("/")
            if kind == "network":
                network[name] = tensor
            else:
                optimizer.setdefault(name, {})[key[0]] = tensor
        return cls(
            spec=RunSpec(**run["spec"]),
            plan=Plan(**run["plan"]),
            progress=Progress(**{**progress, "recent": recent}),
            labels=tuple(run["labels"]),
            pixel_mean=tuple(map(float, run["pixel_mean"])),
            pixel_deviation=tuple(map(float, run["pixel_deviation"])),
            network=network,
            optimizer=optimizer,
        )

    def put_weights(self, network: nn.Module) -> None:
        """Put the weights into a network of the same spec. Weights of another network raise ValueError."""
        try:
            network.load_state_dict(self.network)
        except RuntimeError:
            raise ValueError("The weights in this checkpoint are not those of its network.") from None

    def restore(self, learner: Learner) -> None:
        """Put the weights and the optimizer's state into a learner of the same spec. Others raise ValueError."""
        self.put_weights(learner.network)
        learner.recent.restore(self.progress.recent)
        parameters = dict(learner.network.named_parameters())
        is_fused = bool(learner.optimizer.defaults.get("fused"))
        try:
            for name, state in self.optimizer.items():
                parameter = parameters[name]
                learner.optimizer.state[parameter] = {
                    key: _step_count(value, parameter, is_fused) if key == "step" else _laid_out_like(parameter, value)
                    for key, value in state.items()
                }
        except (KeyError, RuntimeError):
            raise ValueError("What the optimizer keeps in this checkpoint does not belong to its network.") from None


def _tensors(state: dict[str, Any]) -> dict[str, Tensor]:
    return {key: value for key, value in state.items() if isinstance(value, Tensor)}


def _step_count(value: Tensor, parameter: nn.Parameter, is_fused: bool) -> Tensor:
    """Return the optimizer's count of steps where torch looks for it."""
    return value.to(parameter.device if is_fused else "cpu")


def _laid_out_like(parameter: nn.Parameter, value: Tensor) -> Tensor:
    """Return a value on the parameter's device, with its strides: fused kernels walk through both in memory order."""
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value.view(parameter.shape))

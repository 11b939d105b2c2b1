"""One training step and one measurement, against the same done by hand with torch."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from small_runs import small
from torch import Tensor, nn

from explorer.training.batches import Batches
from explorer.training.learner import Learner, build_network, choose_precision
from explorer.training.selection import select
from explorer.training.spec import OPTIMIZERS, RunSpec

CPU = torch.device("cpu")
RATE = 0.01
TORCH = {
    "sgd": lambda weights: torch.optim.SGD(weights, RATE, weight_decay=0.1),
    "momentum": lambda weights: torch.optim.SGD(weights, RATE, momentum=0.8, weight_decay=0.1),
    "nesterov": lambda weights: torch.optim.SGD(weights, RATE, momentum=0.8, nesterov=True, weight_decay=0.1),
    "adam": lambda weights: torch.optim.Adam(weights, RATE, weight_decay=0.1),
    "adamw": lambda weights: torch.optim.AdamW(weights, RATE, weight_decay=0.1),
    "rmsprop": lambda weights: torch.optim.RMSprop(weights, RATE, momentum=0.8, weight_decay=0.1),
}


class TwoHeads(nn.Module):
    """A network that gives an auxiliary answer while it trains."""

    def __init__(self) -> None:
        super().__init__()
        self.main, self.auxiliary = nn.Linear(4, 3), nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        return (self.main(x), self.auxiliary(x)) if self.training else self.main(x)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_optimizer_steps_as_torchs_own(optimizer: str) -> None:
    spec = small(optimizer=optimizer, momentum=0.8, weight_decay=0.1, learning_rate=RATE)
    batches = Batches(spec, select(spec), CPU)
    learner, network = Learner(spec, CPU), build_network(spec, CPU)
    theirs = TORCH[optimizer](network.parameters())
    for step in range(1, 5):
        pictures, labels = batches.train(step)
        learner.train(step, pictures, labels, RATE)
        theirs.zero_grad()
        F.cross_entropy(network(pictures), labels).backward()
        theirs.step()
    for name, weight in network.named_parameters():
        torch.testing.assert_close(learner.network.get_parameter(name), weight, rtol=1e-4, atol=1e-5)


def test_an_auxiliary_head_weighs_three_tenths() -> None:
    learner = Learner(small(optimizer="sgd"), CPU)
    learner.network = TwoHeads()
    learner.optimizer = torch.optim.SGD(learner.network.parameters(), 1.0)
    pictures, labels = torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])
    expected = TwoHeads()
    expected.load_state_dict(learner.network.state_dict())
    main, auxiliary = expected(pictures)
    (F.cross_entropy(main, labels) + 0.3 * F.cross_entropy(auxiliary, labels)).backward()
    learner.train(1, pictures, labels, 0.0)
    torch.testing.assert_close(learner.network.main.weight.grad, expected.main.weight.grad)
    torch.testing.assert_close(learner.network.auxiliary.weight.grad, expected.auxiliary.weight.grad)


def test_the_loss_that_is_shown_leaves_auxiliary_heads_out() -> None:
    learner = Learner(small(optimizer="sgd"), CPU)
    learner.network = TwoHeads()
    pictures, labels = torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])
    expected = F.cross_entropy(learner.network.main(pictures), labels).item()
    learner.train(1, pictures, labels, 0.0)
    assert learner.recent.read().loss == pytest.approx(expected)


def test_an_inception_network_trains_with_its_heads() -> None:
    spec = RunSpec("googlenet", "digits", steps=1, options={"aux": True}, batch_size=2, pictures=2)
    learner = Learner(spec, CPU)
    learner.train(1, *Batches(spec, select(spec), CPU).train(1), 0.01)
    heads = [weight.grad for name, weight in learner.network.named_parameters() if name.startswith("aux")]
    assert heads
    assert all(grad is not None for grad in heads)


def answers(spec: RunSpec) -> list[Tensor]:
    """Two measurements of a network in the middle of its training."""
    learner, batches = Learner(spec, CPU), Batches(spec, select(spec), CPU)
    learner.train(1, *batches.train(1), 0.01)
    found = [learner.answer(batches.validation(20)) for _ in range(2)]
    assert learner.network.training
    return [one[0] for one in found if one]


def test_a_network_is_measured_in_eval_mode() -> None:
    spec = small(options={"dropout": 0.5, "batch_norm": True})
    first, second = answers(spec)
    assert first.equal(second)
    learner, batches = Learner(spec, CPU), Batches(spec, select(spec), CPU)
    learner.train(1, *batches.train(1), 0.01)
    network = learner.network.eval()
    pictures = torch.cat([pictures for pictures, _ in batches.validation(20)])
    one_by_one = torch.cat([network(picture[None]) for picture in pictures])
    torch.testing.assert_close(first, one_by_one)


def test_dropout_stays_on_where_that_mistake_is_asked_for() -> None:
    first, second = answers(small(options={"dropout": 0.5}, dropout_while_measuring=True))
    assert not first.equal(second)


@pytest.mark.parametrize(("has_bfloat16", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_a_card_that_only_emulates_bfloat16_computes_in_float32(
    has_bfloat16: bool, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: has_bfloat16)
    assert choose_precision(small(), torch.device("cuda")) == precision


def test_a_rehearsal_leaves_no_trace() -> None:
    spec = small(optimizer="adam", options={"batch_norm": True})
    learner, batches = Learner(spec, CPU), Batches(spec, select(spec), CPU)
    before = {name: value.clone() for name, value in learner.network.state_dict().items()}
    with learner.rehearsal():
        learner.train(1, *batches.train(1), 0.1)
    assert all(value.equal(before[name]) for name, value in learner.network.state_dict().items())
    assert not learner.optimizer.state
    assert not learner.recent.latest()

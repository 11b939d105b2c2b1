"""Classic experiments: runs that differ in one thing, and what to look for in their curves. Data; imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.training import RunSpec


@dataclass(frozen=True)
class Experiment:
    """Some runs with the same seed and the same order of pictures, which differ in one thing.

    `runs` are what sets each run apart, by its name; `common` is the rest. The budgets are fields of a RunSpec too: a
    short one that two CPU cores finish in about two minutes, and a full one for a GPU.
    """

    name: str
    title: str
    question: str
    look_for: str
    source: str
    common: Mapping[str, Any]
    runs: Mapping[str, Mapping[str, Any]]
    short: Mapping[str, Any] = field(default_factory=dict)
    full: Mapping[str, Any] = field(default_factory=dict)

    def specs(self, is_full: bool = False) -> dict[str, RunSpec]:
        """Return the runs by name, with the short or the full budget."""
        budget = self.full if is_full else self.short
        return {name: RunSpec(**{**self.common, **budget, **change}) for name, change in self.runs.items()}


_SGD = {"optimizer": "momentum", "learning_rate": 0.1, "batch_size": 128, "seed": 0}
_DIGITS = {"architecture": "lenet5_modern", "dataset": "digits", "optimizer": "adam", "batch_size": 64, "seed": 0}

EXPERIMENTS = (
    Experiment(
        name="degradation",
        title="Plain against residual",
        question="Does a deeper network always fit its training pictures at least as well?",
        look_for="Look at the training loss. Plain-56 stays far above plain-20 though it could copy it: deeper is "
        "harder to optimize, and batch norm is there, so vanishing gradients are not the reason. With "
        "shortcuts the deep network follows the shallow one.",
        source="He et al. 2015, figures 1 and 6",
        common={**_SGD, "optimizer": "sgd", "dataset": "fashion_mnist"},
        runs={
            "Plain-20": {"architecture": "plain20"},
            "Plain-56": {"architecture": "plain56"},
            "ResNet-20": {"architecture": "resnet20"},
            "ResNet-56": {"architecture": "resnet56"},
        },
        short={"input_size": 16, "pictures": 10_000, "validation_share": 0.05, "epochs": 2},
        full={"input_size": 32, "epochs": 30, "schedule": "cosine"},
    ),
    Experiment(
        name="activations",
        title="ReLU, tanh, sigmoid",
        question="How much does the activation decide how fast a network learns?",
        look_for="ReLU and tanh fall at once. The sigmoid starts on a plateau: its slope is at most a quarter, so that "
        "little of the gradient reaches the first layer. Compare the gradient norms of first and last layer.",
        source="Krizhevsky et al. 2012, figure 1; Glorot and Bengio 2010",
        common=_DIGITS,
        runs={
            "ReLU": {"options": {"activation": "relu"}},
            "tanh": {"options": {"activation": "tanh"}},
            "Sigmoid": {"options": {"activation": "sigmoid"}},
        },
        short={"epochs": 15},
        full={"dataset": "fashion_mnist", "epochs": 20},
    ),
    Experiment(
        name="batch_norm",
        title="With and without batch norm",
        question="What does batch norm buy at a large learning rate?",
        look_for="Both networks have sigmoids. With batch norm the loss falls at once. Without it, it stands still for "
        "long at 2.30, the natural logarithm of 10: the network guesses among ten classes.",
        source="Ioffe and Szegedy 2015, figure 2",
        common={**_DIGITS, "optimizer": "momentum", "learning_rate": 0.1},
        runs={
            "With batch norm": {"options": {"activation": "sigmoid", "batch_norm": True}},
            "Without": {"options": {"activation": "sigmoid"}},
        },
        short={"epochs": 15},
        full={"dataset": "fashion_mnist", "epochs": 20},
    ),
    Experiment(
        name="dropout",
        title="Dropout on few pictures",
        question="Does switching units off at random help when there are few pictures?",
        look_for="Without dropout the training loss goes to zero, while the validation loss turns up again: the "
        "network learns the pictures by heart. With dropout everything takes longer, and the validation loss ends "
        "lower. Its training loss is higher because it is measured with units switched off.",
        source="Srivastava et al. 2014",
        common={**_DIGITS, "options": {"activation": "relu"}},
        runs={
            "Without dropout": {},
            "Dropout 0.5": {"options": {"activation": "relu", "dropout": 0.5}},
        },
        short={"pictures": 200, "epochs": 100},
        full={"dataset": "fashion_mnist", "pictures": 1000, "epochs": 100},
    ),
    Experiment(
        name="auxiliary_heads",
        title="Auxiliary heads on and off",
        question="Do classifiers in the middle of GoogLeNet help it to learn?",
        look_for="With the heads the training loss falls a little faster, and the validation accuracy is ahead. The "
        "gradient norm of the first layer is hardly larger: batch norm, which came later, brings it there anyway. The "
        "validation loss starts huge because batch norm measures with running means, which lag behind at first.",
        source="Szegedy et al. 2014, section 5; Szegedy et al. 2015, section 4",
        common={**_SGD, "architecture": "googlenet_tv", "dataset": "digits", "learning_rate": 0.02, "batch_size": 32},
        runs={"With heads": {"options": {"aux": True}}, "Without": {"options": {"aux": False}}},
        short={"input_size": 32, "pictures": 600, "epochs": 5},
        full={"dataset": "fashion_mnist", "input_size": 64, "epochs": 10},
    ),
    Experiment(
        name="learning_rate",
        title="Three learning rates",
        question="What do a learning rate that is too large and one that is too small look like?",
        look_for="Too small crawls down in a straight line. Too large leaps up, jumps about and never settles, or "
        "breaks off with a loss that is no number. The right one falls fast and then flattens out.",
        source="LeCun et al. 1998, Efficient BackProp, section 4",
        common={**_DIGITS, "optimizer": "sgd", "options": {"activation": "tanh"}},
        runs={
            "0.001, too small": {"learning_rate": 0.001},
            "0.1, right": {"learning_rate": 0.1},
            "3, too large": {"learning_rate": 3.0},
        },
        short={"epochs": 15},
        full={"dataset": "fashion_mnist", "epochs": 10},
    ),
    Experiment(
        name="validation_split",
        title="5 % of the data against 95 %",
        question="What does validation_split=0.95 really do?",
        look_for="It keeps 95 % for validation and trains on the 5 % that are left, the opposite of what it looks "
        "like. The training loss goes to zero all the same, and the validation accuracy stays far lower.",
        source="a trap that many tutorials fall into",
        common={**_DIGITS, "options": {"activation": "relu"}},
        runs={
            "Trained on 95 %": {"validation_share": 0.05},
            "Trained on 5 %": {"validation_share": 0.95},
        },
        short={"steps": 400, "validate_every": 20},
        full={"dataset": "fashion_mnist", "steps": 4000, "validate_every": 200},
    ),
    Experiment(
        name="dropout_while_measuring",
        title="Dropout left on while measuring",
        question="What happens to the accuracy on the screen when dropout is not switched off for it?",
        look_for="Both networks are the same and learn the same. The one measured with dropout on seems worse and "
        "its curve trembles: the mistake is in the measurement, not in the network.",
        source="a mistake seen in many notebooks",
        common={**_DIGITS, "options": {"activation": "relu", "dropout": 0.6}},
        runs={"Measured right": {}, "Dropout left on": {"dropout_while_measuring": True}},
        short={"epochs": 15},
        full={"dataset": "fashion_mnist", "epochs": 10},
    ),
)


def get(name: str) -> Experiment:
    """Return the experiment of this name. An unknown name raises KeyError."""
    return next(one for one in EXPERIMENTS if one.name == name) if name in names() else _unknown(name)


def names() -> tuple[str, ...]:
    """Return the names of all experiments, in the order in which a course would run them."""
    return tuple(one.name for one in EXPERIMENTS)


def _unknown(name: str) -> Experiment:
    raise KeyError(f"There is no experiment called {name!r}; there are {', '.join(names())}.")

"""What to train, on what, how and for how long: all that a run is reproduced from. It does not import torch."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from explorer import data, registry
from explorer.architecture import OptionValue

T = TypeVar("T")

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop")
SCHEDULES = ("constant", "step", "plateau", "cosine", "one_cycle")
AUGMENTATIONS = ("none", "crop", "flip", "crop_flip")
PRECISIONS = ("auto", "float32", "bfloat16")
MOST_PICTURES = 65_536  # in a batch; explorer.analysis predicts memory up to there
MOST_STEPS = 10_000_000
MOST_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class RunSpec:
    """One training run. Exactly one of `epochs`, `steps` and `seconds` is its budget.

    Every field is checked when the record is made; a bad one raises ValueError with one sentence. `options` comes out
    complete, with the network's defaults for those not given. An epoch is as many whole batches as there are training
    pictures; the rest of them, another rest each time, sits that epoch out.
    """

    architecture: str
    dataset: str
    epochs: int | None = None
    steps: int | None = None
    seconds: float | None = None
    options: dict[str, OptionValue] = field(default_factory=dict)
    input_size: int | None = None  # height and width in pixels; None: the data set's own, or the nearest that fits
    classes: int | None = None  # outputs of the network; None: as many as the labels
    labels: tuple[str, ...] = ()  # the classes to train on, by name; none: all
    pictures: int | None = None  # training pictures to use, drawn by seed; None: all
    validation_share: float = 0.2  # of the training pictures; 0: the data set's own test pictures are used instead
    augmentation: str = "none"
    optimizer: str = "adam"
    learning_rate: float = 1e-3  # the highest that the schedule reaches
    momentum: float = 0.9  # of momentum, nesterov and rmsprop; adam and adamw have 0.9 and 0.999
    weight_decay: float = 0.0
    schedule: str = "constant"
    warmup: float = 0.0  # share of the steps in which the learning rate rises from 0
    drops: tuple[float, ...] = (0.5, 0.75)  # shares of the steps after which "step" drops (He et al. 2015, section 4.2)
    drop_factor: float = 0.1  # what "step" and "plateau" multiply the learning rate by
    patience: int = 3  # measurements without a better validation loss after which "plateau" drops
    batch_size: int = 32
    validate_every: int | None = None  # steps; None: at the end of each epoch
    dropout_while_measuring: bool = False  # the mistake of leaving dropout on when accuracy is measured
    precision: str = "auto"  # bfloat16 on a CUDA card that has it, float32 elsewhere
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("labels", "drops"):  # JSON has lists
            object.__setattr__(self, name, _tuple(name, getattr(self, name)))
        self._check_budget()
        self._check_words()
        self._check_numbers()
        self._check_pictures()
        self._check_network()

    def to_json(self) -> str:
        """Return the run as a JSON object, one key a field."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> RunSpec:
        """Return the run that `to_json` wrote. Fields may be left out; unknown or bad ones raise ValueError."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"A run is written as JSON, which this is not: {error}.") from None
        if not isinstance(fields, dict):
            raise ValueError("A run is a JSON object, with a key for each field.")
        known = [f.name for f in dataclasses.fields(cls)]
        unknown = [name for name in fields if name not in known]
        if unknown:
            raise ValueError(f"A run has no field {unknown[0]!r}; it has {', '.join(known)}.")
        missing = [name for name in ("architecture", "dataset") if name not in fields]
        if missing:
            raise ValueError(f"A run needs the field {missing[0]!r}.")
        return cls(**fields)

    @property
    def label_names(self) -> tuple[str, ...]:
        """The classes that it trains on, in the order of its labels."""
        return self.labels or data.get(self.dataset).classes

    @property
    def num_classes(self) -> int:
        """The outputs of its network."""
        return self.classes or len(self.label_names)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """The shape (C, H, W) of the pictures that its network is given."""
        arch = registry.get(self.architecture)
        size = self.input_size
        if size is None:
            least, most = arch.size_range(self.options)
            size = max(data.get(self.dataset).native_size, least)
            size = size if most is None else min(size, most)
        return arch.input_size[0], size, size

    def _check_budget(self) -> None:
        given = [name for name in ("epochs", "steps", "seconds") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"A run's budget is one of epochs, steps and seconds; given is {found}.")
        self._check_whole("epochs", 1, MOST_STEPS, optional=True)
        self._check_whole("steps", 1, MOST_STEPS, optional=True)
        if self.seconds is not None:
            self._check_number("seconds", 1, MOST_SECONDS)

    def _check_words(self) -> None:
        choices = {
            "optimizer": OPTIMIZERS,
            "schedule": SCHEDULES,
            "augmentation": AUGMENTATIONS,
            "precision": PRECISIONS,
        }
        for name, words in choices.items():
            value = getattr(self, name)
            if value not in words:
                raise ValueError(f"{_readable(name)} can be {', '.join(words[:-1])} or {words[-1]}, not {value!r}.")
        if not isinstance(self.dropout_while_measuring, bool):
            raise ValueError(f"Dropout while measuring is true or false, not {self.dropout_while_measuring!r}.")

    def _check_numbers(self) -> None:
        self._check_number("learning_rate", 0, 1000, excluded=0)
        self._check_number("momentum", 0, 1, excluded=1)
        self._check_number("weight_decay", 0, 1)
        self._check_number("warmup", 0, 0.5)
        self._check_number("drop_factor", 0, 1, excluded=0)
        self._check_whole("patience", 1, 1000)
        self._check_whole("batch_size", 1, MOST_PICTURES)
        self._check_whole("validate_every", 1, MOST_STEPS, optional=True)
        self._check_whole("seed", 0, 2**63 - 1)
        are_shares = all(_is_number(share) and 0 < share < 1 for share in self.drops)
        if not are_shares or list(self.drops) != sorted(set(self.drops)):
            raise ValueError(f"Drops are rising shares of the steps between 0 and 1, not {list(self.drops)}.")

    def _check_pictures(self) -> None:
        dataset = _find("data set", data.get, self.dataset)
        for label in self.labels:
            if label not in dataset.classes:
                raise ValueError(f"{dataset.title} has no class {label!r}; it has {', '.join(dataset.classes)}.")
        if len(set(self.labels)) != len(self.labels) or len(self.labels) == 1:
            raise ValueError("Choose at least two classes, each once.")
        self._check_whole("pictures", 2, dataset.train_pictures, optional=True)
        self._check_number("validation_share", 0, 0.99)
        if self.validation_share == 0 and not dataset.test_pictures:
            raise ValueError(
                f"{dataset.title} has no test pictures of its own, so a validation share above 0 is needed."
            )

    def _check_network(self) -> None:
        arch = _find("network", registry.get, self.architecture)
        if not isinstance(self.options, dict) or not all(isinstance(name, str) for name in self.options):
            raise ValueError(f"Options are given by name, not as {self.options!r}.")
        object.__setattr__(self, "options", arch.check_options(self.options))
        self._check_whole("input_size", 1, 4096, optional=True)
        self._check_whole("classes", 1, arch.most_classes, optional=True)
        if self.num_classes < len(self.label_names):
            raise ValueError(
                f"{len(self.label_names)} labels need at least as many classes, and {self.num_classes} is given."
            )
        arch.check_classes(self.num_classes)
        arch.check_input_size(self.input_shape, self.options)

    def _check_number(self, name: str, least: float, most: float, excluded: float | None = None) -> None:
        value = getattr(self, name)
        if not _is_number(value) or not least <= value <= most or value == excluded:
            bounds = {None: f"from {least:g} to {most:g}", least: f"above {least:g} and up to {most:g}"}
            allowed = bounds.get(excluded, f"from {least:g} to below {most:g}")
            raise ValueError(f"{_readable(name)} is a number {allowed}, not {value!r}.")

    def _check_whole(self, name: str, least: int, most: int, optional: bool = False) -> None:
        value = getattr(self, name)
        if optional and value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"{_readable(name)} is a whole number from {least:,} to {most:,}, not {value!r}.")


def _find(what: str, get: Callable[[str], T], name: Any) -> T:
    """Return what goes by this name. A name that there is not raises ValueError with the nearest ones."""
    if not isinstance(name, str):
        raise ValueError(f"A {what} is given by its name, not as {name!r}.")
    try:
        return get(name)
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _tuple(name: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, (list, tuple)):
        raise ValueError(f"{_readable(name)} is a list, not {values!r}.")
    return tuple(values)

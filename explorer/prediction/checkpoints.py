"""Networks as training runs have left them, with the classes and the pictures that they learned from."""

from __future__ import annotations

from explorer import data, registry, training
from explorer.prediction.drawing import MNIST_SHARE
from explorer.prediction.model import Model
from explorer.prediction.preprocessing import Preprocessing
from explorer.prediction.source import with_weights

_DIGIT_SHARES = {"digits": 1.0}  # the eight pixels of its field; the digits of MNIST leave a margin


def model_of(name: str, title: str, content: bytes, version: str = "") -> Model:
    """Return the network in a checkpoint, a file of `Checkpoint.to_bytes`. Anything else raises ValueError."""
    checkpoint = training.Checkpoint.from_bytes(content)
    spec = checkpoint.spec
    arch = registry.get(spec.architecture)
    return Model(
        name=name,
        title=title,
        arch=arch.name,
        network=with_weights(arch, checkpoint.network, spec.num_classes, **spec.options),
        preprocessing=_preprocessing(checkpoint),
        labels=_labels(checkpoint.labels, spec.num_classes),
        num_classes=spec.num_classes,
        origin=f"{arch.title} after {checkpoint.progress.step:,} training steps on {data.get(spec.dataset).title}.",
        options=tuple(spec.options.items()),
        version=version,
    )


def _preprocessing(checkpoint: training.Checkpoint) -> Preprocessing:
    """Return what makes of any picture one like those that the network learned from."""
    spec = checkpoint.spec
    dataset = data.get(spec.dataset)
    side, native = spec.input_shape[1], dataset.native_size
    is_framed = dataset.is_on_black and native < side <= native + native // 4
    return Preprocessing(
        resize=native if is_framed else side,
        crop=side,
        mean=_for_each_channel(checkpoint.pixel_mean, spec.input_shape[0]),
        std=_for_each_channel(checkpoint.pixel_deviation, spec.input_shape[0]),
        digit_share=_DIGIT_SHARES.get(spec.dataset, MNIST_SHARE),
        native=native,
    )


def _for_each_channel(values: tuple[float, ...], channels: int) -> tuple[float, ...]:
    """Return the values as shares of 255; the one of grey pictures holds for every channel of a colour network."""
    return tuple(value / 255 for value in values) * (channels // len(values))


def _labels(labels: tuple[str, ...], outputs: int) -> tuple[str, ...]:
    """Return a name for every output: a network may have more of them than it learned classes."""
    return (*labels, *(f"output {number}, no class" for number in range(len(labels), outputs)))

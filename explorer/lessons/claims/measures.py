"""The expressions that claims are made of, each a few words for something that the analysis knows.

torch is imported when the first of them is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from explorer import analysis, blocks, registry
from explorer.analysis.rows import Analysis, LayerRow
from explorer.convolution import Axis, same_pads

if TYPE_CHECKING:
    from torch import nn

BYTES = 4  # of a value in float32
SLIDE_MODULE = {"in_channels": 256, "size": 28, "c1x1": 128, "c3x3_reduce": 64, "c3x3": 192}
SLIDE_MODULE |= {"c5x5_reduce": 64, "c5x5": 96, "pool_proj": 64}


def params(name: str, classes: int | None = None, **options: Any) -> int:
    return analysis.analyze(name, num_classes=classes, options=options).params


def macs(name: str, side: int | None = None, **options: Any) -> int:
    size = None if side is None else (3, side, side)
    return analysis.analyze(name, input_size=size, options=options).macs


def depth(name: str) -> int:
    return analysis.analyze(name).depth


def megabytes(name: str) -> float:
    """The weight file in MB (10**6 bytes), as file managers and the Keras documentation count."""
    return analysis.analyze(name).weight_bytes / 1e6


def mebibytes(name: str) -> float:
    """The weight file in MiB (2**20 bytes)."""
    return analysis.analyze(name).weight_bytes / 2**20


def sees(name: str) -> int:
    """Pixels across that one unit of the last feature map sees; 0 where position is lost."""
    field = analysis.analyze(name).receptive_field
    return field.size[1] if field else 0


def layer(name: str, path: str, **options: Any) -> LayerRow:
    return analysis.analyze(name, options=options).by_path[path]


def output(name: str, path: str, **options: Any) -> tuple[int, ...]:
    """The shape that a layer puts out, without the batch."""
    return layer(name, path, **options).output_shape[1:]


def neurons(name: str, *paths: str) -> int:
    """Values that these layers put out, together."""
    return sum(math.prod(output(name, path)) for path in paths)


def rows(name: str, **options: Any) -> tuple[LayerRow, ...]:
    return analysis.analyze(name, options=options).rows


def count(name: str, kind: str, **options: Any) -> int:
    """Layers of a class that run, or blocks of it."""
    found = analysis.analyze(name, options=options)
    return sum(row.kind == kind for row in found.rows) + sum(block.kind == kind for block in found.blocks)


def kernels(name: str, side: int) -> int:
    """Convolutions with kernels of this side."""
    return sum(row.group == "conv" and row.kernel == (side, side) for row in rows(name))


def layers_of(name: str, group: str) -> int:
    """Layers of one kind: "conv", "linear", "norm" ..."""
    return sum(row.group == group for row in rows(name))


def parts_with(name: str, group: str) -> int:
    """Parts that the network itself holds which have layers of one kind in them."""
    return len({row.path.partition(".")[0] for row in rows(name) if row.group == group})


def auxiliary_heads(name: str) -> int:
    """Heads that run in training only."""
    idle = [row for row in rows(name, aux=True) if row.runs_in_training_only]
    return len({row.path.partition(".")[0] for row in idle})


def dropped(name: str, path: str, **options: Any) -> float:
    """Percent of the values that a dropout layer sets to zero in training."""
    import torch

    with torch.device("meta"):
        built = registry.get(name).build(**options)
    rate: float = built.get_submodule(path).p  # type: ignore[assignment]
    return 100 * rate


def convolutions_in(name: str, block: str) -> int:
    """Convolutions on the main path of the last block of a class."""
    last = [one for one in analysis.analyze(name).blocks if one.kind == block][-1]
    return sum(row.group == "conv" for row in map(analysis.analyze(name).by_path.__getitem__, last.rows))


def group_params(name: str, group: str) -> int:
    """Parameters in layers of one kind: "conv", "linear", "norm" ..."""
    return sum(row.params for row in rows(name) if row.group == group)


def share_of_1x1(name: str, quantity: str) -> float:
    """Percent of the parameters or the MACs that 1x1 convolutions have."""
    found = rows(name)
    inside = sum(int(getattr(row, quantity)) for row in found if row.group == "conv" and row.kernel == (1, 1))
    return 100 * inside / sum(int(getattr(row, quantity)) for row in found)


def values_written(name: str) -> int:
    """Values of the picture and of all that convolutions, poolings with a window and linear layers put out."""
    found = analysis.analyze(name)
    counted = [row for row in found.rows if row.kind in ("Conv2d", "MaxPool2d", "Linear")]
    return math.prod(found.input_shape[1:]) + sum(math.prod(row.output_shape[1:]) for row in counted)


def connections(name: str) -> int:
    """Connections as LeCun counts them: every weight wherever it is used, and every bias likewise."""
    return sum(_connections(row) for row in rows(name))


def _connections(row: LayerRow) -> int:
    outputs = math.prod(row.output_shape[1:])
    if row.kind == "Subsampling":  # four inputs and a bias for each value
        return 5 * outputs
    if row.kind == "EuclideanRBF":  # fixed, with no bias
        return outputs * row.input_shape[-1]
    return row.macs + outputs * bool(row.has_bias)


def adam_peak_over_params(name: str, batch_size: int) -> float:
    """The peak of a training step with Adam over the size of the parameters."""
    return analysis.training_memory(name, batch_size, "adam").peak / (BYTES * params(name))


def module(build: Callable[[Any], nn.Module], *shape: int) -> Analysis:
    """Analyze any module, built from torch.nn on the meta device, at a picture of this shape (C, H, W)."""
    import torch

    from explorer.analysis.summary import summarize

    with torch.device("meta"):
        built = torch.nn.Sequential(build(torch.nn))
    return summarize(built, (1, *shape), name="module", title="Module")


def inception_slide_macs(*, naive: bool) -> int:
    """MACs of the Inception module on the slides of CS231n: 28x28x256 in; 128 1x1, 192 3x3 and 96 5x5 filters."""
    return blocks.analyze("inception", naive=naive, **SLIDE_MODULE).macs


def stack_weights(channels: int, *kernel_sides: tuple[int, int]) -> int:
    """Weights, without biases, of convolutions one behind the other, each with as many filters as channels."""

    def build(nn: Any) -> nn.Module:
        made = [nn.Conv2d(channels, channels, sides, padding="same", bias=False) for sides in kernel_sides]
        return nn.Sequential(*made)  # type: ignore[no-any-return]

    return module(build, channels, 32, 32).params


def saved(channels: int, instead_of: tuple[int, int], *kernel_sides: tuple[int, int]) -> float:
    """Percent of the weights that a stack of small kernels saves against one large kernel."""
    return 100 * (1 - stack_weights(channels, *kernel_sides) / stack_weights(channels, instead_of))


def stack_sees(*kernel_sides: int) -> int:
    """Pixels across that one unit behind a stack of convolutions sees."""

    def build(nn: Any) -> nn.Module:
        return nn.Sequential(*(nn.Conv2d(1, 1, side) for side in kernel_sides))  # type: ignore[no-any-return]

    field = module(build, 1, 32, 32).rows[-1].receptive_field
    return field.size[1] if field else 0


def full_over_separable(channels: int) -> float:
    """MACs of a full 3x3 convolution over those of a depthwise separable one, with as many filters as channels."""
    sizes = {"in_channels": channels, "channels": channels}
    (full,) = blocks.rivals("separable", **sizes).values()
    return full.macs / blocks.analyze("separable", **sizes).macs


def side(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """Height or width behind a convolution."""

    def build(nn: Any) -> nn.Module:
        return nn.Conv2d(1, 1, kernel, stride, padding)  # type: ignore[no-any-return]

    return module(build, 1, size, size).rows[0].output_shape[-1]


def same_side(size: int, kernel: int, stride: int) -> int:
    """Height or width behind a convolution with the padding that TensorFlow calls SAME."""
    return Axis(size, kernel, stride, pads=same_pads(size, kernel, stride)).output

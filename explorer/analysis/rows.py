"""The result of an analysis: plain frozen data, which holds no tensor and imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

Shape = tuple[int, ...]
Pair = tuple[int, int]
INPUT = "input"  # the path that stands for the picture in `LayerRow.inputs`
GROUPS = ("conv", "linear", "norm", "activation", "pool", "join", "other")


@dataclass(frozen=True)
class ReceptiveField:
    """The pixels that one unit can see, (vertical, horizontal), if the picture had no border.

    Over all paths from the picture to the unit: `size` is that of all of them together, `least` that of the narrowest.
    `stride` is the distance in pixels between neighbouring units; `offset` the centre of the first unit's field, in
    pixels from the centre of the top left pixel. `is_gated` behind a gate made by global pooling
    (squeeze-and-excitation): every unit sees the whole picture through it, and all of the above is its window, what it
    sees on the paths that lead through no gate. Behind adaptive pooling of a size that does not divide, steps are not
    even: `size` is that of the widest field, `stride` the mean step, rounded, and where a unit looks is not told.
    """

    size: Pair
    least: Pair
    stride: Pair
    offset: tuple[float, float]
    has_even_steps: bool = True
    is_gated: bool = False

    def covers(self, picture: Pair) -> bool:
        """Whether a unit, somewhere on a picture of this height and width, can see all of it."""
        return self.is_gated or (self.size[0] >= picture[0] and self.size[1] >= picture[1])


@dataclass(frozen=True)
class LayerRow:
    """One layer that runs, or one operation between layers, in the order in which they run.

    Shapes include the batch. `inputs` are the paths of the rows whose outputs it reads. `activation_bytes` counts the
    output where it is written anew; what works in place, or only looks at it differently, writes none.
    """

    path: str  # unique; "inception3a.cat" for an operation in the block inception3a, "relu:2" for a second call
    kind: str  # "Conv2d", "BatchNorm2d", "add", "cat", "parameter" for weights that belong to no layer
    group: str  # one of GROUPS
    parent: str  # the path of the block that holds it; "" for the network itself
    depth: int  # 1 for what the network itself holds
    inputs: tuple[str, ...]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    params: int
    trainable_params: int
    macs: int
    activation_bytes: int
    kernel: Pair | None = None
    stride: Pair | None = None
    padding: Pair | None = None
    dilation: Pair | None = None
    conv_groups: int | None = None
    ceil_mode: bool = False  # of a pooling: sizes that do not divide are rounded up
    has_bias: bool | None = None
    receptive_field: ReceptiveField | None = None  # None where position is lost: after attention, say
    is_repeat: bool = False  # a layer that ran before; its weights are counted there
    runs_in_training_only: bool = False  # an auxiliary head: it has weights, and does not run here

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def input_shape(self) -> Shape:
        return self.input_shapes[0] if self.input_shapes else ()


@dataclass(frozen=True)
class BlockRow:
    """A module that holds others, with the totals of all that runs inside it."""

    path: str  # "" for the network itself
    kind: str
    parent: str | None  # None for the network itself
    depth: int
    rows: tuple[str, ...]  # paths of the layer rows inside, in the order in which they run
    params: int
    trainable_params: int
    macs: int
    activation_bytes: int
    input_shape: Shape
    output_shape: Shape


@dataclass(frozen=True)
class Analysis:
    """What is inside one network at one input. `rows` add up exactly to the totals."""

    name: str
    title: str
    batch_size: int
    input_shape: Shape  # with the batch
    num_classes: int
    options: tuple[tuple[str, bool | int | float | str], ...]
    params: int
    trainable_params: int
    auxiliary_params: int  # those of heads that run in training only; part of params
    buffer_bytes: int  # running statistics of norms, and other fixed values
    macs: int
    activation_bytes: int
    depth: int
    rows: tuple[LayerRow, ...]
    blocks: tuple[BlockRow, ...] = ()
    receptive_field: ReceptiveField | None = None  # of the last map before it is flattened or pooled to a fixed size

    @property
    def weight_bytes(self) -> int:
        """The size of the weights in float32: parameters and buffers, as in a weight file without its header."""
        return 4 * self.params + self.buffer_bytes

    @cached_property
    def by_path(self) -> dict[str, LayerRow]:
        return {row.path: row for row in self.rows}

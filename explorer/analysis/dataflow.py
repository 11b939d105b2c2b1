"""The tree of an analysis's blocks, and which of them are plain chains: each part reads the part before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from explorer.analysis.rows import INPUT, Analysis, BlockRow, LayerRow

CONTAINERS = {"Sequential", "ModuleList", "ModuleDict"}
WEIGHTED = ("conv", "linear")

_MOST_LAYERS_OF_A_SMALL_BLOCK = 4  # convolutions and linear layers; a plain chain of more is opened up
_WRAPPER_SHARE = 0.6  # a block with branches that holds more of all rows than this wraps the network, and is opened


class Tree:
    """What runs, as blocks and their parts; a part is a row or a block, named by its path."""

    def __init__(self, analysis: Analysis) -> None:
        self._picture = analysis.input_shape
        self.rows = {row.path: row for row in analysis.rows if not row.runs_in_training_only}
        self.blocks = {block.path: block for block in analysis.blocks}
        self.live = self._find_live()
        self._parts: dict[str, dict[str, None]] = defaultdict(dict)  # used as ordered sets
        self._inside: dict[str, list[LayerRow]] = defaultdict(list)
        for row in self.rows.values():
            self._place(row)
        self._branching_kinds = {
            block.kind
            for path, block in self.blocks.items()
            if path and block.kind not in CONTAINERS and not self.is_chain(path)
        }

    def _find_live(self) -> set[str]:
        """The rows that the picture reaches. The others are weights, and constants made from them."""
        live = {INPUT}
        for row in self.rows.values():
            reads_picture = INPUT in row.inputs and self._picture in row.input_shapes
            if reads_picture or any(source in live for source in row.inputs if source != INPUT):
                live.add(row.path)
        return live

    def _place(self, row: LayerRow) -> None:
        part, parent = row.path, row.parent
        while True:
            if row.path in self.live:
                self._parts[parent][part] = None
            self._inside[parent].append(row)
            if not parent:
                return
            block = self.blocks.get(parent)
            part, parent = parent, (block.parent if block else None) or ""

    def parts(self, path: str) -> tuple[str, ...]:
        """Return the parts of a block that the picture reaches, in the order in which they first run."""
        return tuple(self._parts[path])

    def inside(self, part: str) -> list[LayerRow]:
        """Return the rows of a block at any depth, or a row itself."""
        return self._inside[part] if part in self.blocks else [self.rows[part]]

    def block(self, path: str) -> BlockRow | None:
        return self.blocks.get(path)

    def sources(self, rows: Collection[LayerRow]) -> tuple[str, ...]:
        """Return the rows outside, or the picture, that these rows read."""
        own = {row.path for row in rows}
        read = (source for row in rows if row.path in self.live for source in row.inputs)
        return tuple(dict.fromkeys(source for source in read if source in self.live and source not in own))

    def is_chain(self, path: str) -> bool:
        """Whether each part of the block reads the part before it and nothing else."""
        owner = {row.path: part for part in self.parts(path) for row in self.inside(part)}
        before: str | None = None
        for part in self.parts(path):
            sources = {owner.get(source, source) for source in self.sources(self.inside(part))}
            if len(sources) != 1 or (before is not None and sources != {before}):
                return False
            before = part
        return True

    def is_opened(self, path: str) -> bool:
        """Whether a diagram shows the parts of this block in its place.

        Opened are containers, layers with their norm and activation, and long plain chains. One block are: what has
        branches or skips, anything of the same class, a separable convolution, and a small named chain.
        """
        block, inside = self.blocks[path], self.inside(path)
        if block.kind in self._branching_kinds or not self.is_chain(path):
            holds_some = any(part in self.blocks for part in self.parts(path))
            return holds_some and len(inside) > _WRAPPER_SHARE * len(self.rows)
        layers = [row for row in inside if row.group in WEIGHTED]
        if block.kind in CONTAINERS:
            return not _is_separable(inside)
        if len(layers) == 1:
            return inside[0] is layers[0] and not any(row.group in ("pool", "join") for row in inside)
        return len(layers) > _MOST_LAYERS_OF_A_SMALL_BLOCK or any(map(self._is_named_block, self.parts(path)))

    def _is_named_block(self, part: str) -> bool:
        block = self.blocks.get(part)
        return block is not None and block.kind not in CONTAINERS and not self.is_opened(part)


def _is_separable(rows: list[LayerRow]) -> bool:
    """Whether these are a depthwise convolution, the pointwise one behind it, and their norms and activations."""
    convs = [row for row in rows if row.group in WEIGHTED]
    if len(convs) != 2 or any(row.group in ("pool", "join") for row in rows):
        return False
    depthwise, pointwise = convs
    return (depthwise.conv_groups or 1) > 1 and pointwise.kernel == (1, 1)

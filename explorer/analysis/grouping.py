"""The rows of an analysis in larger units: stages, blocks, layers.

Blocks are found by data flow, not by the names of families. From the network down, a module whose parts form a plain
chain is opened up; one with branches or skips among its parts is one block, and so is every other module of its class.
What only follows a layer (a norm, an activation, dropout, a reshape) is shown with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Literal

from explorer.analysis.rows import INPUT, Analysis, BlockRow, LayerRow, Shape
from explorer.analysis.wording import block_title, kind_word, layer_title
from explorer.units import TIMES

Depth = Literal["stages", "blocks", "layers"]

FOLD_ABOVE = 24  # a diagram with more nodes than this shows runs of identical blocks as one node
VECTOR = "vector"
AUXILIARY = "in training only"

_CONTAINERS = {"Sequential", "ModuleList", "ModuleDict"}
_MOST_LAYERS_OF_A_SMALL_BLOCK = 4  # convolutions and linear layers; more than these in a plain chain are opened up
_WRAPPER_SHARE = 0.6  # a module with branches that holds more of all rows than this wraps the network, and is opened


@dataclass(frozen=True)
class Group:
    """Some rows under one name. A repeated group stands for `repeat` identical ones in a row; its totals are theirs."""

    path: str  # of the block, or of the layer that gives it its name; of the first one where it is repeated
    title: str
    kind: str  # class of the block, or kind of that layer; "stage" for a stage
    group: str  # one of rows.GROUPS: that of the layer, or of the layers with most MACs inside
    rows: tuple[str, ...]  # paths, in the order in which they run
    params: int
    macs: int
    activation_bytes: int
    input_shape: Shape
    output_shape: Shape
    followers: tuple[str, ...] = ()  # what follows the layer and is shown with it, in words: "BN", "ReLU"
    repeat: int = 1
    members: tuple[str, ...] = ()  # paths of the repeated groups
    can_be_opened: bool = False


@dataclass
class _Draft:
    """A group in the making: the layer or block that names it, and the rows around it."""

    head: LayerRow | BlockRow
    rows: list[LayerRow]
    before: list[LayerRow] = field(default_factory=list)
    followers: list[str] = field(default_factory=list)
    is_plain: bool = True  # a layer, or a block that is a plain chain

    @property
    def is_block(self) -> bool:
        return isinstance(self.head, BlockRow)

    @property
    def is_follower(self) -> bool:
        """Whether it only changes what stands before it: no weights but a norm's, and nothing joined."""
        if isinstance(self.head, BlockRow):
            same_size = self.head.input_shape == self.head.output_shape
            return self.is_plain and not self.head.params and not self.head.macs and same_size
        return self.head.group in ("norm", "activation") or self.is_light

    @property
    def is_light(self) -> bool:
        """Whether it is dropout, a reshape or the like."""
        return all(row.group == "other" and not row.params and not row.macs for row in self.rows) and not self.is_block

    @property
    def takes_followers(self) -> bool:
        return self.is_plain


class _Tree:
    """An analysis as blocks, their parts, and who reads whom."""

    def __init__(self, analysis: Analysis) -> None:
        self.rows = {row.path: row for row in analysis.rows if not row.runs_in_training_only}
        self.blocks = {block.path: block for block in analysis.blocks}
        self.live = self._live()
        self.parts: dict[str, list[str]] = defaultdict(list)  # of each block, in the order in which they run
        self.inside: dict[str, list[LayerRow]] = defaultdict(list)
        for row in self.rows.values():
            self._place(row)
        self.branching_kinds = {
            block.kind
            for block in analysis.blocks
            if block.parent is not None and block.kind not in _CONTAINERS and not self.is_chain(block.path)
        }

    def _live(self) -> set[str]:
        """The rows that the picture reaches; the others make constants, of weights for example."""
        live = {INPUT}
        for row in self.rows.values():
            if any(source in live for source in row.inputs):
                live.add(row.path)
        return live

    def _place(self, row: LayerRow) -> None:
        part, parent = row.path, row.parent
        while True:
            if row.path in self.live and part not in self.parts[parent]:
                self.parts[parent].append(part)
            self.inside[parent].append(row)
            if not parent:
                return
            part, parent = parent, self.blocks[parent].parent or ""

    def is_chain(self, path: str) -> bool:
        """Whether each part reads the part before it and nothing else."""
        owner = {row: part for part in self.parts[path] for row in self._rows_of(part)}
        before: str | None = None
        for part in self.parts[path]:
            sources = {
                owner.get(source, source)
                for row in self._rows_of(part)
                for source in self.rows[row].inputs
                if source in self.live and owner.get(source) != part
            }
            if len(sources) != 1 or (before is not None and sources != {before}):
                return False
            before = part
        return True

    def _rows_of(self, part: str) -> list[str]:
        return [row.path for row in self.inside[part]] if part in self.blocks else [part]

    def is_opened(self, path: str) -> bool:
        block, inside = self.blocks[path], self.inside[path]
        if block.kind in self.branching_kinds or not self.is_chain(path):
            return len(inside) > _WRAPPER_SHARE * len(self.rows)
        layers = [row for row in inside if row.group in ("conv", "linear")]
        if block.kind in _CONTAINERS:
            return not _is_separable(layers) or len(layers) < len(inside) - 4
        if len(layers) == 1:
            return inside[0] is layers[0] and not any(row.group in ("pool", "join") for row in inside)
        holds_blocks = any(part in self.blocks and not self.is_opened(part) for part in self.parts[path])
        return len(layers) > _MOST_LAYERS_OF_A_SMALL_BLOCK or holds_blocks

    def drafts(self, path: str) -> list[_Draft]:
        """The layers and blocks that stand in place of a block when it is opened, before anything is folded."""
        found = []
        for part in self.parts[path]:
            if part not in self.blocks:
                found.append(_Draft(self.rows[part], [self.rows[part]]))
            elif self.is_opened(part):
                found.extend(self.drafts(part))
            else:
                found.append(_Draft(self.blocks[part], list(self.inside[part]), is_plain=self.is_chain(part)))
        return found


def _is_separable(layers: Sequence[LayerRow]) -> bool:
    """Whether these are a depthwise convolution and the pointwise one behind it."""
    return len(layers) == 2 and (layers[0].conv_groups or 1) > 1 and layers[1].kernel == (1, 1)


class _Folding:
    """Drafts, with what follows a layer taken into its draft."""

    def __init__(self, tree: _Tree, drafts: list[_Draft]) -> None:
        self.tree = tree
        self.owner = {row.path: draft for draft in drafts for row in draft.rows}
        self.drafts: list[_Draft] = []
        self.readers = self._readers(drafts)
        for draft in drafts:
            self._add(draft)
        self._take_light_ones_forward()
        self._take_constants()

    def _readers(self, drafts: Iterable[_Draft]) -> Counter[str]:
        """How many drafts read each row."""
        read = Counter[str]()
        for draft in drafts:
            own = {row.path for row in draft.rows}
            read.update({source for row in draft.rows for source in row.inputs} - own)
        return read

    def _sources(self, draft: _Draft) -> set[str]:
        own = {row.path for row in draft.rows}
        return {source for row in draft.rows for source in row.inputs if source in self.tree.live} - own

    def _only_source(self, draft: _Draft) -> _Draft | None:
        """The draft whose last output is all that this one reads, if no other draft reads it."""
        sources = self._sources(draft)
        if len(sources) != 1:
            return None
        (source,) = sources
        before = self.owner.get(source)
        return before if before is not None and self.readers[source] == 1 else None

    def _add(self, draft: _Draft) -> None:
        before = self._only_source(draft)
        if before is not None and before.takes_followers and draft.is_follower and self._fits(before, draft):
            before.followers.append(kind_word(draft.head.kind))
            self._merge(draft, before)
        else:
            self.drafts.append(draft)

    def _fits(self, before: _Draft, draft: _Draft) -> bool:
        """A pooling, a join or a reshape takes no norm: that starts something new."""
        is_layer = before.is_block or before.head.kind and getattr(before.head, "group", "") in ("conv", "linear", "norm")
        if is_layer or draft.is_light:
            return True
        return not isinstance(draft.head, LayerRow) or draft.head.group == "activation"

    def _merge(self, draft: _Draft, into: _Draft) -> None:
        into.rows.extend(draft.rows)
        self.owner.update({row.path: into for row in draft.rows})

    def _take_light_ones_forward(self) -> None:
        """Dropout or a reshape behind a block goes with the layer after it."""
        for draft, after in zip(self.drafts[:-1], self.drafts[1:], strict=True):
            if draft.is_light and not after.is_block and self._only_source(after) is draft:
                after.rows[:0] = draft.rows
                self.owner.update({row.path: after for row in draft.rows})
                self.drafts.remove(draft)

    def _take_constants(self) -> None:
        """Weights that belong to no layer, and what is computed from them, go with what reads them."""
        for row in reversed(self.tree.rows.values()):
            if row.path not in self.owner:
                reader = next((self.owner[r.path] for r in self.tree.rows.values() if row.path in r.inputs), None)
                draft = reader or self.drafts[-1]
                draft.rows.insert(0, row)
                self.owner[row.path] = draft

"""Groups of rows, and how layers and blocks become groups: what follows a layer is folded in, repeats become one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from explorer.analysis.dataflow import CONTAINERS, WEIGHTED, Tree
from explorer.analysis.rows import BlockRow, LayerRow, Shape
from explorer.analysis.wording import block_title, kind_word, layer_title


@dataclass(frozen=True)
class Group:
    """Some rows under one name. Where `repeat` is above 1 it stands for as many alike, one after another."""

    path: str  # of the block, or of the layer that gives it its name; of the first where it is repeated
    title: str
    kind: str  # class of the block, or kind of the layer; "stage" for a stage
    group: str  # one of rows.GROUPS: that of the layer, or of what has most MACs inside
    rows: tuple[str, ...]  # paths, in the order in which they run
    params: int
    macs: int
    activation_bytes: int
    input_shape: Shape
    output_shape: Shape
    followers: tuple[str, ...] = ()  # what follows the layer and is shown with it, in words: "BN", "ReLU"
    members: tuple[str, ...] = ()  # the paths of all that it stands for
    can_be_opened: bool = False

    @property
    def repeat(self) -> int:
        return len(self.members)


@dataclass(eq=False)
class Draft:
    """A group in the making: the layer or block that names it, and its rows."""

    head: LayerRow | BlockRow
    rows: list[LayerRow]
    is_plain: bool = True  # a layer, or a block that is a plain chain
    followers: list[str] = field(default_factory=list)

    @property
    def is_light(self) -> bool:
        """Whether it is dropout, a reshape or the like, which keep every number or its place."""
        return isinstance(self.head, LayerRow) and all(
            row.group == "other"
            and not row.params
            and not row.macs
            and math.prod(row.output_shape) == math.prod(row.input_shape)
            for row in self.rows
        )

    @property
    def is_norm(self) -> bool:
        return isinstance(self.head, LayerRow) and self.head.group == "norm"

    @property
    def is_follower(self) -> bool:
        """Whether it only changes what stands before it, as a norm, an activation or dropout does."""
        if isinstance(self.head, BlockRow):
            keeps_size = self.head.input_shape == self.head.output_shape
            return self.is_plain and keeps_size and not self.head.params and not self.head.macs
        return self.is_light or self.head.group in ("norm", "activation")

    def takes(self, after: Draft) -> bool:
        """Whether what comes after is shown with this. Behind a pooling or a join, a norm starts something new."""
        if not self.is_plain or not after.is_follower or self.is_light:
            return False
        return not after.is_norm or isinstance(self.head, BlockRow) or self.head.group in (*WEIGHTED, "norm")

    def take(self, after: Draft) -> None:
        self.rows.extend(after.rows)
        if after.head.kind != "Identity":
            self.followers.append(kind_word(after.head.kind))


def drafts(tree: Tree, path: str) -> list[Draft]:
    """Return the layers and blocks that stand in place of a block when it is opened."""
    found = []
    for part in tree.parts(path):
        block = tree.block(part)
        if block is None:
            found.append(Draft(tree.rows[part], [tree.rows[part]]))
        elif tree.is_opened(part):
            found.extend(drafts(tree, part))
        else:
            found.append(Draft(block, list(tree.inside(part)), is_plain=tree.is_chain(part)))
    return found


def fold(tree: Tree, found: Sequence[Draft]) -> list[Draft]:
    """Take what follows a layer into its draft; dropout or a reshape behind a block goes with the layer after it."""
    owner = {row.path: draft for draft in found for row in draft.rows}
    sources = {id(draft): tree.sources(draft.rows) for draft in found}
    readers = Counter(source for read in sources.values() for source in read)
    kept: list[Draft] = []
    for draft in found:
        read = sources[id(draft)]
        before = owner.get(read[0]) if len(read) == 1 and readers[read[0]] == 1 else None
        if before is not None and before.takes(draft):
            before.take(draft)
            owner.update({row.path: before for row in draft.rows})
            continue
        if before is not None and before.is_light and before is kept[-1] and isinstance(draft.head, LayerRow):
            kept.remove(before)
            draft.rows[:0] = before.rows
        kept.append(draft)
    return kept


def take_constants(tree: Tree, found: Sequence[Draft]) -> None:
    """Weights that belong to no layer go with the join that reads them, or else with the first layer of their block."""
    owned = {row.path for draft in found for row in draft.rows}
    beside: dict[str, dict[int, Draft]] = {}  # the drafts with rows of the same parent, in their order
    for draft in found:
        for row in draft.rows:
            beside.setdefault(row.parent, {})[id(draft)] = draft
    for row in tree.rows.values():
        if row.path in owned:
            continue
        near = list(beside.get(row.parent, {}).values())
        joins = [draft for draft in near if isinstance(draft.head, LayerRow) and draft.head.group == "join"]
        (joins or near or found)[0].rows.append(row)


def grouped(tree: Tree, found: Iterable[Draft]) -> tuple[Group, ...]:
    """Return drafts as groups, their rows in the order in which they run."""
    order = {path: place for place, path in enumerate(tree.rows)}
    return tuple(_group(tree, draft, sorted(draft.rows, key=lambda row: order[row.path])) for draft in found)


def _group(tree: Tree, draft: Draft, rows: Sequence[LayerRow]) -> Group:
    head, is_block = draft.head, isinstance(draft.head, BlockRow)
    running = [row for row in rows if row.path in tree.live]
    return Group(
        path=head.path,
        title=_block_title(head) if isinstance(head, BlockRow) else layer_title(head),
        kind=head.kind,
        group=heaviest(rows) if isinstance(head, BlockRow) else head.group,
        rows=tuple(row.path for row in rows),
        params=sum(row.params for row in rows),
        macs=sum(row.macs for row in rows),
        activation_bytes=sum(row.activation_bytes for row in rows),
        input_shape=head.input_shape if is_block else running[0].input_shape,
        output_shape=running[-1].output_shape,
        followers=tuple(dict.fromkeys(draft.followers)),
        members=(head.path,),
        can_be_opened=is_block,
    )


def _block_title(block: BlockRow) -> str:
    """A container has no name of its own; it is one block only if it is a separable convolution."""
    return "Separable conv" if block.kind in CONTAINERS else block_title(block.kind)


def heaviest(rows: Iterable[LayerRow]) -> str:
    """Return the group with most MACs among these rows; where none has any, with most rows."""
    macs, counts = Counter[str](), Counter[str]()
    for row in rows:
        macs[row.group] += row.macs
        counts[row.group] += 1
    return max(counts, key=lambda group: (macs[group], counts[group]))


def merge_repeats(tree: Tree, groups: Sequence[Group]) -> tuple[Group, ...]:
    """Make one group of identical ones that stand one behind another in a chain."""
    readers = Counter(source for group in groups for source in _read_by(tree, group))
    merged: list[Group] = []
    for group in groups:
        if merged and _alike(merged[-1], group) and _follows(tree, merged[-1], group, readers):
            merged[-1] = _joined(merged[-1], group)
        else:
            merged.append(group)
    return tuple(merged)


def _alike(before: Group, group: Group) -> bool:
    same = ("title", "kind", "followers", "input_shape", "output_shape")
    sizes = (before.params, before.macs, len(before.rows))
    alike = all(getattr(before, name) == getattr(group, name) for name in same)
    return alike and sizes == tuple(before.repeat * size for size in (group.params, group.macs, len(group.rows)))


def _follows(tree: Tree, before: Group, group: Group, readers: Counter[str]) -> bool:
    read = _read_by(tree, group)
    return len(read) == 1 and read[0] in before.rows and readers[read[0]] == 1


def _read_by(tree: Tree, group: Group) -> tuple[str, ...]:
    return tree.sources([tree.rows[path] for path in group.rows])


def _joined(before: Group, group: Group) -> Group:
    return replace(
        before,
        rows=before.rows + group.rows,
        params=before.params + group.params,
        macs=before.macs + group.macs,
        activation_bytes=before.activation_bytes + group.activation_bytes,
        output_shape=group.output_shape,
        members=before.members + group.members,
    )

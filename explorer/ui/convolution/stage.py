"""A feature map and what its units see, with the places of all that on a picture."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.analysis.rows import Pair, ReceptiveField
from explorer.ui.convolution.scene import Box

MOST_DOTS = 32 * 32


@dataclass(frozen=True)
class Stage:
    """One feature map: the layer that puts it out, its height and width, and what its units see."""

    name: str
    size: Pair
    field: ReceptiveField

    def box(self, size: Pair, unit: Pair, look: str, label: str = "") -> Box:
        """Return a rectangle of this height and width around the centre of a unit's field."""
        down, right = (
            self.field.offset[axis] + place * self.field.stride[axis] + 0.5 for axis, place in enumerate(unit)
        )
        return Box(right - size[1] / 2, down - size[0] / 2, size[1], size[0], look, label)

    def margin(self, side: int) -> float:
        """Return room around a square picture for fields that reach beyond it, at most a quarter of its side."""
        boxes = [self.box(self.field.size, unit, "size") for unit in ((0, 0), (self.size[0] - 1, self.size[1] - 1))]
        beyond = max(
            max(-box.left, -box.top, box.left + box.width - side, box.top + box.height - side) for box in boxes
        )
        return min(max(beyond, 0), side / 4)

    def centres(self) -> list[tuple[float, float]]:
        """Return the centre of every unit's field, (across, down); none where there are too many to draw."""
        height, width = self.size
        if height * width > MOST_DOTS:
            return []
        (top, left), (down, right) = self.field.offset, self.field.stride
        return [(left + j * right + 0.5, top + i * down + 0.5) for i in range(height) for j in range(width)]

    def nearest(self, x: float, y: float) -> Pair:
        """Return the unit, (row, column), whose centre is nearest to a point of the picture."""
        places = zip((y, x), self.field.offset, self.field.stride, self.size, strict=True)
        row, column = (
            min(max(round((pixel - 0.5 - offset) / stride), 0), count - 1) for pixel, offset, stride, count in places
        )
        return row, column

    def share_inside(self, unit: Pair, side: int) -> float:
        """Return how much of a unit's field lies in a square picture, 0 to 1."""
        box = self.box(self.field.size, unit, "size")
        across = max(0.0, min(box.left + box.width, side) - max(box.left, 0))
        down = max(0.0, min(box.top + box.height, side) - max(box.top, 0))
        return across * down / (box.width * box.height)

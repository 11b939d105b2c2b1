"""What is live over one training step with a batch of any size, told by a single step that was traced."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.analysis.storage_trace import KINDS, StorageTrace

Operations = list[tuple[str, str]]  # phase and label
Bytes = npt.NDArray[np.int64]
_IS_STATE = np.array([kind == "optimizer_state" for kind in KINDS])

# The pictures in the step that is traced. On the meta device they cost no more than one. It is a prime, and no other
# dimension is a multiple of it, so it divides the sizes of just those storages that hold something for each picture.
PICTURES = 1_000_003


class Moment(NamedTuple):
    """The bytes that are live after one operation of a training step, by what they are."""

    phase: str
    label: str  # the module and the operation, "layer1.0.conv1: convolution"
    live: int  # the sum of the five that follow
    params: int
    gradients: int
    optimizer_state: int
    activations: int
    other: int


class StepProfile:
    """The bytes that are live after each operation of a step, as what is fixed and what each picture adds.

    Made of a step with PICTURES pictures it answers for every batch from two on: with a single picture torch copies
    less. Made of a step with any other number of pictures it knows that number only, and all of it counts as fixed.
    Both arrays are [operations + 1, KINDS]; their last row is what is left after the last operation.
    """

    def __init__(self, operations: Operations, fixed: Bytes, a_picture: Bytes) -> None:
        self._operations, self._fixed, self._a_picture = operations, fixed, a_picture

    @classmethod
    def of(cls, trace: StorageTrace) -> StepProfile:
        """Read what was traced."""
        sizes = np.array(trace.sizes, dtype=np.int64)
        grows = sizes % PICTURES == 0
        fixed, a_picture = np.where(grows, 0, sizes), np.where(grows, sizes // PICTURES, 0)
        return cls(trace.operations(), trace.live(fixed), trace.live(a_picture))

    def then(self, optimizer: StepProfile) -> StepProfile:
        """Return this profile of the two passes with an optimizer's step after it, whose state is there all the time.

        The optimizer's own profile starts with parameters, gradients and state, and nothing in it grows with pictures.
        """
        state = np.where(_IS_STATE, optimizer._fixed[0], 0)
        passes, made = self._fixed + state, optimizer._fixed[1:] - optimizer._fixed[0]
        return StepProfile(
            [*self._operations, *optimizer._operations[1:]],
            np.concatenate((passes[:-1], passes[-1] + made)),
            np.concatenate((self._a_picture[:-1], np.tile(self._a_picture[-1], (len(made), 1)))),
        )

    def moments(self, batch_size: int) -> tuple[Moment, ...]:
        """Return what is live at the start of the step, and after each operation that changes it."""
        live = (self._fixed + batch_size * self._a_picture)[:-1]
        changed = np.flatnonzero(np.diff(live, axis=0, prepend=-1).any(1))
        columns = np.column_stack((live.sum(1), live))[changed].tolist()
        return tuple(Moment(*self._operations[at], *row) for at, row in zip(changed.tolist(), columns, strict=True))

    def peak(self, batch_size: int) -> int:
        """Return the most bytes that are ever live."""
        return int((self._fixed.sum(1) + batch_size * self._a_picture.sum(1)).max())

    def largest_batch(self, memory_bytes: int) -> int:
        """Return the largest batch whose peak is no more than this, 0 where what is fixed is too much alone."""
        room, a_picture = memory_bytes - self._fixed.sum(1), self._a_picture.sum(1)
        grows = a_picture > 0
        return max(0, int((room[grows] // a_picture[grows]).min())) if (room >= 0).all() else 0

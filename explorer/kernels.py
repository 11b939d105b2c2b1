"""The kernels that everyone should have tried once, and small pictures of numbers to try them on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.convolution import Numbers

Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Kernel:
    """Whole weights and what they are all divided by, with a sentence on what the kernel does."""

    name: str
    title: str
    what: str
    weights: Table
    divisor: int = 1

    @property
    def numbers(self) -> Numbers:
        return np.array(self.weights, np.float64) / self.divisor


@dataclass(frozen=True)
class Grid:
    """A small picture of numbers."""

    name: str
    title: str
    numbers: Table


_KERNELS = (
    Kernel(
        "sobel_x",
        "Vertical edges (Sobel)",
        "Bright on the right of dark gives a positive number, dark on the right of bright a negative one.",
        ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    ),
    Kernel(
        "sobel_y",
        "Horizontal edges (Sobel)",
        "Bright below dark gives a positive number, dark below bright a negative one.",
        ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    ),
    Kernel(
        "laplacian",
        "All edges (Laplacian)",
        "How much a pixel differs from its four neighbours: zero where the picture is even.",
        ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    ),
    Kernel(
        "outline",
        "Outline",
        "A pixel against its eight neighbours: only contours remain.",
        ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    ),
    Kernel("box", "Blur (mean)", "The mean of nine pixels: details and noise go.", ((1, 1, 1),) * 3, 9),
    Kernel(
        "gauss",
        "Blur (Gauss)",
        "A mean in which near pixels count more; it has no favourite direction.",
        ((1, 4, 6, 4, 1), (4, 16, 24, 16, 4), (6, 24, 36, 24, 6), (4, 16, 24, 16, 4), (1, 4, 6, 4, 1)),
        256,
    ),
    Kernel(
        "sharpen",
        "Sharpen",
        "The picture minus its Laplacian: edges are lifted, even areas stay as they are.",
        ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    ),
    Kernel(
        "emboss",
        "Emboss",
        "Light from the top left: slopes turned to it grow bright, those turned away dark.",
        ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
    ),
    Kernel(
        "identity", "Identity", "One weight of 1 in the middle: nothing changes.", ((0, 0, 0), (0, 1, 0), (0, 0, 0))
    ),
    Kernel(
        "shift",
        "Shift to the left",
        "A 1 beside the middle takes each pixel from its right neighbour, so the picture moves to the left.",
        ((0, 0, 0), (0, 0, 1), (0, 0, 0)),
    ),
)
_GRIDS = (
    Grid(
        "seven",
        "A seven",
        (
            (0, 0, 0, 0, 0, 0, 0, 0),
            (0, 9, 9, 9, 9, 9, 9, 0),
            (0, 9, 9, 9, 9, 9, 9, 0),
            (0, 0, 0, 0, 8, 8, 0, 0),
            (0, 0, 0, 7, 7, 0, 0, 0),
            (0, 0, 0, 7, 7, 0, 0, 0),
            (0, 0, 6, 6, 0, 0, 0, 0),
            (0, 0, 6, 6, 0, 0, 0, 0),
        ),
    ),
    Grid("edge", "A vertical edge", ((0, 0, 0, 5, 5, 5),) * 6),
    Grid("point", "One bright pixel", tuple(tuple(int(i == j == 2) for j in range(5)) for i in range(5))),
    Grid("ramp", "A ramp", tuple(tuple(i + j for j in range(6)) for i in range(6))),
    Grid("board", "A chessboard", tuple(tuple(9 * ((i + j) % 2) for j in range(6)) for i in range(6))),
)
KERNELS = {kernel.name: kernel for kernel in _KERNELS}
GRIDS = {grid.name: grid for grid in _GRIDS}

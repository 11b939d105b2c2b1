"""LeNet-5 as published in 1998, as taught today, and the LeNet of Keras tutorials."""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# LeCun et al. 1998, table I: which of the six maps of S2 feed each of the sixteen maps of C3.
C3_TABLE = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)

# The target of each digit for the 84 units of F6, as a bitmap of 12 rows of 7. Drawn after the paper's figure 3, which
# does not print the values: an "o" is +1, a blank -1.
DIGITS = (
    (" ooooo ", "oo   oo", "oo   oo", "oo   oo", "oo   oo", "oo   oo", "oo   oo", "oo   oo", "oo   oo", " ooooo "),
    ("   oo  ", "  ooo  ", " oooo  ", "   oo  ", "   oo  ", "   oo  ", "   oo  ", "   oo  ", "   oo  ", " oooooo"),
    (" ooooo ", "oo   oo", "     oo", "     oo", "    oo ", "   oo  ", "  oo   ", " oo    ", "oo     ", "ooooooo"),
    (" ooooo ", "oo   oo", "     oo", "     oo", "  oooo ", "     oo", "     oo", "     oo", "oo   oo", " ooooo "),
    ("    oo ", "   ooo ", "  oooo ", " oo oo ", "oo  oo ", "oo  oo ", "ooooooo", "    oo ", "    oo ", "    oo "),
    ("ooooooo", "oo     ", "oo     ", "oo     ", "oooooo ", "     oo", "     oo", "     oo", "oo   oo", " ooooo "),
    (" ooooo ", "oo   oo", "oo     ", "oo     ", "oooooo ", "oo   oo", "oo   oo", "oo   oo", "oo   oo", " ooooo "),
    ("ooooooo", "     oo", "     oo", "    oo ", "    oo ", "   oo  ", "   oo  ", "  oo   ", "  oo   ", "  oo   "),
    (" ooooo ", "oo   oo", "oo   oo", "oo   oo", " ooooo ", "oo   oo", "oo   oo", "oo   oo", "oo   oo", " ooooo "),
    (" ooooo ", "oo   oo", "oo   oo", "oo   oo", "oo   oo", " oooooo", "     oo", "     oo", "oo   oo", " ooooo "),
)


class Squash(nn.Module):
    """The paper's scaled hyperbolic tangent, 1.7159 tanh(2x/3) (LeCun et al. 1998, appendix A)."""

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(x * (2 / 3))


class Subsampling(nn.Module):
    """Sum of each 2x2 window, times a trained coefficient, plus a trained bias (LeCun et al. 1998, section II-B).

    Shape: [N, C, H, W] -> [N, C, H/2, W/2]
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return 4 * F.avg_pool2d(x, 2) * self.coefficient + self.bias


class PartialConv2d(nn.Module):
    """A convolution whose output maps each read only some of the input maps (LeCun et al. 1998, table I).

    Shape: [N, C, H, W] -> [N, len(table), H - 4, W - 4]
    """

    def __init__(self, table: tuple[tuple[int, ...], ...], kernel_size: int) -> None:
        super().__init__()
        self.table = table
        self.maps = nn.ModuleList(nn.Conv2d(len(sources), 1, kernel_size) for sources in table)

    def forward(self, x: Tensor) -> Tensor:
        maps = x.unbind(1)
        return torch.cat(
            [
                conv(torch.stack([maps[i] for i in sources], 1))
                for conv, sources in zip(self.maps, self.table, strict=True)
            ],
            1,
        )


class EuclideanRBF(nn.Module):
    """Minus the squared distance to each digit's fixed bitmap (LeCun et al. 1998, section II-B).

    The paper's units give the distance itself, least for the answer; the sign is turned here so that the largest output
    is the answer, as everywhere else.

    Shape: [N, 84] -> [N, classes]
    """

    codes: Tensor

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        rows = [f"{'':7}{''.join(digit)}{'':7}" for digit in DIGITS[:num_classes]]
        self.register_buffer("codes", torch.tensor([[1.0 if cell == "o" else -1.0 for cell in row] for row in rows]))

    def forward(self, x: Tensor) -> Tensor:
        return -(x.unsqueeze(1) - self.codes).square().sum(2)


class LeNet5(nn.Module):
    """LeNet-5 with partly connected C3, trained subsampling and RBF output (LeCun et al. 1998, figure 2).

    Shape: [N, 1, 32, 32] -> [N, classes]
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = Subsampling(6)
        self.squash2 = Squash()
        self.c3 = PartialConv2d(C3_TABLE, 5)
        self.s4 = Subsampling(16)
        self.squash4 = Squash()
        self.c5 = nn.Conv2d(16, 120, 5)
        self.squash5 = Squash()
        self.f6 = nn.Linear(120, 84)
        self.squash6 = Squash()
        self.output = EuclideanRBF(num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squash2(self.s2(self.c1(x)))  # [N, 6, 28, 28] -> [N, 6, 14, 14]
        x = self.squash4(self.s4(self.c3(x)))  # [N, 16, 10, 10] -> [N, 16, 5, 5]
        x = self.squash5(self.c5(x))  # [N, 120, 1, 1]
        x = self.squash6(self.f6(torch.flatten(x, 1)))  # [N, 84]
        return self.output(x)


def lenet5_modern(
    num_classes: int, activation: str, pooling: str, batch_norm: bool = False, dropout: float = 0.0
) -> nn.Sequential:
    """LeNet-5 as textbooks teach it: full C3, plain pooling, linear output. [N, 1, 32, 32] -> [N, classes]

    Batch norm stands before each activation, dropout before each linear layer but the first.
    """
    act = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    pool = {"average": nn.AvgPool2d, "max": nn.MaxPool2d}[pooling]

    def norm(kind: type[nn.Module], width: int) -> list[nn.Module]:
        return [kind(width)] if batch_norm else []

    def drop() -> list[nn.Module]:
        return [nn.Dropout(dropout)] if dropout else []

    features = nn.Sequential(
        *(nn.Conv2d(1, 6, 5), *norm(nn.BatchNorm2d, 6), act(), pool(2)),  # [N, 6, 28, 28] -> [N, 6, 14, 14]
        *(nn.Conv2d(6, 16, 5), *norm(nn.BatchNorm2d, 16), act(), pool(2)),  # [N, 16, 10, 10] -> [N, 16, 5, 5]
    )
    classifier = nn.Sequential(
        *(nn.Flatten(), nn.Linear(400, 120), *norm(nn.BatchNorm1d, 120), act()),
        *(*drop(), nn.Linear(120, 84), *norm(nn.BatchNorm1d, 84), act()),
        *(*drop(), nn.Linear(84, num_classes)),
    )
    return nn.Sequential(OrderedDict(features=features, classifier=classifier))


def lenet_keras(num_classes: int) -> nn.Sequential:
    """The 20-50-500 LeNet of Keras tutorials: ReLU, max pooling, no padding. [N, 1, 28, 28] -> [N, classes]"""
    features = nn.Sequential(
        *(nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2)),  # [N, 20, 24, 24] -> [N, 20, 12, 12]
        *(nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2)),  # [N, 50, 8, 8] -> [N, 50, 4, 4]
    )
    classifier = nn.Sequential(nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, num_classes))
    return nn.Sequential(OrderedDict(features=features, classifier=classifier))

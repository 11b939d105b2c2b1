"""The numpy convolution against torch.nn.functional, and its bookkeeping against plain counting."""

import itertools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from explorer.convolution import (
    Axis,
    Window,
    as_layer,
    flipped,
    moved,
    pad,
    pool,
    same_pads,
    slide,
    slide_channels,
    steps,
)
from explorer.formulas import MACS, PARAMETERS, formulas
from explorer.kernels import GRIDS, KERNELS

SETTINGS = list(itertools.product((1, 2, 3), (1, 2), (0, 1, 2), (1, 2, 3, 5)))
RANDOM = np.random.default_rng(0)


def window(shape: tuple[int, int], kernel: int, stride: int = 1, dilation: int = 1, pads: tuple[int, int] = (0, 0)):
    rows, columns = (Axis(size, kernel, stride, dilation, pads) for size in shape)
    return Window(rows, columns)


def tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.tensor(picture)[None, None]


@pytest.mark.parametrize(("stride", "dilation", "padding", "kernel"), SETTINGS)
def test_sliding_a_kernel_gives_what_conv2d_gives(stride: int, dilation: int, padding: int, kernel: int) -> None:
    picture, weights = RANDOM.normal(size=(11, 14)), RANDOM.normal(size=(kernel, kernel))
    ours = slide(picture, weights, window(picture.shape, kernel, stride, dilation, (padding, padding)))
    theirs = F.conv2d(tensor(picture), tensor(weights), stride=stride, dilation=dilation, padding=padding)
    np.testing.assert_allclose(ours, theirs[0, 0].numpy(), atol=1e-12)


@pytest.mark.parametrize(("edge", "mode"), [("reflect", "reflect"), ("replicate", "replicate"), ("zero", "constant")])
def test_padding_holds_what_torch_puts_there(edge: str, mode: str) -> None:
    picture = RANDOM.normal(size=(5, 6))
    ours = pad(picture, window(picture.shape, 3, pads=(2, 2)), edge)
    np.testing.assert_array_equal(ours, F.pad(tensor(picture), (2, 2, 2, 2), mode=mode)[0, 0].numpy())


@pytest.mark.parametrize("kernel", [1, 3, 5, 7])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_padding_with_stride_1_is_that_of_torch(kernel: int, dilation: int) -> None:
    picture, weights = RANDOM.normal(size=(9, 9)), RANDOM.normal(size=(kernel, kernel))
    ours = slide(picture, weights, window((9, 9), kernel, 1, dilation, same_pads(9, kernel, 1, dilation)))
    theirs = F.conv2d(tensor(picture), tensor(weights), padding="same", dilation=dilation)
    np.testing.assert_allclose(ours, theirs[0, 0].numpy(), atol=1e-12)


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), list(itertools.product(range(3, 16), (1, 2, 3, 5), (1, 2, 3, 4)))
)
def test_same_padding_gives_the_size_over_the_stride_rounded_up(size: int, kernel: int, stride: int) -> None:
    assert Axis(size, kernel, stride, pads=same_pads(size, kernel, stride)).output == -(-size // stride)


def test_same_padding_of_tensorflows_documentation() -> None:
    # tf.nn documentation, "Notes on padding": 13 wide, filter 6, stride 5 give 3, with 1 zero before and 2 behind.
    assert same_pads(13, 6, 5) == (1, 2)


@pytest.mark.parametrize(("stride", "dilation", "padding", "kernel"), SETTINGS)
def test_steps_add_up_to_the_output(stride: int, dilation: int, padding: int, kernel: int) -> None:
    picture, weights = RANDOM.normal(size=(9, 10)), RANDOM.normal(size=(kernel, kernel))
    how = window(picture.shape, kernel, stride, dilation, (padding, padding))
    output = slide(picture, weights, how)
    walked = list(steps(picture, weights, how))
    assert [step.place for step in walked] == list(np.ndindex(output.shape))
    np.testing.assert_allclose([step.sum for step in walked], output.ravel(), atol=1e-12)


def test_a_convolution_with_several_channels_and_filters_is_conv2d() -> None:
    pictures, kernels, bias = RANDOM.normal(size=(3, 7, 8)), RANDOM.normal(size=(4, 3, 3, 3)), RANDOM.normal(size=4)
    ours = slide_channels(pictures, kernels, bias, window((7, 8), 3, 2, pads=(1, 1)))
    theirs = F.conv2d(torch.tensor(pictures)[None], torch.tensor(kernels), torch.tensor(bias), stride=2, padding=1)
    np.testing.assert_allclose(ours, theirs[0].numpy(), atol=1e-12)


def test_sliding_the_flipped_kernel_is_the_convolution_of_mathematics() -> None:
    signal, kernel = np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 1.0, 0.5]])
    how = Window(Axis(1, 1), Axis(3, 3, pads=(2, 2)))
    np.testing.assert_allclose(slide(signal, flipped(kernel), how)[0], np.convolve(signal[0], kernel[0]))


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (3, 1), (2, 3)])
def test_pooling_gives_what_torch_gives(kernel: int, stride: int) -> None:
    picture = RANDOM.normal(size=(9, 10))
    how = window(picture.shape, kernel, stride)
    np.testing.assert_allclose(pool(picture, how, "max"), F.max_pool2d(tensor(picture), kernel, stride)[0, 0].numpy())
    np.testing.assert_allclose(
        pool(picture, how, "average"), F.avg_pool2d(tensor(picture), kernel, stride)[0, 0].numpy()
    )


@pytest.mark.parametrize(("down", "right"), [(0, 0), (1, 0), (0, 2), (-1, 3), (-2, -2), (9, 9)])
def test_a_moved_picture_has_each_value_where_it_went(down: int, right: int) -> None:
    picture = np.arange(1.0, 21.0).reshape(4, 5)
    ours = moved(picture, down, right)
    for row, column in np.ndindex(4, 5):
        source = (row - down, column - right)
        inside = 0 <= source[0] < 4 and 0 <= source[1] < 5
        assert ours[row, column] == (picture[source] if inside else 0)


def test_what_is_left_over_is_read_by_no_window() -> None:
    how = window((6, 6), 3, 2)
    assert how.rows.remainder == 1
    assert how.visits()[-1].sum() == 0
    assert how.unread() == 6 + 6 - 1


def test_gaps_between_windows_are_counted_as_unread() -> None:
    assert window((5, 5), 1, 2).unread() == 25 - 9


def test_visits_count_the_windows_that_a_pixel_is_in() -> None:
    counted = np.zeros((7, 7), int)
    how = window((5, 5), 3, 2, pads=(1, 1))
    for row, column in np.ndindex(how.output):
        counted[np.ix_(how.rows.reads(row), how.columns.reads(column))] += 1
    np.testing.assert_array_equal(how.visits(), counted)


def test_a_kernel_that_does_not_fit_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="reaches over 5 pixels, and the padded picture is 4 high"):
        slide(np.zeros((4, 4)), np.ones((3, 3)), window((4, 4), 3, dilation=2))


def test_more_mirror_than_picture_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="the most is 2"):
        slide(np.zeros((3, 3)), np.ones((3, 3)), window((3, 3), 3, pads=(3, 3)), "reflect")


@pytest.mark.parametrize("groups", [1, 2])
def test_a_layer_has_the_shape_parameters_and_macs_of_the_built_one(groups: int) -> None:
    row = as_layer(4, window((11, 9), 3, 2, 2, (1, 1)), 6, groups=groups, images=2)
    built = nn.Conv2d(4, 6, 3, 2, 1, 2, groups)
    output = built(torch.zeros(2, 4, 11, 9))
    assert row.output_shape == tuple(output.shape)
    assert row.params == sum(weight.numel() for weight in built.parameters())
    assert row.macs == output.numel() * built.weight[0].numel()


def test_the_formulas_of_a_layer_give_its_numbers() -> None:
    row = as_layer(3, window((224, 224), 11, 4, pads=same_pads(224, 11, 4)), 96)
    found = {formula.quantity: formula.result for formula in formulas(row)}
    assert found["Height and width"] == 56
    assert (found[PARAMETERS], found[MACS]) == (34_944, 56 * 56 * 96 * 363)


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
def test_kernels_keep_or_remove_even_areas(kernel: object) -> None:
    total = kernel.numbers.sum()
    assert total == pytest.approx(1) or total == 0
    assert kernel.numbers.shape[0] == kernel.numbers.shape[1]


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_grids_are_rectangles(grid: object) -> None:
    assert np.array(grid.numbers).ndim == 2

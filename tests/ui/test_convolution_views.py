"""What stands behind the views of the Convolution page, without the page."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from explorer import samples
from explorer.analysis import analyze
from explorer.analysis.rows import ReceptiveField
from explorer.convolution import Axis, Window, moved, pool, same_pads
from explorer.kernels import KERNELS
from explorer.ui.convolution import flattening, numbers, pooling, spot, stack
from explorer.ui.convolution.channels import example_html, shapes
from explorer.ui.convolution.controls import Motion
from explorer.ui.convolution.flattening import shuffled
from explorer.ui.convolution.layer_controls import Layer
from explorer.ui.convolution.picture import automatic, unread_sentence, visible_values
from explorer.ui.convolution.picture_source import Picture
from explorer.ui.convolution.scene import View
from explorer.ui.convolution.stage import Stage
from explorer.units import MINUS


def window(height: int, width: int, kernel: int, stride: int = 1, pads: tuple[int, int] = (0, 0)) -> Window:
    return Window(Axis(height, kernel, stride, 1, pads), Axis(width, kernel, stride, 1, pads))


@pytest.mark.parametrize("text", ["1,0,-1 2,0,-2", "0.5", "1 2 3"])
def test_tables_of_numbers_survive_the_address(text: str) -> None:
    assert numbers.written(numbers.parse(text, 5, 5)) == text


@pytest.mark.parametrize(("text", "reason"), [("1,2,3", "The most is"), ("1 2 3", "The most is"), ("1e9", "go from")])
def test_tables_that_are_too_large_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        numbers.parse(text, 2, 2)


def test_layers_of_a_stack_may_leave_out_what_is_as_usual() -> None:
    assert stack.parse("3 5,2 7,2,3") == ((3, 1, 0, 1), (5, 2, 0, 1), (7, 2, 3, 1))


@pytest.mark.parametrize("text", ["", "0", "3,1.5", "3,1,1,1,1", " ".join(["3"] * 25)])
def test_what_makes_no_stack_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        stack.parse(text)


@pytest.mark.parametrize("text", ["3,1,1 3,2,1 3,1,1", "7,2,3 3,2,1 3,1,1,2", "5,3 2,2", "4,2,1 3,1,2,2"])
def test_a_unit_of_a_stack_sees_the_pixels_that_change_it(text: str) -> None:
    layers, side = stack.parse(text), 41
    stage = stack.stages_of(layers, side)[-1]
    picture = torch.rand(1, 1, side, side, requires_grad=True)
    output = picture
    for kernel, stride, padding, dilation in (map(int, layer) for layer in layers):
        output = nn.functional.conv2d(output, torch.ones(1, 1, kernel, kernel), None, stride, padding, dilation)
    assert stage.size == tuple(output.shape[2:])
    unit = (stage.size[0] // 2, stage.size[1] // 2)
    (gradient,) = torch.autograd.grad(output[0, 0][unit], picture)
    rows, columns = (gradient[0, 0].abs().sum(axis).nonzero().ravel() for axis in (1, 0))
    box = stage.box(stage.field.size, unit, "size")
    assert (box.top, box.top + box.height) == (rows.min(), rows.max() + 1)
    assert (box.left, box.left + box.width) == (columns.min(), columns.max() + 1)


@pytest.mark.parametrize("network", ["vgg16", "googlenet", "lenet5_modern", "resnet18"])
def test_a_click_on_a_units_centre_picks_the_unit(network: str) -> None:
    for row in analyze(network).rows:
        if row.receptive_field and len(row.output_shape) == 4:
            stage = Stage(row.path, row.output_shape[2:], row.receptive_field)
            centres = stage.centres()
            units = [(i, j) for i in range(stage.size[0]) for j in range(stage.size[1])]
            for unit, (x, y) in list(zip(units, centres, strict=False))[::7]:
                assert stage.nearest(x, y) == unit


def test_a_point_of_the_drawing_is_found_in_the_picture() -> None:
    view = View(100, 50, 10)
    assert view.pixel(0, 0) == (-10, -10)
    assert view.pixel(0.5, 0.5) == (50, 25)


def test_a_field_half_beyond_the_picture_is_half_inside() -> None:
    stage = Stage("layer", (2, 2), ReceptiveField((4, 4), (4, 4), (10, 10), (-0.5, 4.5)))
    assert stage.share_inside((0, 0), 20) == pytest.approx(0.5)
    assert stage.margin(20) == 2


def test_negative_numbers_are_shown_around_grey() -> None:
    visible, how = visible_values(np.array([[-10.0, 0.0, 10.0]]), "grey")
    assert visible[0, 1] == 127.5
    assert visible[0, 0] < 1 < 254 < visible[0, 2]
    assert "grey" in how


@pytest.mark.parametrize(
    ("kernel", "how"), [("sobel_x", "grey"), ("laplacian", "grey"), ("sharpen", "clip"), ("gauss", "clip")]
)
def test_a_kernel_whose_weights_add_up_to_nothing_is_shown_around_grey(kernel: str, how: str) -> None:
    assert automatic(KERNELS[kernel].numbers) == how


def test_a_blurred_picture_is_shown_as_it_is() -> None:
    values = np.array([[0.0, 100.0, 250.0]])
    np.testing.assert_array_equal(visible_values(values, "clip")[0], values)


def test_relu_shows_only_what_is_positive() -> None:
    np.testing.assert_array_equal(visible_values(np.array([[-5.0, 0.0, 10.0]]), "relu")[0], [[0, 0, 255]])


def test_leftover_pixels_in_the_padding_are_not_missed() -> None:
    assert unread_sentence(window(6, 6, 3, 2, (1, 1))) == ""


def test_gaps_of_a_dilated_kernel_are_named() -> None:
    axis = Axis(9, 3, 3, 3)
    assert "leaves gaps" in unread_sentence(Window(axis, axis))


def test_same_padding_of_an_even_kernel_puts_the_odd_pixel_behind() -> None:
    motion = Motion(1, 1, "same", 1, "zero", False, 0)
    assert motion.window((5, 5), (2, 2)).rows.pads == (0, 1)


@pytest.mark.parametrize("has_bias", [True, False])
def test_shapes_are_those_of_torchs_layer_and_of_tensorflows_order(has_bias: bool) -> None:
    layer = Layer(4, 6, 2, 5, has_bias, window(9, 9, 3, 2))
    built = nn.Conv2d(4, 6, 3, 2, groups=2, bias=has_bias)
    output = built(torch.zeros(5, 4, 9, 9))
    sizes = shapes(layer).set_index("")
    assert sizes.loc["Kernel", "PyTorch (NCHW)"] == "×".join(map(str, built.weight.shape))
    assert sizes.loc["Output", "PyTorch (NCHW)"] == "×".join(map(str, output.shape))
    last = built.weight.permute(2, 3, 1, 0)  # height, width, channels, filters, as tf.nn.conv2d takes it
    assert sizes.loc["Kernel", "TensorFlow (NHWC)"] == "×".join(map(str, last.shape))
    assert sizes.loc["Output", "TensorFlow (NHWC)"] == "5×4×4×6"
    assert ("Bias" in sizes.index) == has_bias


def test_the_sums_over_channels_add_up_to_the_output() -> None:
    html = example_html(1, 0)
    cells = html.split("Filter 1</th>")[1].split("</tr>")[0].replace(MINUS, "-")
    *parts, total = [float(cell.split("</")[0].replace("<b>", "")) for cell in cells.split("<td>")[1:]]
    assert sum(parts) == total


def test_a_shuffled_picture_has_the_same_pixels() -> None:
    sample = samples.get("cat")
    image, mixed = shuffled(Picture(sample.image(), sample.alt, sample.credit))
    colours = [sorted(map(tuple, np.asarray(one).reshape(-1, 3).tolist())) for one in (image, mixed)]
    assert colours[0] == colours[1]
    assert not np.array_equal(np.asarray(image), np.asarray(mixed))


def test_a_linear_layer_for_a_large_picture_is_said_to_be_absurd() -> None:
    sentence = flattening.cost_sentence(Layer(3, 64, 1, 1, True, window(224, 224, 3, pads=(1, 1))))
    assert "1,792 parameters" in sentence
    assert "150,528×3,211,264" in sentence
    assert "483.4 G parameters" in sentence


@pytest.mark.parametrize(
    ("stride", "dilation", "pads"), [(1, 1, (0, 0)), (2, 1, (1, 1)), (3, 2, (2, 2)), (1, 3, (0, 0)), (2, 1, (0, 1))]
)
def test_the_middle_of_a_window_picks_its_own_place(stride: int, dilation: int, pads: tuple[int, int]) -> None:
    axis = Axis(21, 3, stride, dilation, pads)
    both = Window(axis, axis)
    for place in np.ndindex(both.output):
        box = spot.window_box(both, place)
        assert spot.above(both, box.left + box.width / 2, box.top + box.height / 2) == place


def test_a_click_beyond_the_last_window_picks_the_last_place() -> None:
    assert spot.above(window(8, 9, 3), -5, 50) == (5, 0)


@pytest.mark.parametrize("text", ["", "1", "0,1", "1,0", "a,b", "1,2,3", "-1,2"])
def test_a_spot_that_is_no_row_and_column_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="A spot is a row and a column"):
        spot.check(text)


def test_tensorflows_same_gives_alexnet_56_pixels() -> None:
    pads = same_pads(224, 11, 4)
    assert Layer(3, 96, 1, 1, True, window(224, 224, 11, 4, pads)).row.output_shape == (1, 96, 56, 56)


def test_a_move_by_the_stride_moves_what_pooling_puts_out_by_one() -> None:
    sample = samples.get("cat")
    before, after = pooling.both(Picture(sample.image(), sample.alt, sample.credit), 0, 4)
    for how in pooling.HOWS:
        window = pooling.window_of(before, 4, 4)
        shifted = moved(pool(before, window, how), 0, 1)
        np.testing.assert_allclose(
            pooling.change(before, after, 4, how), np.abs(shifted - pool(before, window, how)), atol=1e-9
        )

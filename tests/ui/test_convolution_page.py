"""The Convolution page, run without a browser, and the functions behind its views."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from notes import notes
from streamlit.testing.v1 import AppTest
from torch import nn

from explorer import samples
from explorer.ui.convolution import VIEWS
from explorer.ui.convolution.flattening import linear_cost
from explorer.units import MINUS

MAIN = "../../explorer/ui/main.py"


def open_page(**address: str) -> AppTest:
    """Convolution, opened at an address."""
    app = AppTest.from_file(MAIN, default_timeout=120)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("../../pages/convolution.py").run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    """All text of the page, with plain minus signs."""
    return " ".join(element.value for element in (*app.markdown, *app.caption)).replace(MINUS, "-")


def component(app: AppTest, at: int = 0) -> dict[str, Any]:
    """What was sent to a component of ours."""
    sent: dict[str, Any] = json.loads(app.get("bidi_component")[at].proto.json)
    return sent


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column; editors are tables too."""
    return next(one.value for one in app.dataframe if column in one.value.columns)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_from_a_link(view: str) -> None:
    app = open_page(lesson=view)
    assert not app.error
    assert not app.warning


def test_a_picture_comes_out_two_pixels_smaller_behind_a_3x3_kernel() -> None:
    text = told(open_page())
    assert "floor((288 + 2×0 - 3)/1) + 1 = 286" in text
    assert "floor((433 + 2×0 - 3)/1) + 1 = 431" in text


def test_same_padding_keeps_the_size() -> None:
    assert "floor((288 + 2×1 - 3)/1) + 1 = 288" in told(open_page(padding="same"))


def test_what_does_not_divide_is_floored_and_what_is_left_over_is_named() -> None:
    text = told(open_page(stride="2"))
    assert "floor((288 + 2×0 - 3)/2) + 1 = 143" in text
    assert "433 of 288×433 pixels are never read" in text
    assert "(288 - 3)/2 is no whole number, so 1 row at the bottom is left over" in text


def test_one_number_of_the_output_is_worked_out_from_the_pixels_below_the_kernel() -> None:
    app = open_page(kernel="box", spot="3,5", bias="7", stride="2", padding="by", pad_by="1")
    pixels = torch.from_numpy(np.asarray(samples.get("cat").image().convert("L"), np.float32))
    mean = nn.functional.avg_pool2d(pixels[None], 3, 2, 1)[0, 2, 4].item()
    total = round(9 * mean)
    assert f"In row 3, column 5 the 3×3 products add up to {total}, divided by 9, with the bias of 7: **" in told(app)
    assert f"**{mean + 7:.2f}".rstrip("0").rstrip(".") in told(app)


def test_a_place_beyond_the_output_becomes_its_last() -> None:
    assert "In row 286, column 431 the" in told(open_page(spot="999,999"))


def test_same_padding_of_a_layer_is_a_switch() -> None:
    text = told(open_page(lesson="Channels", side="224", filters="96", k="11", s="4", same="true"))
    assert "224 + 3 + 4 = 231" in text
    assert "floor((231 + 2×0 - 11)/4) + 1 = 56" in text


def test_a_kernel_of_ones_own_comes_from_the_link() -> None:
    app = open_page(weights="0,1 2,3", divisor="6")
    assert app.number_input(key="divisor").value == 6
    assert "floor((288 + 2×0 - 2)/1) + 1 = 287" in told(app)
    assert "Edited." in told(app)


def test_a_preset_brings_its_divisor() -> None:
    app = open_page()
    app.selectbox(key="kernel").select("gauss").run()
    assert app.number_input(key="divisor").value == 256
    assert "floor((288 + 2×0 - 5)/1) + 1 = 284" in told(app)
    assert app.query_params["kernel"] == "gauss"


def test_each_further_preset_brings_its_own_divisor() -> None:
    app = open_page(kernel="box", divisor="9")
    app.selectbox(key="kernel").select("gauss").run()
    assert app.number_input(key="divisor").value == 256
    app.selectbox(key="kernel").select("sharpen").run()
    assert app.number_input(key="divisor").value == 1


def test_the_kernels_size_can_be_changed() -> None:
    app = open_page()
    app.number_input(key="kernel-side-3").set_value(5).run()
    assert "floor((288 + 2×0 - 5)/1) + 1 = 284" in told(app)
    assert app.query_params["weights"] == "0,0,0,0,0 0,-1,0,1,0 0,-2,0,2,0 0,-1,0,1,0 0,0,0,0,0"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"weights": "1,2 3"}, "All rows need the same number of numbers"),
        ({"weights": "a"}, "Numbers have commas between them"),
        ({"kernel": "magic"}, "The kernel can be sobel_x"),
        ({"stride": "0"}, "The stride is a whole number from 1 to 4."),
        ({"spot": "0,1"}, "A spot is a row and a column"),
        ({"picture": "dog"}, "The picture can be cat"),
        ({"lesson": "Receptive field", "stack": "99"}, "Kernel is a whole number from 1 to 31."),
        ({"lesson": "Receptive field", "network": "vgg17"}, "The network can be"),
        ({"lesson": "Channels", "k": "16"}, "Kernel is a whole number from 1 to 15."),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_gets_one_sentence(address: dict[str, str], sentence: str) -> None:
    app = open_page(**address)
    assert len(notes(app)) == 1
    assert sentence in notes(app)[0]


def test_a_kernel_larger_than_the_grid_is_explained() -> None:
    app = open_page(lesson="Step by step", grid="point", kernel="gauss", dilation="2")
    assert "The kernel reaches over 9 pixels, and the padded picture is 5 high" in app.error[0].value


def test_the_stepper_gets_the_output_that_torch_gives() -> None:
    app = open_page(lesson="Step by step", grid="ramp", kernel="outline", padding="by", bias="2", stride="2")
    board = component(app)
    ramp = torch.tensor([[float(i + j) for j in range(6)] for i in range(6)])[None, None]
    kernel = torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])[None, None]
    expected = nn.functional.conv2d(ramp, kernel, torch.tensor([2.0]), stride=2, padding=1)
    assert board["output"] == expected[0, 0].tolist()
    assert np.array(board["input"]).shape == (8, 8)
    assert board["pads"] == [1, 1]


def test_a_link_opens_at_its_step() -> None:
    assert component(open_page(lesson="Step by step", at="7"))["start"] == 6


def test_a_flipped_kernel_reproduces_itself_around_one_bright_pixel() -> None:
    app = open_page(lesson="Step by step", grid="point", kernel="emboss", flip="true")
    assert component(app)["output"] == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    assert "numbers differ" in told(app)


def test_every_step_stands_in_a_table() -> None:
    app = open_page(lesson="Step by step", grid="edge", kernel="sobel_x")
    steps = table(app, "Products")
    assert len(steps) == 16
    assert steps["Output"].tolist() == steps["Sum"].tolist() == [0, 20, 20, 0] * 4


def test_the_first_layer_of_alexnet_has_54_pixels_without_padding() -> None:
    app = open_page(lesson="Channels", side="224", filters="96", k="11", s="4")
    sizes = table(app, "PyTorch (NCHW)").set_index("")
    assert sizes.loc["Kernel", "PyTorch (NCHW)"] == "96×3×11×11"
    assert sizes.loc["Kernel", "TensorFlow (NHWC)"] == "11×11×3×96"
    assert sizes.loc["Output", "PyTorch (NCHW)"] == "1×96×54×54"
    assert "(11×11×3)×96 + 96 = 34,944" in told(app)


def test_groups_are_those_that_divide_channels_and_filters() -> None:
    app = open_page(lesson="Channels", channels="6", filters="4", groups="2")
    assert app.selectbox(key="groups").options == ["1", "2"]
    assert table(app, "PyTorch (NCHW)").set_index("").loc["Kernel", "PyTorch (NCHW)"] == "4×3×3×3"


def test_a_layer_whose_kernel_does_not_fit_is_explained() -> None:
    assert "does not fit" in open_page(lesson="Channels", side="4", k="7").error[0].value


def test_moving_a_seven_changes_less_behind_pooling() -> None:
    text = told(open_page(lesson="Pooling"))
    assert "**14 of 64** numbers of the input, **4 of 16** behind max pooling and **9 of 16** behind average" in text


def test_a_linear_layer_costs_what_torch_needs_for_one() -> None:
    app = open_page(lesson="Flattening", side="8", filters="2")
    linear = nn.Linear(3 * 8 * 8, 2 * 6 * 6)
    count = sum(weight.numel() for weight in linear.parameters())
    assert table(app, "Parameters")["Parameters"].tolist()[1] == f"{count:,}"
    assert linear_cost(192, 72, bias=True)[0] == count


def test_a_network_and_a_layer_come_from_the_link() -> None:
    app = open_page(lesson="Receptive field", network="vgg16", layer="features.4")
    assert "Sees 6×6 of the picture; one step is 2 pixels." in told(app)
    assert app.selectbox(key="layer").value == "features.4"


def test_a_network_opens_at_its_last_map() -> None:
    assert "Sees 212×212" in told(open_page(lesson="Receptive field", network="vgg16"))


def test_behind_a_gate_what_is_framed_is_called_a_window() -> None:
    app = open_page(lesson="Receptive field", network="efficientnet_b0", layer="features.1.0.block.2.0")
    assert "Sees the whole picture of 224×224 through global pooling; its own window is 7×7;" in told(app)
    caption = next(one.value for one in app.caption if one.value.startswith("The unit"))
    assert "sees the whole picture of 224×224 through global pooling." in caption
    assert "Its own window has 7×7 pixels." in caption
    facts = table(app, "Receptive field").set_index("Receptive field")[""]
    assert facts["One unit sees, over all paths"] == "the whole picture"
    assert facts["Without global pooling: its window"] == "7×7 pixels"


def test_a_stack_of_ones_own_comes_from_the_link() -> None:
    seen = table(open_page(lesson="Receptive field", stack="3,1 3,1 3,1"), "One unit sees (pixels)")
    assert seen["One unit sees (pixels)"].tolist() == ["3×3", "5×5", "7×7"]
    assert seen["Output"].tolist() == ["62×62", "60×60", "58×58"]


def test_a_stack_that_outgrows_the_picture_is_explained() -> None:
    app = open_page(lesson="Receptive field", stack="31,8 31,8", pixels="32")
    assert "Layer 2 does not fit" in app.error[0].value


def test_controls_keep_their_state_behind_another_view() -> None:
    app = open_page(stride="3", weights="1,1 1,1")
    app.session_state["lesson"] = "Pooling"
    app.run()
    app.session_state["lesson"] = "Picture"
    app.run()
    assert not app.exception
    assert "floor((288 + 2×0 - 2)/3) + 1 = 96" in told(app)

import math

import pytest

from explorer import registry
from explorer.analysis import analyze
from explorer.analysis.rows import LayerRow, ReceptiveField
from explorer.formulas import MACS, PARAMETERS, Formula, formulas, receptive_field_sentence
from explorer.units import MINUS, TIMES


def row(kind: str, group: str, *shapes: tuple[int, ...], params: int = 0, macs: int = 0, **fields: object) -> LayerRow:
    """A row that reads all shapes but the last, which it puts out."""
    inputs = tuple(f"in{i}" for i in range(len(shapes) - 1))
    counts = {"params": params, "trainable_params": params, "macs": macs, "activation_bytes": 0}
    return LayerRow("layer", kind, group, "", 1, inputs, shapes[:-1], shapes[-1], **counts, **fields)


def evaluate(formula: Formula) -> float:
    """What the left side of the filled formula gives, worked out from its text alone."""
    text, _, result = formula.filled.rpartition(" = ")
    expression = text.replace(",", "").replace(TIMES, "*").replace(MINUS, "-")
    value = eval(expression, {"__builtins__": {}, "floor": math.floor, "ceil": math.ceil})
    assert value == int(result.replace(",", ""))
    return value


def check(row: LayerRow) -> None:
    """Every filled formula of the row gives, from its text, what the row says."""
    for formula in formulas(row):
        expected = {PARAMETERS: row.params, MACS: row.macs}
        if formula.filled:
            assert evaluate(formula) == formula.result
        if formula.quantity in expected:
            assert formula.result == expected[formula.quantity]
        for axis in formula.axes:
            assert formula.result == row.output_shape[axis]


def filled(row: LayerRow) -> dict[str, str]:
    check(row)
    return {formula.quantity: formula.filled.replace(TIMES, "*").replace(MINUS, "-") for formula in formulas(row)}


CONV1 = row(
    *("Conv2d", "conv", (1, 3, 224, 224), (1, 64, 112, 112)),
    params=9_472,
    macs=118_013_952,
    kernel=(7, 7),
    stride=(2, 2),
    padding=(3, 3),
    dilation=(1, 1),
    conv_groups=1,
    has_bias=True,
)


def test_a_convolution_is_filled_in_as_one_would_write_it() -> None:
    assert filled(CONV1) == {
        "Channels": "",
        "Height and width": "floor((224 + 2*3 - 7)/2) + 1 = 112",
        "Parameters": "(7*7*3)*64 + 64 = 9,472",
        "MACs": "64*112*112 * (7*7*3) = 118,013,952",
    }


def test_a_grouped_convolution_reads_its_share_of_the_channels() -> None:
    conv = row(
        *("Conv2d", "conv", (1, 96, 27, 27), (1, 256, 27, 27)),
        params=3 * 3 * 48 * 256 + 256,
        macs=256 * 27 * 27 * 3 * 3 * 48,
        kernel=(3, 3),
        stride=(1, 1),
        padding=(1, 1),
        conv_groups=2,
        has_bias=True,
    )
    assert filled(conv)["Parameters"] == "(3*3*(96/2))*256 + 256 = 110,848"


def test_a_batch_multiplies_the_macs() -> None:
    conv = row(
        *("Conv2d", "conv", (32, 8, 4, 4), (32, 16, 4, 4)),
        params=128,
        macs=32 * 16 * 4 * 4 * 8,
        kernel=(1, 1),
        stride=(1, 1),
        padding=(0, 0),
        has_bias=False,
    )
    assert filled(conv)["MACs"] == "32 * 16*4*4 * (1*1*8) = 65,536"


def test_an_asymmetric_kernel_gets_a_formula_for_each_side() -> None:
    conv = row(
        *("Conv2d", "conv", (1, 4, 20, 17), (1, 4, 20, 13)),
        params=80,
        macs=4 * 20 * 13 * 20,
        kernel=(1, 5),
        stride=(1, 1),
        padding=(0, 0),
        has_bias=False,
    )
    assert filled(conv)["Height"] == "floor((20 + 2*0 - 1)/1) + 1 = 20"
    assert filled(conv)["Width"] == "floor((17 + 2*0 - 5)/1) + 1 = 13"


def test_dilation_widens_the_kernel() -> None:
    conv = row(
        *("Conv2d", "conv", (1, 1, 28, 28), (1, 1, 24, 24)),
        params=9,
        macs=24 * 24 * 9,
        kernel=(3, 3),
        stride=(1, 1),
        padding=(0, 0),
        dilation=(2, 2),
        has_bias=False,
    )
    assert filled(conv)["Height and width"] == "floor((28 + 2*0 - 2*(3 - 1) - 1)/1) + 1 = 24"


def test_a_pooling_that_rounds_up_says_so() -> None:
    pool = row(
        "MaxPool2d",
        "pool",
        (1, 64, 112, 112),
        (1, 64, 56, 56),
        kernel=(3, 3),
        stride=(2, 2),
        padding=(0, 0),
        ceil_mode=True,
    )
    assert filled(pool)["Height and width"] == "ceil((112 + 2*0 - 3)/2) + 1 = 56"


def test_an_adaptive_pooling_has_no_formula_but_a_sentence() -> None:
    pool = row("AdaptiveAvgPool2d", "pool", (1, 512, 7, 7), (1, 512, 1, 1))
    assert f"1{TIMES}1, whatever" in formulas(pool)[0].rule
    check(pool)


def test_a_concatenation_adds_up_channels() -> None:
    maps = [(1, channels, 28, 28) for channels in (64, 128, 32, 32, 256)]
    assert filled(row("cat", "join", *maps))["Channels"] == "64 + 128 + 32 + 32 = 256"


def test_a_concatenation_of_tokens_adds_up_tokens() -> None:
    assert filled(row("cat", "join", (1, 1, 768), (1, 196, 768), (1, 197, 768)))["Tokens"] == "1 + 196 = 197"


def test_a_sum_names_what_it_joins() -> None:
    add = row("add", "join", (1, 256, 56, 56), (1, 256, 56, 56), (1, 256, 56, 56))
    assert formulas(add)[0].rule.startswith("2 inputs, value by value: in0 (256")


def test_flattening_multiplies_the_sides() -> None:
    assert filled(row("Flatten", "other", (1, 512, 7, 7), (1, 25088)))["Features"] == "512*7*7 = 25,088"


def test_a_linear_layer_multiplies_inputs_and_outputs() -> None:
    fc = row("Linear", "linear", (1, 4096), (1, 1000), params=4_097_000, macs=4_096_000, has_bias=True)
    assert filled(fc)["Parameters"] == "4,096*1,000 + 1,000 = 4,097,000"
    assert filled(fc)["MACs"] == "1,000 * 4,096 = 4,096,000"


def test_a_norm_has_two_numbers_a_channel() -> None:
    norm = row("BatchNorm2d", "norm", (1, 64, 8, 8), (1, 64, 8, 8), params=128)
    assert filled(norm)["Parameters"] == "2*64 = 128"


def test_a_norm_without_weights_has_no_formula() -> None:
    norm = row("LocalResponseNorm", "norm", (1, 64, 8, 8), (1, 64, 8, 8))
    assert filled(norm)["Parameters"] == ""


def test_attention_has_four_matrices() -> None:
    sizes = {"params": 4 * (768 * 768 + 768), "macs": 4 * 197 * 768**2 + 2 * 197**2 * 768}
    attention = row("MultiheadAttention", "other", (1, 197, 768), (1, 197, 768), **sizes)
    assert filled(attention)["Parameters"] == "4*(768*768 + 768) = 2,362,368"
    assert filled(attention)["MACs"] == "4*197*768*768 + 2*197*197*768 = 524,391,936"


def test_weights_used_again_are_not_counted_again() -> None:
    again = row("Linear", "linear", (1, 8), (1, 4), macs=32, has_bias=True, is_repeat=True)
    assert "runs first" in formulas(again)[1].rule
    check(again)


def test_a_layer_that_no_formula_fits_says_what_is_counted() -> None:
    odd = row("Conv2d", "conv", (1, 3, 8, 8), (1, 4, 8, 8), params=7, macs=11, kernel=(1, 1), has_bias=False)
    assert filled(odd)["Parameters"] == filled(odd)["MACs"] == ""


def test_a_head_that_does_not_run_has_no_output() -> None:
    head = row("Linear", "linear", (4, 3), params=12, runs_in_training_only=True)
    assert "training only" in formulas(head)[0].rule
    check(head)


@pytest.mark.parametrize(
    ("size", "least", "stride", "sentence"),
    [
        ((7, 7), (7, 7), (2, 2), "Sees 7x7 of the picture; one step is 2 pixels."),
        ((3, 3), (3, 3), (1, 1), "Sees 3x3 of the picture; one step is 1 pixel."),
        ((7, 1), (1, 1), (2, 1), "Sees 7x1 of the picture (by its narrowest path 1x1); one step is 2x1 pixels."),
        ((300, 300), (300, 300), (32, 32), "Sees the whole picture of 224x224: up to 300x300; one step is 32 pixels."),
    ],
)
def test_a_receptive_field_is_told_in_a_sentence(
    size: tuple[int, int], least: tuple[int, int], stride: tuple[int, int], sentence: str
) -> None:
    field = ReceptiveField(size, least, stride, (0.0, 0.0))
    seen = row("ReLU", "activation", (1, 8, 9, 9), (1, 8, 9, 9), receptive_field=field)
    assert receptive_field_sentence(seen, (224, 224)).replace(TIMES, "x") == sentence


@pytest.mark.parametrize(
    ("name", "options", "path", "sentence"),
    [
        ("googlenet", {"aux": True}, "aux_4a.conv.conv", "Does not run here: it is used in training only."),
        ("vit_b_16", {}, "class_token", "Made of weights alone: it depends on no pixel."),
        ("vit_b_16", {}, "reshape", "not followed here: this network cuts its maps into windows or tokens"),
        ("swin_t", {}, "features.1.0.attn", "not followed here: this network cuts its maps into windows or tokens"),
    ],
)
def test_where_no_field_is_known_the_reason_is_said(
    name: str, options: dict[str, bool], path: str, sentence: str
) -> None:
    assert sentence in receptive_field_sentence(analyze(name, options=options).by_path[path], (224, 224))


def test_behind_a_gate_a_unit_sees_the_whole_picture_beside_its_window() -> None:
    gated = analyze("efficientnet_b0", input_size=(3, 64, 64)).by_path["features.2.1.add"]
    assert receptive_field_sentence(gated, (64, 64)).replace(TIMES, "x") == (
        "Sees the whole picture of 64x64 through global pooling; its own window is 19x19 "
        "(by its narrowest path 11x11); one step is 4 pixels."
    )


def test_steps_that_differ_are_not_given_a_number() -> None:
    uneven, same = (
        receptive_field_sentence(analyze("vgg16", input_size=(3, side, side)).by_path["avgpool"], (side, side))
        for side in (320, 32)
    )
    assert uneven.endswith("; this is the widest, as units differ in what they see and in their steps.")
    assert same.endswith("; all units see the same.")


def sample(most: int) -> list[str]:
    """Registered names of all families, evenly spread, first ones first."""
    families: dict[str, list[str]] = {}
    for name in registry.names():
        families.setdefault(registry.get(name).family, []).append(name)
    for_each = max(1, most // len(families))
    return [name for names in families.values() for name in names[:: -(-len(names) // for_each)]]


@pytest.mark.parametrize("name", sample(30))
def test_every_filled_formula_gives_what_the_row_says(name: str) -> None:
    for each in analyze(name, batch_size=2).rows:
        check(each)


@pytest.mark.parametrize("name", sample(30))
def test_no_layer_of_a_usual_kind_goes_without_its_formulas(name: str) -> None:
    for each in analyze(name).rows:
        if each.kind in ("Conv2d", "Linear", "BatchNorm2d", "MultiheadAttention") and each.input_shapes:
            missing = [f for f in formulas(each) if not f.filled and f.quantity in (PARAMETERS, MACS) and f.result]
            assert not missing, each.path


@pytest.mark.parametrize("name", ["vgg16", "googlenet", "densenet121", "inception_v3", "squeezenet1_0"])
def test_every_window_and_every_concatenation_has_its_formula(name: str) -> None:
    for each in analyze(name).rows:
        if (each.kernel is not None and each.input_shapes) or (each.kind == "cat" and len(each.input_shapes) > 1):
            assert any(formula.filled for formula in formulas(each) if formula.axes), each.path

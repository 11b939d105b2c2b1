"""What the Blocks page works out for real: gradients through stacks, norms on numbers, and formulas written once."""

from __future__ import annotations

import pytest

from explorer import blocks
from explorer.blocks import gradients
from explorer.blocks.expression import fill, plus, times
from explorer.blocks.norm_example import EXAMPLE, batch_formula, normalise, response_formula
from explorer.charts import gradient_lengths
from explorer.units import MINUS, power

DEPTHS = (1, 4, 8)


@pytest.fixture
def short_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "DEPTHS", DEPTHS)
    monkeypatch.setattr(gradients, "_measured", {})


# Gradients


@pytest.mark.usefixtures("short_stacks")
def test_a_gradient_vanishes_in_a_plain_stack_and_not_in_a_residual_one() -> None:
    found = gradients.reach("basic", "torch")
    assert found.plain[0] > 100 * found.plain[1] > 10_000 * found.plain[2]
    assert all(0.3 < length < 3 for length in found.residual)


@pytest.mark.usefixtures("short_stacks")
def test_with_batch_norm_it_grows_faster_in_a_plain_stack() -> None:
    found = gradients.reach("bottleneck", "batch_norm")
    assert found.plain[-1] > 3 * found.residual[-1] > 3 * found.residual[0]


@pytest.mark.usefixtures("short_stacks")
@pytest.mark.parametrize("form", ["preact_basic", "preact_bottleneck"])
@pytest.mark.parametrize("start", gradients.STARTS)
def test_every_form_can_be_measured_and_comes_out_the_same_again(
    form: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not gradients.is_measured(form, start)
    first = gradients.reach(form, start)
    assert gradients.is_measured(form, start)
    monkeypatch.setattr(gradients, "_measured", {})
    assert gradients.reach(form, start) == first
    assert len(first.plain) == len(first.residual) == len(DEPTHS)


def test_the_sentence_says_what_the_deepest_stacks_show() -> None:
    reach = gradients.Reach(plain=(1.0, 0.0), residual=(1.0, 49.2))
    assert "nothing arrives at the input of the plain stack and 49 arrives" in reach.sentence


def test_the_chart_has_a_line_a_kind_and_leaves_out_what_is_nothing() -> None:
    chart = gradient_lengths((1, 2), {"Plain": (0.5, 0.0), "Residual": (1.0, 1.2)})
    assert [list(trace.y) for trace in chart.figure.data] == [[0.5, None], [1.0, 1.2]]
    assert chart.figure.layout.yaxis.type == "log"
    assert "Plain from 0.50 to nothing" in chart.alt
    assert list(chart.table["Plain"]) == [0.5, 0.0]


@pytest.mark.parametrize(
    ("value", "text"), [(0.704, "0.70"), (50.6, "51"), (1.62e9, "1.6×10⁹"), (1.4e-53, "1.4×10⁻⁵³"), (9_999.4, "9,999")]
)
def test_numbers_of_any_size_keep_two_digits(value: float, text: str) -> None:
    assert power(value) == text


# Norms


@pytest.mark.parametrize("settings", [{}, {"neighbours": 4, "alpha": 0.1, "k": 1.0, "beta": 1.5}])
def test_both_norms_worked_out_by_hand_are_what_torch_computes(settings: dict[str, float]) -> None:
    values = blocks.get("normalisation").check(settings)
    found = normalise(EXAMPLE, values)
    for picture in range(len(EXAMPLE)):
        for channel in range(len(EXAMPLE[0])):
            by_hand = response_formula(EXAMPLE, values, picture, channel), batch_formula(EXAMPLE, picture, channel)
            for text, computed in zip(by_hand, (found.response, found.batch), strict=True):
                result = float(text.rpartition("= ")[2].replace(MINUS, "-"))
                assert result == pytest.approx(computed[picture][channel], abs=1e-4), text


# Expressions


def test_an_expression_is_shown_with_names_and_with_numbers() -> None:
    formula = fill("Parameters", "3*3*(reads + 2*growth)*growth + growth", {"reads": 64, "growth": 32})
    assert formula.rule == "3×3×(reads + 2×growth)×growth + growth"
    assert formula.filled == "3×3×(64 + 2×32)×32 + 32 = 36,896"
    assert formula.result == 36_896


def test_products_put_parentheses_around_sums_and_sums_leave_out_nothing() -> None:
    assert times("2", "a + b") == "2*(a + b)"
    assert plus("0", "a", "0") == "a"
    assert plus("0") == "0"


@pytest.mark.parametrize("expression", ["f(1)", "a - b", "1.5*a", "a.b"])
def test_an_expression_holds_only_sums_and_products(expression: str) -> None:
    with pytest.raises(ValueError, match="An expression has"):
        fill("MACs", expression, {"a": 1, "b": 2})


def test_an_expression_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="width"):
        fill("MACs", "2*width", {})

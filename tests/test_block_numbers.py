"""The blocks one can edit: numbers against independent counters, formulas against the modules as built."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from explorer import blocks
from explorer.analysis.rows import Analysis
from explorer.blocks.parts import totals
from explorer.blocks.record import Block

THREE_A = {"c1x1": 64, "c3x3_reduce": 96, "c3x3": 128, "c5x5_reduce": 16, "c5x5": 32, "pool_proj": 32}
SETTINGS_A_BLOCK = 15


def drawn(block: Block) -> Iterator[dict[str, Any]]:
    """Random values of a block's options that fit together, small enough to count with real tensors."""
    source = random.Random(block.name)
    found = 0
    while found < SETTINGS_A_BLOCK:
        values = {option.name: _draw(option, source) for option in block.options}
        if not block.misfit(values):
            found += 1
            yield values


def _draw(option: Any, source: random.Random) -> Any:
    if option.name == "maps":
        return ".".join("".join(sorted(source.sample("012345", source.randint(1, 6)))) for _ in range(16))
    if option.name in ("in_channels", "size"):
        return source.choice((3, 8, 14, 16, 17, 24, 32))
    if option.type is bool:
        return source.random() < 0.5
    if option.choices:
        return source.choice(option.choices)
    if option.type is float:
        return source.choice((option.least, option.default, option.most))
    step = option.step or 1
    return source.randrange(int(option.least), int(min(option.most, option.least + 16 * step)) + 1, int(step))


def settings() -> list[Any]:
    """Defaults, presets and random values of every block."""
    found = []
    for block in map(blocks.get, blocks.names()):
        cases = [{}, *(dict(preset.values) for preset in block.presets), *drawn(block)]
        found += [pytest.param(block, block.check(case), id=f"{block.name}-{i}") for i, case in enumerate(cases)]
    return found


EVERY_SETTING = pytest.mark.parametrize(("block", "values"), settings())
EVERY_BLOCK = pytest.mark.parametrize("block", [blocks.get(name) for name in blocks.names()], ids=blocks.names())


# The contract


def test_every_block_of_the_lecture_is_there() -> None:
    assert blocks.names() == (
        *("c3_table", "mlpconv", "small_filters", "inception", "auxiliary_head", "normalisation"),
        *("inception_factorised", "inception_v3", "residual", "fire", "dense", "separable", "inverted_residual"),
    )


def test_importing_the_blocks_does_not_import_torch() -> None:
    check = "import sys, explorer.blocks; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_an_unknown_block_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="Did you mean inception"):
        blocks.get("incepton")


def test_an_unknown_option_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="Did you mean c3x3"):
        blocks.analyze("inception", c3x33=8)


def test_an_analysis_is_kept() -> None:
    assert blocks.analyze("inception", **THREE_A) is blocks.analyze("inception", **THREE_A)


@EVERY_BLOCK
def test_a_block_comes_with_a_paper_an_explanation_and_presets_that_it_allows(block: Block) -> None:
    assert block.paper.url.startswith("http")
    assert block.explanation.endswith(".")
    assert len(block.presets) > 1
    for preset in block.presets:
        assert set(block.check(dict(preset.values))) == set(block.defaults)


# Formulas, parts and independent counters


@EVERY_SETTING
def test_the_formulas_of_every_part_agree_with_the_built_module(block: Block, values: dict[str, Any]) -> None:
    parts, numbers = block.parts(values), block.numbers(values)
    for part, total in zip(parts, totals(blocks.analyze(block.name, **values), parts), strict=True):
        params, macs = part.formulas(numbers)
        assert (params.result, macs.result) == (total.params, total.macs), part.title


@EVERY_SETTING
def test_every_row_belongs_to_exactly_one_part(block: Block, values: dict[str, Any]) -> None:
    parts = block.parts(values)
    for row in blocks.analyze(block.name, **values).rows:
        assert sum(part.holds(row.path) for part in parts) == 1, row.path


@EVERY_SETTING
def test_the_sentences_can_be_read_out(block: Block, values: dict[str, Any]) -> None:
    chosen, others = blocks.analyze(block.name, **values), blocks.rivals(block.name, **values)
    for sentence in block.sentences(values, chosen, others):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert not any(mark in sentence for mark in ("{", "nan", "None", "0.0 times"))


@EVERY_BLOCK
def test_parameters_and_macs_are_those_that_torch_counts_on_real_tensors(block: Block) -> None:
    values = next(drawn(block))
    module = block.construct(block.check(values)).build().eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(torch.randn(block.input_shape(values)))
    found = blocks.analyze(block.name, **values)
    assert found.macs == counter.get_total_flops() / 2
    assert found.params == sum(weight.numel() for weight in module.parameters())


@EVERY_BLOCK
def test_the_code_on_the_page_builds_the_block(block: Block) -> None:
    space: dict[str, Any] = {}
    with torch.device("meta"):
        exec(block.construct(block.defaults).code(), space)
    params = sum(weight.numel() for weight in space["block"].parameters())
    assert params == blocks.analyze(block.name).params


@EVERY_BLOCK
def test_options_without_effect_have_none(block: Block) -> None:
    for values in drawn(block):
        idle = {name: block.defaults[name] for name in block.unused(values)}
        assert block.construct(values) == block.construct(values | idle)


@EVERY_SETTING
def test_what_is_set_beside_a_block_hands_on_as_large_maps(block: Block, values: dict[str, Any]) -> None:
    def side(one: Analysis) -> tuple[int, ...]:
        return next(row.output_shape for row in reversed(one.rows) if row.inputs)[2:]

    chosen = blocks.analyze(block.name, **values)
    assert all(side(other) == side(chosen) for other in blocks.rivals(block.name, **values).values())

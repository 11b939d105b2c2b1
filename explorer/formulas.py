"""How the numbers of one row come about: the formula of its output, its parameters and its MACs, filled in.

Where no formula is known, a sentence says what is counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from explorer.analysis.rows import LayerRow, Pair, ReceptiveField
from explorer.units import MINUS, TIMES, exact, shape

PARAMETERS = "Parameters"
MACS = "MACs"
OUTPUT = "Output"

_NOT_HERE = "Does not run here: it is used in training only."
_SIDES = ("Height", "Width")
_JOINS_EVENLY = {"add", "sub", "mul", "div", "add_", "mul_"}
_FLATTENS = {"Flatten", "flatten", "view", "reshape", "_unsafe_view"}
_AXES = {2: ("Features",), 3: ("Tokens", "Features"), 4: ("Channels", "Height", "Width")}


@dataclass(frozen=True)
class Formula:
    """One number of a row and where it comes from.

    `axes` are the places in the row's output shape that the result stands in, batch first; none for parameters and
    MACs. `filled` is the rule with the numbers in it, "7*7*3*64 + 64 = 9,472", and empty where `rule` is a sentence.
    """

    quantity: str
    rule: str
    filled: str = ""
    result: int | None = None
    axes: tuple[int, ...] = ()


def formulas(row: LayerRow) -> tuple[Formula, ...]:
    """Return the formulas of the row's output shape, its parameters and its MACs, in this order."""
    return (*_output(row), _parameters(row), _macs(row))


def receptive_field_sentence(row: LayerRow, picture: Pair) -> str:
    """Return what one unit of the row's output sees of a picture of this height and width, as a sentence."""
    field = row.receptive_field
    if row.runs_in_training_only:
        return _NOT_HERE
    if not row.inputs:
        return "Made of weights alone: it depends on no pixel."
    if field is None:
        return "What a unit sees is not followed here: this network cuts its maps into windows or tokens for attention."
    least = f" (by its narrowest path {_extent(field.least)})" if field.least != field.size else ""
    size = f"{_extent(field.size)}{least}"
    seen = f"{_extent(field.size)} of the picture{least}"
    if field.is_gated:
        seen = f"the whole picture of {_extent(picture)} through global pooling; its own window is {size}"
    elif field.covers(picture):
        seen = f"the whole picture of {_extent(picture)}: up to {size}"
    return f"Sees {seen}; {_step(field)}."


def _step(field: ReceptiveField) -> str:
    if not field.has_even_steps:
        return "this is the widest, as units differ in what they see and in their steps"
    if field.stride == (0, 0):
        return "all units see the same"
    step = _extent(field.stride) if field.stride[0] != field.stride[1] else str(field.stride[0])
    return f"one step is {step} {'pixel' if field.stride == (1, 1) else 'pixels'}"


def _extent(pair: Pair) -> str:
    return shape(pair)


def _filled(text: str, result: int) -> str:
    return f"{text} = {exact(result)}"


def _product(numbers: tuple[int, ...]) -> str:
    return TIMES.join(map(exact, numbers))


# Output shape


def _output(row: LayerRow) -> tuple[Formula, ...]:
    if row.runs_in_training_only or not row.output_shape:
        return (Formula(OUTPUT, _NOT_HERE),)
    if not row.input_shapes:
        return (Formula(OUTPUT, f"{shape(row.output_shape)}, made of weights alone, whatever the picture."),)
    found = tuple(_known_output(row))
    if found:
        return found
    if row.output_shape == row.input_shape:
        return (Formula(OUTPUT, "The same shape as its input."),)
    return (Formula(OUTPUT, f"From {shape(row.input_shape[1:])} to {shape(row.output_shape[1:])}."),)


def _known_output(row: LayerRow) -> Iterator[Formula]:
    if row.group == "conv":
        yield Formula("Channels", "output channels: one for each filter", "", row.output_shape[1], (1,))
        yield from _window_sides(row)
    elif row.group == "pool":
        yield from _pool_output(row)
    elif _is_linear(row):
        last = len(row.output_shape) - 1
        yield Formula("Features", "output features: one for each row of the weights", "", row.output_shape[-1], (last,))
    elif row.kind == "cat":
        yield from _cat_output(row)
    elif row.kind in _JOINS_EVENLY and len(row.input_shapes) > 1:
        yield Formula(OUTPUT, f"{len(row.input_shapes)} inputs, value by value: {_listed(row)}.")
    elif row.kind in _FLATTENS:
        yield from _flatten_output(row)


def _is_linear(row: LayerRow) -> bool:
    return row.group == "linear" and ("Linear" in row.kind or row.kind in ("addmm", "mm"))


def _listed(row: LayerRow) -> str:
    return " and ".join(
        f"{path} ({shape(sizes[1:])})" for path, sizes in zip(row.inputs, row.input_shapes, strict=False)
    ) or shape(row.input_shape[1:])


def _window_sides(row: LayerRow) -> Iterator[Formula]:
    """Height and width behind a sliding window; one formula where they come about in the same way."""
    height, width = _window_side(row, 0), _window_side(row, 1)
    if height is not None and width is not None and (height.rule, height.filled) == (width.rule, width.filled):
        yield Formula("Height and width", height.rule, height.filled, height.result, (2, 3))
        return
    for axis, side in enumerate((height, width)):
        yield side or Formula(
            _SIDES[axis], "Set by its input and its own rule.", "", row.output_shape[2 + axis], (2 + axis,)
        )


def _window_side(row: LayerRow, axis: int) -> Formula | None:
    """One side of the output of a sliding window, as torch computes it; None where that does not give the result."""
    if row.kernel is None or row.stride is None or row.padding is None or len(row.input_shape) != 4:
        return None
    size, kernel, stride, pad = row.input_shape[2 + axis], row.kernel[axis], row.stride[axis], row.padding[axis]
    gap, result = (row.dilation or (1, 1))[axis], row.output_shape[2 + axis]
    reach = f"{gap}{TIMES}({kernel} {MINUS} 1) {MINUS} 1" if gap > 1 else f"{kernel}"
    word = f"dilation{TIMES}(kernel {MINUS} 1) {MINUS} 1" if gap > 1 else "kernel"
    span = size + 2 * pad - gap * (kernel - 1) - 1
    for name in ("ceil", "floor") if row.ceil_mode else ("floor",):
        value = (math.ceil if name == "ceil" else math.floor)(span / stride) + 1
        if value == result:
            rule = f"{name}((size + 2{TIMES}padding {MINUS} {word}) / stride) + 1"
            text = f"{name}(({size} + 2{TIMES}{pad} {MINUS} {reach})/{stride}) + 1"
            return Formula(_SIDES[axis], rule, _filled(text, result), result, (2 + axis,))
    return None


def _pool_output(row: LayerRow) -> Iterator[Formula]:
    if row.kernel is not None:
        yield from _window_sides(row)
    elif "daptive" in row.kind:
        yield Formula(OUTPUT, f"Set by the layer: {shape(row.output_shape[2:])}, whatever the size of its input.")
    else:
        yield Formula(OUTPUT, f"The mean or the largest of what it pools: {shape(row.output_shape[1:])}.")


def _cat_output(row: LayerRow) -> Iterator[Formula]:
    """The axis along which the inputs are laid one behind the other is the one where they add up to the output."""
    names = ("Batch", *_AXES.get(len(row.output_shape), ()))
    for axis in range(1, min(len(names), len(row.output_shape))):
        sizes = [sizes[axis] for sizes in row.input_shapes if len(sizes) == len(row.output_shape)]
        if len(sizes) > 1 and sum(sizes) == row.output_shape[axis]:
            text = " + ".join(map(exact, sizes))
            name = names[axis]
            rule = f"{name.lower()} of all {len(sizes)} inputs, one behind the other"
            yield Formula(name, rule, _filled(text, sum(sizes)), sum(sizes), (axis,))
            return


def _flatten_output(row: LayerRow) -> Iterator[Formula]:
    if len(row.output_shape) != 2 or math.prod(row.input_shape[1:]) != row.output_shape[1]:
        return
    rule = (
        "channels \N{MULTIPLICATION SIGN} height \N{MULTIPLICATION SIGN} width"
        if len(row.input_shape) == 4
        else "all values"
    )
    yield Formula(
        "Features", rule, _filled(_product(row.input_shape[1:]), row.output_shape[1]), row.output_shape[1], (1,)
    )


# Parameters


def _parameters(row: LayerRow) -> Formula:
    if row.is_repeat:
        return Formula(PARAMETERS, "Counted where this layer runs first: the weights are the same.", "", 0)
    if row.params == 0:
        return Formula(PARAMETERS, "None: nothing is learned here.", "", 0)
    for rule, text, value in _known_parameters(row):
        if value == row.params:
            return Formula(PARAMETERS, rule, _filled(text, value), value)
    return Formula(PARAMETERS, "The number of values in all its weights and biases.", "", row.params)


def _known_parameters(row: LayerRow) -> Iterator[tuple[str, str, int]]:
    """Rule, filled text and value of what may be this row's parameters; the caller takes the one that is."""
    if row.kind == "parameter":
        yield "every value of the tensor", _product(row.output_shape), math.prod(row.output_shape)
    elif row.group == "norm":
        channels = row.params // 2
        yield f"a scale and a shift for each {_norm_unit(row)}", f"2{TIMES}{exact(channels)}", 2 * channels
    elif row.kind == "Subsampling":
        yield "a coefficient and a bias for each map", f"2{TIMES}{exact(row.output_shape[1])}", 2 * row.output_shape[1]
    elif not row.input_shapes:
        return
    elif row.group == "conv" and row.kernel is not None:
        yield _conv_parameters(row)
    elif row.kind == "MultiheadAttention":
        yield from _attention_parameters(row)
    elif _is_linear(row):
        yield from _linear_parameters(row)


def _norm_unit(row: LayerRow) -> str:
    return "feature" if row.kind == "LayerNorm" else "channel"


def _conv_parameters(row: LayerRow) -> tuple[str, str, int]:
    filters, bias = row.output_shape[1], bool(row.has_bias)
    weights, one = _filter(row)
    rule = f"(kernel height{TIMES}width{TIMES}channels read){TIMES}filters" + (
        " + a bias for each filter" if bias else ""
    )
    text = f"({weights}){TIMES}{exact(filters)}" + (f" + {exact(filters)}" if bias else "")
    return rule, text, one * filters + bias * filters


def _filter(row: LayerRow) -> tuple[str, int]:
    """The weights of one filter, as text and as a number."""
    height, width = row.kernel or (1, 1)
    channels, groups = row.input_shape[1], row.conv_groups or 1
    read = f"({exact(channels)}/{exact(groups)})" if groups > 1 else exact(channels)
    return f"{height}{TIMES}{width}{TIMES}{read}", height * width * (channels // groups)


def _linear_parameters(row: LayerRow) -> Iterator[tuple[str, str, int]]:
    inputs, outputs = row.input_shape[-1], row.output_shape[-1]
    text = f"{exact(inputs)}{TIMES}{exact(outputs)}"
    yield f"inputs{TIMES}outputs", text, inputs * outputs
    rule = f"inputs{TIMES}outputs + a bias for each output"
    yield rule, f"{text} + {exact(outputs)}", inputs * outputs + outputs


def _attention_parameters(row: LayerRow) -> Iterator[tuple[str, str, int]]:
    features = row.input_shape[-1]
    matrix, size = f"({exact(features)}{TIMES}{exact(features)} + {exact(features)})", features * features + features
    yield "a matrix and a bias for query, key, value and output", f"4{TIMES}{matrix}", 4 * size
    yield "a matrix and a bias for query, key and value", f"3{TIMES}{matrix}", 3 * size


# MACs


def _macs(row: LayerRow) -> Formula:
    if row.macs == 0:
        return Formula(MACS, "None: only convolutions and products of matrices are counted.", "", 0)
    for rule, text, value in _known_macs(row):
        if value == row.macs:
            return Formula(MACS, rule, _filled(text, value), value)
    return Formula(MACS, "Every multiply-accumulate of the matrix products inside.", "", row.macs)


def _known_macs(row: LayerRow) -> Iterator[tuple[str, str, int]]:
    if not row.input_shapes:
        return
    if row.group == "conv" and row.kernel is not None:
        weights, one = _filter(row)
        rule = f"{_batched(row)}values of the output{TIMES}weights of one filter"
        yield rule, f"{_values(row.output_shape)} {TIMES} ({weights})", math.prod(row.output_shape) * one
    elif row.kind == "MultiheadAttention":
        yield from _attention_macs(row)
    elif _is_linear(row):
        inputs = row.input_shape[-1]
        rule = f"{_batched(row)}values of the output{TIMES}inputs"
        yield rule, f"{_values(row.output_shape)} {TIMES} {exact(inputs)}", math.prod(row.output_shape) * inputs
    elif len(row.input_shapes) == 2:
        inner = row.input_shape[-1]
        rule = f"{_batched(row)}values of the output{TIMES}length of the products"
        yield rule, f"{_values(row.output_shape)} {TIMES} {exact(inner)}", math.prod(row.output_shape) * inner


def _batched(row: LayerRow) -> str:
    return f"pictures{TIMES}" if row.output_shape[0] > 1 else ""


def _values(output_shape: tuple[int, ...]) -> str:
    """The values of an output, one picture's sizes together: "32 * 64*112*112"."""
    batch = f"{output_shape[0]} {TIMES} " if output_shape[0] > 1 else ""
    return batch + _product(output_shape[1:])


def _attention_macs(row: LayerRow) -> Iterator[tuple[str, str, int]]:
    batch, tokens, features = row.input_shape
    front = f"{batch}{TIMES}" if batch > 1 else ""
    n, c = exact(tokens), exact(features)
    mixing = f"{front}2{TIMES}{n}{TIMES}{n}{TIMES}{c}"
    for matrices in (4, 3):
        text = f"{front}{matrices}{TIMES}{n}{TIMES}{c}{TIMES}{c} + {mixing}"
        value = batch * (matrices * tokens * features**2 + 2 * tokens**2 * features)
        yield f"tokens{TIMES}the {matrices} matrices + every token with every token, twice", text, value

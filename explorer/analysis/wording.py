"""Layers and blocks in a few words, as papers write them: "3x3 conv, 96 / 2", "Dense block"."""

from __future__ import annotations

import re

from explorer.analysis.rows import LayerRow, Pair
from explorer.units import TIMES

_NAMES = {
    "batchnorm2d": "BN",
    "batch_norm": "BN",
    "localresponsenorm": "LRN",
    "layernorm": "Layer norm",
    "layernorm2d": "Layer norm",
    "layer_norm": "Layer norm",
    "groupnorm": "Group norm",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "hardtanh": "ReLU6",
    "silu": "SiLU",
    "gelu": "GELU",
    "prelu": "PReLU",
    "leakyrelu": "Leaky ReLU",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "logsoftmax": "log softmax",
    "multiheadattention": "Self-attention",
    "scaled_dot_product_attention": "Attention",
    "add": "+",
    "mul": TIMES,
    "cat": "concat",
    "stochasticdepth": "Stochastic depth",
}
_BLOCKS = {
    "CNBlock": "ConvNeXt block",
    "Inception": "Inception module",
    "NaiveInception": "Naive inception module",
    "Fire": "Fire module",
    "MlpConv": "Mlpconv",
    "PreActBasicUnit": "Pre-activation unit",
    "PreActBottleneckUnit": "Pre-activation bottleneck",
    "SqueezeExcitation": "Squeeze and excitation",
}
_POOLS = {"max": "max pool", "avg": "average pool", "mean": "average pool", "lp": "power-average pool"}


def layer_title(row: LayerRow) -> str:
    """Return a layer's name with its kernel, output channels and stride where it has them."""
    if row.group == "conv":
        return _conv_title(row)
    if row.group == "linear" and row.output_shape and row.kind not in ("MultiheadAttention", "bmm", "matmul"):
        return f"Linear, {row.output_shape[-1]}"
    if row.group == "pool":
        return _pool_title(row)
    return kind_word(row.kind)


def kind_word(kind: str) -> str:
    """Return a kind of layer or operation in a word: "ReLU" for "relu_", "BN" for "BatchNorm2d"."""
    plain = kind.strip("_").lower().removeprefix("native_")
    return _NAMES.get(plain) or spaced(kind.strip("_"))


def block_title(kind: str) -> str:
    """Return the class of a block as words: "Dense block" for "_DenseBlock", "MBConv" as it is."""
    plain = kind.strip("_")
    return _BLOCKS.get(plain) or spaced(plain)


def spaced(name: str) -> str:
    """Return a name of code as words, in sentence case; abbreviations stay as they are."""
    words = re.findall(r"MBConv|[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+(?:\d+d)?|\d+", name) or [name]
    first, *rest = words
    rest = [word.lower() if word[1:].islower() else word for word in rest]
    return " ".join([first[0].upper() + first[1:], *rest])


def _conv_title(row: LayerRow) -> str:
    channels = row.output_shape[1] if len(row.output_shape) > 1 else 0
    groups = row.conv_groups or 1
    depthwise = 1 < groups == row.input_shape[1]
    kind = "depthwise" if depthwise else "conv"
    split = f", {groups} groups" if groups > 1 and not depthwise else ""
    spread = f", dilation {row.dilation[0]}" if row.dilation and max(row.dilation) > 1 else ""
    return f"{_sides(row.kernel)}{kind}, {channels}{_over(row.stride)}{split}{spread}"


def _pool_title(row: LayerRow) -> str:
    lower = row.kind.lower()
    word = next((word for key, word in _POOLS.items() if key in lower), "")
    if not word:
        return kind_word(row.kind)
    after, before = row.output_shape[2:], row.input_shape[2:]
    if before and (not after or (set(after) == {1} and max(before) > 1)):
        return f"Global {word}"
    if row.kernel is None or "adaptive" in lower:
        return f"{word.capitalize()} to {TIMES.join(map(str, after))}"
    return f"{_sides(row.kernel)}{word}{_over(row.stride)}"


def _sides(kernel: Pair | None) -> str:
    return f"{kernel[0]}{TIMES}{kernel[1]} " if kernel else ""


def _over(stride: Pair | None) -> str:
    if stride is None or max(stride) == 1:
        return ""
    return f" / {stride[0]}" if stride[0] == stride[1] else f" / {stride[0]}{TIMES}{stride[1]}"

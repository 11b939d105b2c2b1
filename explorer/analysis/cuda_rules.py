"""What torch does on a CUDA device and not on the meta device: mixed precision, and attention in one kernel."""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

# The operations of https://pytorch.org/docs/stable/amp.html, "CUDA Ops that can autocast", that networks here use.
_IN_LOW_PRECISION = {
    *(torch.conv1d, torch.conv2d, torch.conv3d, F.linear, torch.addmm, torch.einsum),
    *(torch.matmul, Tensor.matmul, Tensor.__matmul__, torch.bmm, Tensor.bmm, torch.mm, Tensor.mm),
    F.scaled_dot_product_attention,
}
_IN_FLOAT32 = {
    *(F.softmax, torch.softmax, Tensor.softmax, F.log_softmax, torch.log_softmax, Tensor.log_softmax),
    *(F.cross_entropy, F.layer_norm, F.group_norm, torch.norm, Tensor.norm),
    *(torch.exp, Tensor.exp, torch.log, Tensor.log, torch.rsqrt, Tensor.rsqrt),
    *(torch.pow, Tensor.pow, Tensor.__pow__, torch.square, Tensor.square),
    *(torch.sum, Tensor.sum, torch.prod, Tensor.prod, torch.cumsum, Tensor.cumsum),
}
_CHECKS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")


def _visible_inside(function: Any) -> FunctionType:
    """Return a copy of a Python function of torch that leaves the calls within it, not itself, to function modes."""
    scope = {**function.__globals__, **dict.fromkeys(_CHECKS, lambda *_: False)}
    copy = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


_COMPOSED = {f: _visible_inside(f) for f in (F.multi_head_attention_forward, F.local_response_norm, F.normalize)}


class CudaRules(TorchFunctionMode):
    """Runs a forward pass on the meta device with the attention kernel and, given a low precision, the types of CUDA.

    With one it does what `torch.autocast("cuda", low)` does, which torch does not offer on the meta device. As there,
    the cast weights are kept until the end: they live as long as this object.
    """

    def __init__(self, low: torch.dtype | None = None) -> None:
        super().__init__()
        self._low = low
        self._weights: dict[Tensor, Tensor] = {}  # in float32 -> in low precision

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func in _COMPOSED:
            with self:
                return _COMPOSED[func](*args, **kwargs)
        if self._low is not None and func in _IN_LOW_PRECISION:
            args, kwargs = self._cast_all(args, self._low), {k: self._cast(v, self._low) for k, v in kwargs.items()}
        elif self._low is not None and func in _IN_FLOAT32:
            args = self._cast_all(args, torch.float32)
        if func is F.scaled_dot_product_attention:
            return _efficient_attention(*args, **kwargs)
        return func(*args, **kwargs)

    def _cast_all(self, values: Iterable[Any], dtype: torch.dtype) -> tuple[Any, ...]:
        return tuple(self._cast(value, dtype) for value in values)

    def _cast(self, value: Any, dtype: torch.dtype) -> Any:
        if isinstance(value, (tuple, list)):
            return self._cast_all(value, dtype)
        if not isinstance(value, Tensor) or not value.is_floating_point() or value.dtype == dtype:
            return value
        if not (value.is_leaf and value.requires_grad):
            return value.to(dtype)
        if value not in self._weights:
            self._weights[value] = value.to(dtype)
        return self._weights[value]


def _efficient_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    """Attention that never holds the matrix of all pairs, which torch chooses on CUDA; it keeps one number a row."""
    output: Tensor = torch.ops.aten._scaled_dot_product_efficient_attention(
        query, key, value, attn_mask, True, dropout_p, is_causal, scale=scale
    )[0]
    return output

"""Faster kernels for the meta device: what torch computes there in Python, by decomposition, in a fraction of the time.

Each returns outputs of the shapes and types that torch's own gives, and nothing else: a meta tensor holds no values.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import torch
from torch import Tensor

aten = torch.ops.aten
Kernel = Callable[..., Any]
Many = list[Tensor]


def _empty(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    return torch.empty(shape, dtype=dtype, device="meta")


def _like(x: Tensor) -> Tensor:
    return _empty(x.shape, x.dtype) if x.is_contiguous() else torch.empty_like(x)


def _accumulated(x: Tensor) -> torch.dtype:
    """The type in which a norm keeps its statistics."""
    return torch.float32 if x.dtype in (torch.bfloat16, torch.float16) else x.dtype


def _batch_norm(x: Tensor, *_: Any) -> tuple[Tensor, Tensor, Tensor]:
    channels = (x.shape[1],)
    return _like(x), _empty(channels, _accumulated(x)), _empty(channels, _accumulated(x))


def _batch_norm_backward(
    grad: Tensor, x: Tensor, weight: Tensor | None, *rest: Any
) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    wanted, (_, channels, *_) = rest[-1], x.shape
    dtype = _accumulated(x) if weight is None else weight.dtype
    return (
        _like(x) if wanted[0] else None,
        _empty((channels,), dtype) if wanted[1] else None,
        _empty((channels,), dtype) if wanted[2] else None,
    )


def _layer_norm(x: Tensor, shape: list[int], *_: Any) -> tuple[Tensor, Tensor, Tensor]:
    statistics = (*x.shape[: x.dim() - len(shape)], *(1 for _ in shape))
    return _empty(x.shape, x.dtype), _empty(statistics, _accumulated(x)), _empty(statistics, _accumulated(x))


def _layer_norm_backward(
    grad: Tensor, x: Tensor, shape: list[int], mean: Tensor, rstd: Tensor, weight: Tensor, bias: Tensor, wanted: Any
) -> tuple[Tensor | None, ...]:
    return tuple(_like(x) if want else None for x, want in zip((x, weight, bias), wanted, strict=True))


def _addmm(bias: Tensor, a: Tensor, b: Tensor, **_: Any) -> Tensor:
    return _empty((a.shape[0], b.shape[1]), a.dtype)


def _in_place(tensors: Many, *_: Any, **__: Any) -> None:
    """A list operation in place: it makes nothing."""


def _like_each(tensors: Many, *_: Any) -> Many:
    return [_like(x) for x in tensors]


def _like_first(x: Tensor, *_: Any, **__: Any) -> Tensor:
    return _empty(x.shape, x.dtype)


_KERNELS: dict[Any, Kernel] = {
    aten.native_batch_norm.default: _batch_norm,
    aten.native_batch_norm_backward.default: _batch_norm_backward,
    aten.native_layer_norm.default: _layer_norm,
    aten.native_layer_norm_backward.default: _layer_norm_backward,
    aten.addmm.default: _addmm,
}
_LISTS: dict[Any, Kernel] = {
    aten._foreach_add_.List: _in_place,
    aten._foreach_add_.Scalar: _in_place,
    aten._foreach_addcdiv_.ScalarList: _in_place,
    aten._foreach_addcmul_.Scalar: _in_place,
    aten._foreach_div_.ScalarList: _in_place,
    aten._foreach_lerp_.Scalar: _in_place,
    aten._foreach_mul_.Scalar: _in_place,
    aten._foreach_sqrt.default: _like_each,
}
_ELEMENTWISE = {
    aten.add.Tensor,
    aten.div.Tensor,
    aten.gelu.default,
    aten.gelu_backward.default,
    aten.hardsigmoid.default,
    aten.hardsigmoid_backward.default,
    aten.hardswish_backward.default,
    aten.hardtanh_backward.default,
    aten.mul.Scalar,
    aten.mul.Tensor,
    aten.pow.Tensor_Scalar,
    aten.relu.default,
    aten.sigmoid.default,
    aten.sigmoid_backward.default,
    aten.silu.default,
    aten.silu_backward.default,
    aten.sub.Tensor,
    aten.tanh_backward.default,
    aten.threshold_backward.default,
}


def fast_kernel(func: Any, args: tuple[Any, ...]) -> Kernel:
    """Return what computes the shapes of an operation's outputs: a kernel of ours where it is sure, else `func`."""
    if func in _ELEMENTWISE:
        return _like_first if _are_alike(args) else func
    if func in _LISTS:
        return _LISTS[func] if args[0] and args[0][0].is_meta else func
    return _KERNELS.get(func, func)


def _are_alike(args: tuple[Any, ...]) -> bool:
    """Whether all tensors among the arguments have one shape, in memory too, and one floating type."""
    first, *others = (x for x in args if isinstance(x, Tensor))
    return (
        first.is_contiguous()
        and first.is_floating_point()
        and all(x.shape == first.shape and x.dtype == first.dtype and x.is_contiguous() for x in others)
    )

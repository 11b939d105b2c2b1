"""Faster kernels for the meta device: what torch computes there in Python, by decomposition, in a fraction of the time.

Each returns outputs of the shapes and types that torch's own returns, and nothing else: a meta tensor holds no values.
One difference is meant: a layer norm's outputs are contiguous, as CUDA's kernel makes them, where torch's decomposition
follows the strides of its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

aten = torch.ops.aten
Kernel = Callable[..., Any]


def _empty(shape: Sequence[int], dtype: torch.dtype) -> Tensor:
    return torch.empty(shape, dtype=dtype, device="meta")


def _like(x: Tensor) -> Tensor:
    return _empty(x.shape, x.dtype) if x.is_contiguous() else torch.empty_like(x)


def _statistics_type(x: Tensor) -> torch.dtype:
    """The type in which a norm keeps its mean and deviation."""
    return torch.float32 if x.dtype in (torch.bfloat16, torch.float16) else x.dtype


def _batch_norm(x: Tensor, *_: Any) -> tuple[Tensor, ...]:
    channels, dtype = x.shape[1:2], _statistics_type(x)
    return _like(x), _empty(channels, dtype), _empty(channels, dtype)


def _batch_norm_backward(grad: Tensor, x: Tensor, weight: Tensor | None, *rest: Any) -> tuple[Tensor | None, ...]:
    wanted = rest[-1]
    dtype = _statistics_type(x) if weight is None else weight.dtype
    of_weights = (_empty(x.shape[1:2], dtype) if want else None for want in wanted[1:])
    return (_like(x) if wanted[0] else None, *of_weights)


def _layer_norm(x: Tensor, shape: Sequence[int], *_: Any) -> tuple[Tensor, ...]:
    rows, dtype = (*x.shape[: x.dim() - len(shape)], *(1 for _ in shape)), _statistics_type(x)
    return _empty(x.shape, x.dtype), _empty(rows, dtype), _empty(rows, dtype)


def _layer_norm_backward(
    grad: Tensor, x: Tensor, shape: Sequence[int], mean: Tensor, deviation: Tensor, *weights_and_wanted: Any
) -> tuple[Tensor | None, ...]:
    weight, bias, wanted = weights_and_wanted
    return tuple(_empty(t.shape, t.dtype) if want else None for t, want in zip((x, weight, bias), wanted, strict=True))


def _addmm(bias: Tensor, a: Tensor, b: Tensor, **_: Any) -> Tensor:
    return _empty((a.shape[0], b.shape[1]), a.dtype)


def _cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    shape = list(tensors[0].shape)
    shape[dim] = sum(x.shape[dim] for x in tensors)
    return _empty(shape, tensors[0].dtype)


def _mean(x: Tensor, dims: Sequence[int], keepdim: bool = False, **_: Any) -> Tensor:
    gone = {dim % x.dim() for dim in dims}
    kept = ((1 if dim in gone else size) for dim, size in enumerate(x.shape) if keepdim or dim not in gone)
    return _empty(tuple(kept), x.dtype)


def _bmm(a: Tensor, b: Tensor) -> Tensor:
    return _empty((a.shape[0], a.shape[1], b.shape[2]), a.dtype)


def _convolution(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    *_: Any,
) -> Tensor:
    windows = zip(x.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True)
    sizes = ((size + 2 * pad - reach * (side - 1) - 1) // step + 1 for size, side, step, pad, reach in windows)
    return _empty((x.shape[0], weight.shape[0], *sizes), x.dtype)


def _itself(x: Tensor, *_: Any, **__: Any) -> Tensor:
    """What an operation in place gives."""
    return x


def _nothing(*_: Any, **__: Any) -> None:
    """What a list operation in place makes."""


def _like_each(tensors: Sequence[Tensor]) -> list[Tensor]:
    return [_like(x) for x in tensors]


def _broadcast(*args: Any, **_: Any) -> Tensor:
    first, *others = (x for x in args if isinstance(x, Tensor))
    shapes = {first.shape, *(x.shape for x in others)}
    shape = first.shape if len(shapes) == 1 else torch.broadcast_shapes(*shapes)  # type: ignore[no-untyped-call]
    return _empty(shape, first.dtype)


_KERNELS: dict[Any, Kernel] = {
    aten.addmm.default: _addmm,
    aten.native_batch_norm.default: _batch_norm,
    aten.native_batch_norm_backward.default: _batch_norm_backward,
    aten.native_layer_norm.default: _layer_norm,
    aten.native_layer_norm_backward.default: _layer_norm_backward,
}
_LIST_KERNELS: dict[Any, Kernel] = {
    aten._foreach_add_.List: _nothing,
    aten._foreach_add_.Scalar: _nothing,
    aten._foreach_addcdiv_.ScalarList: _nothing,
    aten._foreach_addcmul_.Scalar: _nothing,
    aten._foreach_div_.ScalarList: _nothing,
    aten._foreach_lerp_.Scalar: _nothing,
    aten._foreach_mul_.Scalar: _nothing,
    aten._foreach_sqrt.default: _like_each,
}
_ELEMENTWISE = {
    *(aten.add.Tensor, aten.sub.Tensor, aten.mul.Tensor, aten.mul.Scalar, aten.div.Tensor, aten.pow.Tensor_Scalar),
    *(aten.clamp.default, aten.clamp_min.default, aten.relu.default, aten.threshold_backward.default),
    *(aten.hardtanh_backward.default, aten.tanh_backward.default),
    *(aten.hardsigmoid.default, aten.hardsigmoid_backward.default, aten.hardswish_backward.default),
    *(aten.sigmoid.default, aten.sigmoid_backward.default, aten.silu.default, aten.silu_backward.default),
    *(aten.gelu.default, aten.gelu_backward.default, aten._safe_softmax.default, aten._softmax_backward_data.default),
    aten.roll.default,
}
_IN_PLACE = {
    *(aten.add_.Tensor, aten.mul_.Tensor, aten.hardsigmoid_.default, aten.hardswish_.default),
    *(aten.hardtanh_.default, aten.relu_.default, aten.sigmoid_.default, aten.silu_.default),
}


def fast_kernel(func: Any, args: tuple[Any, ...]) -> Kernel:
    """Return what computes the shapes of an operation's outputs: one of these kernels where it is sure, else `func`."""
    if func in _ELEMENTWISE:
        return _broadcast if _gives_contiguous(args) else func
    if func in _IN_PLACE:
        return _itself if len({x.shape for x in args if isinstance(x, Tensor)}) == 1 else func
    if func in _LIST_KERNELS:
        return _LIST_KERNELS[func] if args[0] and args[0][0].is_meta else func
    if func is aten.cat.default:
        return _cat if _are_alike(args[0]) else func
    if func is aten.convolution.default:
        return _convolution if _is_plain_convolution(*args) else func
    if func is aten.bmm.default:
        return _bmm if _can_be_multiplied(*args) else func
    if func is aten.mean.dim:
        return _mean if args[1] and args[0].is_contiguous() else func
    kernel: Kernel = _KERNELS.get(func, func)
    return kernel


class fast_kernels(TorchDispatchMode):  # noqa: N801 - it reads as what it is used as: with fast_kernels(): ...
    """Use these kernels for all that runs in here on the meta device."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Say no: to skip it, torch would import all of its compiler at the first operation, which takes seconds."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        return fast_kernel(func, args)(*args, **(kwargs or {}))


def _are_alike(tensors: Sequence[Tensor]) -> bool:
    """Whether their concatenation is contiguous and of the first one's type."""
    first = tensors[0]
    return all(x.dtype == first.dtype and x.dim() == first.dim() > 0 and x.is_contiguous() for x in tensors)


def _is_plain_convolution(x: Tensor, weight: Tensor, bias: Tensor | None, *window: Any) -> bool:
    """Whether it is a 2d convolution, not transposed, of a map that is at least as large as the kernel."""
    _, padding, dilation, is_transposed, _, groups = window
    if is_transposed or x.dim() != 4 or not x.is_contiguous() or not weight.is_contiguous() or x.dtype != weight.dtype:
        return False
    fits = (
        size + 2 * pad > reach * (side - 1)
        for size, side, pad, reach in zip(x.shape[2:], weight.shape[2:], padding, dilation, strict=True)
    )
    return x.shape[1] == weight.shape[1] * groups and all(fits)


def _can_be_multiplied(a: Tensor, b: Tensor) -> bool:
    return a.dtype == b.dtype and a.dim() == b.dim() == 3 and (a.shape[0], a.shape[2]) == b.shape[:2]


def _gives_contiguous(args: tuple[Any, ...]) -> bool:
    """Whether an elementwise operation of these arguments gives a contiguous output of the first one's type.

    It does where all tensors have one floating type, and lie in memory in the order of their dimensions.
    """
    tensors = [x for x in args if isinstance(x, Tensor)]
    dtype = tensors[0].dtype
    return dtype.is_floating_point and all(
        x.dtype == dtype and x.dim() > 0 and _is_ordered(x.stride()) for x in tensors
    )


def _is_ordered(strides: tuple[int, ...]) -> bool:
    return strides[-1] > 0 and all(outer >= inner for outer, inner in pairwise(strides))

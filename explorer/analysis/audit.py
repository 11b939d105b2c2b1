"""Our totals beside those of other counters, with each difference explained. The home of torchinfo."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import torch
import torchinfo
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchinfo.layer_info import LayerInfo

from explorer import registry
from explorer.analysis.meta_device import each_call, network_on_meta
from explorer.analysis.meta_kernels import fast_kernels
from explorer.analysis.rows import Analysis, LayerRow
from explorer.analysis.summary import analyze, group_of_module
from explorer.analysis.trace import ONE_AT_A_TIME

_ALIKE = (nn.BatchNorm2d, nn.LayerNorm, nn.ReLU, nn.ReLU6, nn.SiLU, nn.GELU, nn.Hardswish, nn.Sigmoid, nn.Hardsigmoid)


@dataclass(frozen=True)
class Term:
    """One reason for a difference, and how much of it."""

    reason: str
    amount: int


@dataclass(frozen=True)
class AuditLine:
    """One total as another counter gives it. Each term is counted on its own, so that they may leave a rest."""

    quantity: str
    unit: str
    ours: int
    theirs: int
    source: str
    terms: tuple[Term, ...] = ()
    rounding: int = 0  # half the last digit of a rounded figure

    @property
    def difference(self) -> int:
        return self.theirs - self.ours

    @property
    def agrees(self) -> bool:
        return abs(self.difference) <= self.rounding

    @property
    def unexplained(self) -> int:
        """What the terms leave of the difference."""
        return 0 if self.agrees else self.difference - sum(term.amount for term in self.terms)

    @property
    def is_explained(self) -> bool:
        return abs(self.unexplained) <= self.rounding


@lru_cache(maxsize=64)
def audit(analysis: Analysis) -> tuple[AuditLine, ...]:
    """Count once more with torchinfo and torch's FlopCounterMode, and look up what torchvision publishes."""
    counts = _count(analysis)
    return (
        *_audit_params(analysis, counts),
        *_audit_macs(analysis, counts),
        _audit_memory(analysis, counts.torchinfo),
        *_torchvision_lines(analysis),
    )


def torchinfo_table(analysis: Analysis) -> str:
    """Return torchinfo's own text table of the network."""
    return str(_count(analysis).torchinfo)


class _Counts(NamedTuple):
    """What other counters say of one forward pass."""

    torchinfo: torchinfo.ModelStatistics
    flops: int  # torch's FlopCounterMode
    numel: int  # of the network's own parameters


def _count(analysis: Analysis) -> _Counts:
    picture = torch.empty(analysis.input_shape, device="meta")
    with (
        network_on_meta(analysis.name, analysis.num_classes, analysis.options) as network,
        ONE_AT_A_TIME,
        each_call(network, _run, training=False),
        torch.no_grad(),
        fast_kernels(),
    ):
        # Each in a pass of its own: FlopCounterMode would look at the thousands of small things that torchinfo does.
        with FlopCounterMode(display=False) as counter:
            network(picture)
        statistics = torchinfo.summary(
            network,
            input_data=picture,
            device="meta",
            mode="eval",
            depth=9,
            col_names=("input_size", "output_size", "kernel_size", "num_params", "mult_adds"),
            row_settings=("depth", "var_names"),
            verbose=0,
        )
        return _Counts(statistics, counter.get_total_flops(), sum(p.numel() for p in network.parameters()))


def _run(_path: str, module: nn.Module, *inputs: Any, **kwargs: Any) -> Any:
    """Run a module; but one whose output is like its input only hands that on: nobody counts what it does."""
    return inputs[0] if isinstance(module, _ALIKE) else type(module).forward(module, *inputs, **kwargs)


def _audit_params(analysis: Analysis, counts: _Counts) -> Iterable[AuditLine]:
    yield AuditLine("Parameters", "", analysis.params, counts.numel, "sum(p.numel()) of the built network")
    source = f"torchinfo {torchinfo.__version__}"
    yield AuditLine("Parameters", "", analysis.params, counts.torchinfo.total_params, source)


def _audit_macs(analysis: Analysis, counts: _Counts) -> Iterable[AuditLine]:
    statistics = counts.torchinfo
    yield AuditLine("MACs", "", analysis.macs, counts.flops // 2, f"torch {torch.__version__}, FlopCounterMode / 2")
    layers = [layer for layer in statistics.summary_list if layer.is_leaf_layer]
    biases = sum(_bias_macs(layer) for layer in layers if _group(layer) in ("conv", "linear"))
    norms = sum(layer.macs for layer in layers if _group(layer) == "norm")
    others = sum(layer.macs for layer in layers if _group(layer) not in ("conv", "linear", "norm"))
    between = sum(row.macs for row in analysis.rows if not _is_seen(row))
    tokens = sum(row.macs - row.macs // _tokens(row) for row in analysis.rows if _is_seen(row) and row.kind == "Linear")
    terms = _without_zeros(
        Term("torchinfo adds one for each bias and output", biases),
        Term("torchinfo adds the scale and shift of norms, once per picture", norms),
        Term("torchinfo adds weights of other layers", others),
        Term("torchinfo sees no products between modules, and none inside attention", -between),
        Term("torchinfo counts a linear layer on tokens as if there were one", -tokens),
    )
    source = f"torchinfo {torchinfo.__version__}"
    yield AuditLine("MACs", "", analysis.macs, statistics.total_mult_adds, source, terms)


def _audit_memory(analysis: Analysis, statistics: torchinfo.ModelStatistics) -> AuditLine:
    theirs = statistics.total_output_bytes
    without_weights = sum(row.activation_bytes for row in analysis.rows if not _has_weights(row))
    attention = sum(row.activation_bytes for row in analysis.rows if _has_weights(row) and not _is_seen(row))
    terms = _without_zeros(
        Term("torchinfo counts each output twice, as if its gradient were kept with it", theirs // 2),
        Term(
            "torchinfo leaves out what layers without weights write (pooling, activations, sums, concatenations)",
            -without_weights,
        ),
        Term(
            "torchinfo leaves out what attention writes, which does not call the layers it holds",
            -attention,
        ),
    )
    source = f"torchinfo {torchinfo.__version__}, forward/backward pass size"
    return AuditLine("Activation memory", "bytes", analysis.activation_bytes, theirs, source, terms)


def _has_weights(row: LayerRow) -> bool:
    return row.params > 0 or row.is_repeat


def _is_seen(row: LayerRow) -> bool:
    """Whether torchinfo sees this row: it looks at layers with weights, and attention uses those of layers it holds."""
    return _has_weights(row) and "Attention" not in row.kind


def _tokens(row: LayerRow) -> int:
    return math.prod(row.output_shape[1:-1])


def _group(layer: LayerInfo) -> str:
    return group_of_module(layer.module)


def _bias_macs(layer: LayerInfo) -> int:
    bias = getattr(layer.module, "bias", None)
    if bias is None:
        return 0
    positions = layer.output_size[2:] if _group(layer) == "conv" else []
    return int(bias.numel() * layer.output_size[0] * torch.Size(positions).numel())


def _without_zeros(*terms: Term) -> tuple[Term, ...]:
    return tuple(term for term in terms if term.amount)


_HALF_A_MILLION = 500_000  # MACs; torchvision publishes its figures in units of 1e9, with three decimals


def _torchvision_lines(analysis: Analysis) -> Iterable[AuditLine]:
    """Yield what torchvision publishes with its weights of this network, or of its own version of it."""
    arch = registry.get(analysis.name)
    name = arch.name if arch.torchvision else arch.counterpart
    weights = published_weights(name) if name else None
    if weights is None or name is None or not _is_published(analysis):
        return
    size = weights.transforms().crop_size[0]
    source = f"torchvision, {weights}"
    least, most = arch.size_range(arch.defaults)
    is_legal = least <= size <= (most or size)
    ours = analyze(arch.name, input_size=(3, size, size) if is_legal else None)
    other = analyze(name, input_size=(3, size, size))
    reason = f"torchvision's network of this name is another: {' '.join(arch.differences)}".rstrip(".")
    published = weights.meta["num_params"]
    terms = _without_zeros(Term(reason, other.params - ours.params), _auxiliary_term(name, other, published))
    yield AuditLine("Parameters", "", ours.params, published, source, terms)
    macs = round(weights.meta["_ops"] * 1e9)
    terms = _without_zeros(Term(reason, other.macs - ours.macs))
    if terms and abs(macs - other.macs) <= _HALF_A_MILLION:
        terms += _without_zeros(Term("torchvision rounds to whole millions", macs - other.macs))
    where = f"MACs at {size}x{size}" if is_legal else f"MACs, torchvision's at {size}x{size}"
    yield AuditLine(where, "", ours.macs, macs, f"{source}, rounded", terms, rounding=_HALF_A_MILLION)


def _auxiliary_term(name: str, other: Analysis, published: int) -> Term:
    """What auxiliary heads add, where torchvision counts them with the network's parameters."""
    reason = "torchvision counts the auxiliary heads too, which run in training only"
    if published == other.params or "aux" not in registry.get(name).defaults:
        return Term(reason, 0)
    return Term(reason, analyze(name, options={"aux": True}).auxiliary_params)


def _is_published(analysis: Analysis) -> bool:
    """Whether options and classes are those that the weights were trained with."""
    arch = registry.get(analysis.name)
    return dict(analysis.options) == arch.defaults and analysis.num_classes == arch.classes == 1000


def published_weights(name: str) -> Any | None:
    """Return torchvision's first published weights of exactly this network; None where it has none.

    Those with as many parameters come first: some weights of ViT are for larger pictures, with longer tables.
    """
    builder = registry.get(name).torchvision
    if builder is None:
        return None
    from torchvision.models import get_model_weights

    found = list(get_model_weights(builder))
    at_home = [one for one in found if one.meta["num_params"] == analyze(name).params]
    return (at_home or found)[0]

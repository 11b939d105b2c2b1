import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.distributed._tools.mem_tracker import MemTracker

from explorer import registry
from explorer.analysis.cuda_rules import CudaRules
from explorer.analysis.memory import largest_batch, training_memory
from explorer.analysis.step_profile import StepProfile
from explorer.analysis.training_step import OPTIMIZERS, step_loss, trace_gradients, trace_optimizer

MIB = 2**20
WITH_ALL_KERNELS = (
    "vgg16",
    "densenet121",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "efficientnet_b0",
    "vit_b_32",
    "convnext_tiny",
    "lenet5",
)
SIDES = {"vgg16": 32, "googlenet": 64, "resnet50": 64, "densenet121": 64, "mobilenet_v2": 64}


def on_meta(name: str, batch_size: int, side: int | None = None) -> tuple[nn.Module, Tensor]:
    arch = registry.get(name)
    channels, *sides = arch.input_size
    with torch.device("meta"):
        return arch.build().train(), torch.empty(batch_size, channels, *([side, side] if side else sides))


def step_of(
    network: nn.Module, pictures: Tensor, optimizer: str = "adam", *, precision: str = "float32", exact: bool = False
) -> StepProfile:
    """A step of these few pictures, all of which count as fixed; the network has no gradients before and after."""
    passes = StepProfile.of(trace_gradients(network, pictures, precision, exact=exact))
    optimizer_step = StepProfile.of(trace_optimizer(network, optimizer, exact=exact))
    network.zero_grad()
    return passes.then(optimizer_step)


def tracked_peak(network: nn.Module, pictures: Tensor, optimizer: str) -> int:
    """MemTracker's peak of two steps of a plain training loop."""
    descent = OPTIMIZERS[optimizer](network.parameters())
    targets = torch.empty(len(pictures), dtype=torch.long, device="meta")
    tracker = MemTracker()
    tracker.track_external(network, descent, pictures, targets)
    with tracker:
        for _ in range(2):
            tracker.reset_mod_stats()
            outputs = network(pictures)
            loss = step_loss(outputs, targets)
            loss.backward()
            descent.step()
            descent.zero_grad()
    peak: int = tracker.get_tracker_snapshot("peak")[pictures.device]["Total"]
    return peak


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", SIDES)
def test_peak_is_that_of_memtracker_to_the_byte(name: str, optimizer: str) -> None:
    network, pictures = on_meta(name, 3, SIDES[name])
    traced = step_of(network, pictures, optimizer).peak(1)
    assert traced == tracked_peak(network, pictures, optimizer)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", WITH_ALL_KERNELS)
def test_fast_kernels_change_no_moment_of_the_step(name: str, precision: str) -> None:
    network, pictures = on_meta(name, 2)
    fast = step_of(network, pictures, precision=precision).moments(1)
    exact = step_of(network, pictures, precision=precision, exact=True).moments(1)
    if name == "convnext_tiny" and torch.__version__ < "2.15":  # which copies its gradients once more on meta
        assert max(moment.live for moment in fast) == max(moment.live for moment in exact)
    else:
        assert fast == exact


@pytest.mark.parametrize(
    ("name", "precision"),
    [(name, "float32") for name in registry.names()] + [(name, "bfloat16") for name in WITH_ALL_KERNELS],
)
def test_one_trace_tells_the_step_of_any_batch(name: str, precision: str) -> None:
    network, pictures = on_meta(name, 3)
    of_three = step_of(network, pictures, precision=precision).moments(1)
    assert training_memory(name, 3, precision=precision).curve == of_three


def test_contiguous_layer_norms_change_no_peak() -> None:
    network, pictures = on_meta("swin_v2_t", 2)
    fast = step_of(network, pictures).peak(1)
    assert fast == step_of(network, pictures, exact=True).peak(1)


def test_vgg16_with_adam_at_32_peaks_at_4330_mib() -> None:
    # MemTracker's figure for torchvision's VGG-16, measured apart from this project.
    assert round(training_memory("vgg16").peak / MIB) == 4330


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_parts_add_up_to_the_peak(optimizer: str) -> None:
    m = training_memory("resnet20", 8, optimizer)
    assert m.peak == m.params + m.gradients + m.optimizer_state + m.activations + m.other
    assert m.peak == max(moment.live for moment in m.curve) == m.peak_moment.live


@pytest.mark.parametrize(("optimizer", "copies"), [("sgd", 0), ("momentum", 1), ("adam", 2)])
def test_optimizer_state_is_a_number_of_copies_of_the_weights(optimizer: str, copies: int) -> None:
    m = training_memory("lenet_keras", 4, optimizer)
    assert m.params == 4 * 431_080  # Keras's own summary of this network
    assert m.optimizer_state == copies * m.params


def test_gradients_of_all_weights_are_live_in_the_optimizer() -> None:
    m = training_memory("resnet20", 4)
    assert m.curve[-1].phase == "optimizer"
    assert m.curve[-1].gradients == m.params


def test_small_batches_of_a_heavy_network_peak_in_the_optimizer() -> None:
    assert training_memory("alexnet", 1).peak_moment.phase == "optimizer"
    assert training_memory("alexnet", 128).peak_moment.phase != "optimizer"


def test_phases_cover_the_curve_in_order() -> None:
    m = training_memory("resnet20", 4)
    assert [phase.name for phase in m.phases] == ["forward", "loss", "backward", "optimizer"]
    assert [m.curve[i].phase for phase in m.phases for i in range(phase.start, phase.stop)] == [p for p, *_ in m.curve]


def test_moments_name_the_module_in_both_passes() -> None:
    labels = {(moment.phase, moment.label) for moment in training_memory("vgg16").curve}
    assert ("forward", "features.0: convolution") in labels
    assert ("backward", "features.0: convolution_backward") in labels


@pytest.mark.parametrize(("in_place", "made"), [(False, 8 * 50 * 4), (True, None)])
def test_relu_makes_a_map_unless_it_works_in_place(in_place: bool, made: int | None) -> None:
    with torch.device("meta"):
        network = nn.Sequential(nn.Flatten(), nn.Linear(12, 50), nn.ReLU(in_place), nn.Linear(50, 10))
        pictures = torch.empty(8, 3, 2, 2)
    moments = step_of(network, pictures).moments(1)
    growth = {now.label: now.live - before.live for before, now in pairwise(moments) if now.phase == "forward"}
    assert growth.get("2: relu_" if in_place else "2: relu") == made


def test_auxiliary_heads_cost_memory() -> None:
    plain, with_heads = (training_memory("googlenet", 4, options={"aux": aux}) for aux in (False, True))
    assert with_heads.params == 4 * 13_378_280
    assert with_heads.activations > plain.activations


def test_larger_pictures_and_more_classes_cost_memory() -> None:
    peak = training_memory("resnet20", 4).peak
    assert training_memory("resnet20", 4, input_size=(3, 64, 64)).peak > 2 * peak
    assert training_memory("resnet20", 4, num_classes=1000).params == 4 * (269_722 + 990 * 65)


def test_bfloat16_about_halves_the_activations() -> None:
    full, low = (training_memory("resnet50", 32, precision=p) for p in ("float32", "bfloat16"))
    assert low.params == full.params
    assert 0.5 < low.activations / full.activations < 0.55


def saved_bytes(network: nn.Module, pictures: Tensor, rules: Any) -> int:
    """The bytes that autograd saves in a forward pass, each storage once."""
    saved: dict[int, int] = {}

    def pack(x: Tensor) -> Tensor:
        saved[x.untyped_storage()._cdata] = x.untyped_storage().nbytes()
        return x

    with saved_tensors_hooks(pack, lambda x: x), rules:
        output = network(pictures)
    assert output.dtype == torch.bfloat16
    return sum(saved.values())


@pytest.mark.parametrize("name", ["resnet20", "squeezenet1_1", "lenet5_modern"])
def test_bfloat16_saves_what_autocast_saves_with_real_tensors(name: str) -> None:
    arch = registry.get(name)
    real = arch.build().train(), torch.zeros(2, *arch.input_size)
    assert saved_bytes(*on_meta(name, 2), CudaRules(torch.bfloat16)) == saved_bytes(
        *real, torch.autocast("cpu", torch.bfloat16)
    )


def test_response_norm_runs_in_float32_under_autocast() -> None:
    x = torch.empty(2, 8, 4, 4, dtype=torch.bfloat16, device="meta")
    with CudaRules(torch.bfloat16):
        assert F.local_response_norm(x, 5).dtype == torch.float32  # pow is on autocast's float32 list


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_attention_never_holds_the_matrix_of_all_pairs(precision: str) -> None:
    class Attention(nn.MultiheadAttention):
        def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
            return super().forward(x, x, x, need_weights=False)[0].mean(1)

    def peak(length: int) -> int:
        with torch.device("meta"):
            network, x = Attention(16, 2, batch_first=True), torch.empty(4, length, 16)
        return step_of(network, x, precision=precision).peak(1)

    assert peak(4096) == pytest.approx(2 * peak(2048), rel=0.01)


@pytest.mark.parametrize("name", ["resnet20", "alexnet", "mobilenet_v2", "vit_b_32"])
def test_largest_batch_fits_and_one_more_does_not(name: str) -> None:
    memory_bytes = 2**32
    most = largest_batch(memory_bytes, name)
    assert training_memory(name, most).peak <= memory_bytes < training_memory(name, most + 1).peak


def test_largest_batch_is_none_where_the_weights_alone_are_too_large() -> None:
    assert largest_batch(2**30, "vgg16") == 0


def test_largest_batch_can_be_a_single_picture() -> None:
    assert largest_batch(training_memory("resnet50", 1).peak, "resnet50") == 1
    assert largest_batch(training_memory("resnet50", 1).peak - 1, "resnet50") == 0


def test_one_picture_is_refused_where_batch_norm_has_one_value_a_map() -> None:
    with pytest.raises(ValueError, match="cannot be trained on one picture at a time"):
        training_memory("inception_v3", 1, options={"aux": True})
    of_two = training_memory("inception_v3", 2, options={"aux": True}).peak
    assert largest_batch(of_two - 1, "inception_v3", options={"aux": True}) == 0


@pytest.mark.parametrize("batch_size", [0, -1, 65_537, 1.5, 32.0, True])
def test_bad_batch_says_what_is_allowed(batch_size: Any) -> None:
    with pytest.raises(ValueError, match="from 1 to 65,536"):
        training_memory("lenet5", batch_size)


def test_bad_optimizer_and_precision_say_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="sgd or momentum or adam"):
        training_memory("lenet5", optimizer="lion")
    with pytest.raises(ValueError, match="float32 or bfloat16"):
        training_memory("lenet5", precision="float8")


@pytest.mark.parametrize("mode", [torch.inference_mode, torch.no_grad])
def test_caller_may_have_switched_gradients_off(mode: Any) -> None:
    batch_size = 1001 if mode is torch.no_grad else 1002  # met nowhere else, so not in the cache
    with mode():
        m = training_memory("lenet_keras", batch_size)
    assert m.curve[-1].gradients == m.params


def test_result_is_kept() -> None:
    assert training_memory("lenet5", 3) is training_memory("lenet5", 3, options={}, input_size=(1, 32, 32))


def test_threads_do_not_disturb_each_other() -> None:
    def peak(name: str) -> int:
        return step_of(*on_meta(name, 2)).peak(1)

    names = ("resnet20", "lenet5", "squeezenet1_1", "alexnet") * 3
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(peak, names)) == [peak(name) for name in names]


def test_nothing_is_left_to_the_garbage_collector() -> None:
    gc.disable()
    try:
        network, pictures = on_meta("resnet20", 2)
        refs = [weakref.ref(network), *(weakref.ref(p.untyped_storage()) for p in network.parameters())]
        step_of(network, pictures)
        del network
        assert all(ref() is None for ref in refs)
    finally:
        gc.enable()

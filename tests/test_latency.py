"""Measured latency. Times themselves are not tested: they belong to the machine."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer import latency
from explorer.latency import LEAST_RUNS, Latency, device_name, devices, measure_latency


def test_the_median_lies_between_the_fastest_and_the_slowest_tenth() -> None:
    found = measure_latency("lenet5_modern", device="cpu")
    assert 0 < found.fastest_tenth <= found.seconds <= found.slowest_tenth
    assert found.runs >= 20


def test_it_is_kept_with_the_name_of_the_device() -> None:
    found = measure_latency("lenet5_modern", device="cpu")
    assert found.device == device_name("cpu")
    assert found.device.endswith(("thread", "threads"))


def test_progress_ends_at_the_whole() -> None:
    told: list[float] = []
    measure_latency("lenet5_modern", progress=told.append)
    assert told == sorted(told)
    assert (len(told), told[-1]) == (LEAST_RUNS, 1.0)


def test_every_run_and_some_before_them_pass_through_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: list[torch.Size] = []
    timed = latency._time
    monkeypatch.setattr(
        latency, "_time", lambda net, pictures: (shapes.append(pictures.shape), timed(net, pictures))[1]
    )
    measure_latency("nin_cifar", batch_size=2, runs=25)
    assert len(shapes) >= 25 + 3
    assert set(shapes) == {torch.Size((2, 3, 32, 32))}


def test_the_network_runs_as_in_use_without_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[tuple[bool, bool]] = set()

    def watch(network: torch.nn.Module, pictures: torch.Tensor) -> float:
        seen.add((network.training, network(pictures).requires_grad))
        return 0.1

    monkeypatch.setattr(latency, "_time", watch)
    measure_latency("resnet20")
    assert seen == {(False, False)}


def test_pictures_can_have_another_size() -> None:
    assert measure_latency("squeezenet1_1", side=64).seconds > 0


def test_fewer_than_twenty_runs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        measure_latency("lenet5", runs=19)


def test_a_size_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="227"):
        measure_latency("alexnet", side=100)


def test_the_cpu_is_always_among_the_devices() -> None:
    assert devices()[-1] == "cpu"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def measured(**changes: Any) -> Latency:
    """A measurement as if made here."""
    found = Latency("lenet5", device_name("cpu"), str(torch.__version__), 32, 1, 0.002, 0.001, 0.003, 20)
    return dataclasses.replace(found, **changes)


@pytest.mark.usefixtures("folder")
def test_the_latest_measurement_is_kept() -> None:
    assert latency.kept("cpu") == {}
    latency.keep(measured(seconds=0.004))
    latency.keep(measured())
    assert latency.kept("cpu") == {("lenet5", 32): measured()}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("change", [{"device": "another machine"}, {"torch": "1.0"}, {"batch_size": 8}])
def test_what_was_measured_under_other_conditions_is_not_shown(change: dict[str, Any]) -> None:
    latency.keep(measured(**change))
    assert latency.kept("cpu") == {}


def test_a_line_that_was_cut_short_does_no_harm(folder: Path) -> None:
    latency.keep(measured())
    with (folder / "latencies.jsonl").open("a") as file:
        file.write('{"name": "vgg')
    assert set(latency.kept("cpu")) == {("lenet5", 32)}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU on this machine")
def test_a_gpu_is_measured_under_its_own_name() -> None:
    found = measure_latency("resnet18", device="cuda:0")
    assert found.device == torch.cuda.get_device_name(0)

"""The workers of the cluster of our own: one for each device, with the threads that they are to have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from distributed import Client, LocalCluster

from explorer.training import local_cluster
from explorer.training.local_cluster import find_slots


@pytest.fixture
def two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose nvidia-smi tells of two GPUs, one of them in slices."""
    program = tmp_path / "nvidia-smi"
    program.write_text(
        "#!/bin/sh\necho 'GPU 0: A100 (UUID: a)'\necho '  MIG 1g.5gb  Device 0: (UUID: b)'\necho 'GPU 1: A100'"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.usefixtures("two_gpus")
def test_each_gpu_has_a_worker_and_its_slices_have_none() -> None:
    slots = find_slots(1)
    assert [(slot.resource, slot.environment["CUDA_VISIBLE_DEVICES"]) for slot in slots] == [("GPU", "0"), ("GPU", "1")]


@pytest.mark.usefixtures("two_gpus")
def test_gpus_that_are_hidden_have_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert [slot.environment["CUDA_VISIBLE_DEVICES"] for slot in find_slots(2)] == ["1", "1"]


def test_a_worker_trains_on_all_cores_but_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cluster, "CPU_COUNT", 3)  # MKL takes no more than there are
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    (slot,) = find_slots(1)
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, env=slot.environment, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        assert client.submit(torch.get_num_threads).result(60) == 2

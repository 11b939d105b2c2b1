"""A trained network as ONNX, run by onnxruntime, beside the same network in torch."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from small_runs import small

from explorer.training import Checkpoint, RunSpec, fit
from explorer.training.learner import build_network
from explorer.training.onnx_export import export_onnx


def train(spec: RunSpec) -> bytes:
    kept: list[bytes] = []
    for _ in fit(spec, device="cpu", save=lambda state: kept.append(state.to_bytes())):
        pass
    return kept[-1]


@pytest.fixture(scope="module")
def exported() -> tuple[bytes, bytes]:
    """A checkpoint, and what is made of it."""
    content = train(small(steps=3, options={"batch_norm": True, "dropout": 0.5, "pooling": "max"}))
    return content, export_onnx(content)


def run(exported: bytes, pictures: np.ndarray) -> Any:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    return session.run(["logits"], {"pictures": pictures})[0]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_it_answers_as_the_network_does_for_any_number_of_pictures(count: int, exported: tuple[bytes, bytes]) -> None:
    state = Checkpoint.from_bytes(exported[0])
    network = build_network(state.spec, torch.device("cpu"))
    network.load_state_dict(state.network)
    pictures = torch.randint(256, (count, *state.spec.input_shape)).float()
    mean, deviation = (torch.tensor(values).view(-1, 1, 1) for values in (state.pixel_mean, state.pixel_deviation))
    with torch.inference_mode():
        expected = network.eval()((pictures - mean) / deviation).numpy()
    found = run(exported[1], pictures.numpy())
    assert found.shape == (count, 10)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_it_is_valid_and_tells_labels_and_run(exported: tuple[bytes, bytes]) -> None:
    model = onnx.load_from_string(exported[1])
    onnx.checker.check_model(model, full_check=True)
    about = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(about["labels"]) == list("0123456789")
    assert RunSpec.from_json(about["run"]) == Checkpoint.from_bytes(exported[0]).spec


def test_what_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(ValueError, match="This is no checkpoint"):
        export_onnx(b"PK\x03\x04")

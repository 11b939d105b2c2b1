"""A checkpoint is a safetensors file: anyone can read it, and nothing in it is run or believed."""

from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Callable
from typing import Any

import pytest
import torch
from safetensors import torch as safetensors
from small_runs import small

from explorer.training import Checkpoint, RunSpec, fit
from explorer.training.learner import build_network


def save_one(**fields: Any) -> bytes:
    kept: list[bytes] = []
    for _ in fit(small(steps=2, **fields), device="cpu", save=lambda state: kept.append(state.to_bytes())):
        pass
    return kept[-1]


@pytest.fixture(scope="module")
def content() -> bytes:
    """The checkpoint at the end of a run of two steps with Adam."""
    return save_one()


def header(content: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from("<Q", content)
    return json.loads(content[8 : 8 + length])


def forged(content: bytes, change: Callable[[dict[str, Any], dict[str, torch.Tensor]], None]) -> bytes:
    """Return the checkpoint with its run and its tensors changed."""
    run, tensors = json.loads(header(content)["__metadata__"]["run"]), safetensors.load(content)
    change(run, tensors)
    return safetensors.save(tensors, {"format": "1", "run": json.dumps(run)})


def test_it_is_a_safetensors_file_with_the_run_in_its_header(content: bytes) -> None:
    names = set(safetensors.load(content))
    assert {name.split("/")[0] for name in names} == {"network", "optimizer"}
    run = json.loads(header(content)["__metadata__"]["run"])
    assert RunSpec(**run["spec"]) == small(steps=2)
    assert run["labels"] == list("0123456789")


def test_its_weights_are_those_of_the_network(content: bytes) -> None:
    state = Checkpoint.from_bytes(content)
    expected = build_network(state.spec, torch.device("cpu")).state_dict()
    assert {name: value.shape for name, value in expected.items()} == {
        name: value.shape for name, value in state.network.items()
    }


def test_what_is_written_is_read_again(content: bytes) -> None:
    state = Checkpoint.from_bytes(content)
    again = Checkpoint.from_bytes(state.to_bytes())
    assert (again.spec, again.plan, again.progress) == (state.spec, state.plan, state.progress)
    assert safetensors.load(state.to_bytes()).keys() == safetensors.load(content).keys()
    assert all(tensor.equal(state.network[name]) for name, tensor in again.network.items())
    assert (state.progress.step, len(state.progress.recent)) == (2, 2)


def test_the_colours_that_the_network_expects_are_kept(content: bytes) -> None:
    state = Checkpoint.from_bytes(content)
    assert 0 < state.pixel_mean[0] < 255
    assert 1 < state.pixel_deviation[0] < 128


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "a pickle": lambda content: pickle.dumps({"network": 1}),
    "nothing": lambda content: b"",
    "cut off": lambda content: content[:-100],
    "a header longer than the file": lambda content: struct.pack("<Q", 2**60) + content[8:],
    "other safetensors": lambda content: safetensors.save({"x": torch.zeros(1)}),
    "another format": lambda content: safetensors.save({"x": torch.zeros(1)}, {"format": "2"}),
    "no run": lambda content: safetensors.save({"x": torch.zeros(1)}, {"format": "1"}),
    "a run that is no JSON": lambda content: safetensors.save({}, {"format": "1", "run": "{"}),
    "a run that is a number": lambda content: safetensors.save({}, {"format": "1", "run": "5"}),
    "a run nested without end": lambda content: safetensors.save({}, {"format": "1", "run": "[" * 10**5}),
    "an unknown network": lambda content: forged(content, lambda run, _: run["spec"].update(architecture="x")),
    "an unknown field": lambda content: forged(content, lambda run, _: run["spec"].update(shell="rm")),
    "a plan without steps": lambda content: forged(content, lambda run, _: run["plan"].pop("steps")),
    "a score that is none": lambda content: forged(content, lambda run, _: run["progress"].update(recent=[["a", 1]])),
    "a tensor of no kind": lambda content: forged(content, lambda _, tensors: tensors.update(x=torch.zeros(1))),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_checkpoint_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(ValueError, match="checkpoint"):
        Checkpoint.from_bytes(HOSTILE[kind](content))


def _shrink(prefix: str, tensors: dict[str, torch.Tensor]) -> None:
    name = next(name for name in tensors if name.startswith(prefix) and tensors[name].ndim)
    tensors[name] = torch.zeros(1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda _, tensors: tensors.pop(next(n for n in tensors if n.startswith("network"))), "weights"),
        (lambda _, tensors: _shrink("network", tensors), "weights"),
        (lambda _, tensors: _shrink("optimizer", tensors), "optimizer"),
        (lambda _, tensors: tensors.update({"optimizer/x/step": torch.zeros(1)}), "optimizer"),
    ],
)
def test_tensors_of_another_network_are_refused(change: Any, says: str, content: bytes) -> None:
    state = Checkpoint.from_bytes(forged(content, change))
    with pytest.raises(ValueError, match=says):
        next(fit(state.spec, device="cpu", resume=state))

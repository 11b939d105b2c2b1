"""A trained network as an ONNX file, which other programs can run. torch's exporter needs the package onnxscript."""

from __future__ import annotations

import json
import threading

import torch
from torch import Tensor, nn

from explorer import registry
from explorer.training.checkpoint import Checkpoint

INPUT, OUTPUT = "pictures", "logits"
EXAMPLES = 2  # pictures that the network is traced with; torch.export takes a batch of one for a constant
_one_at_a_time = threading.Lock()  # torch's exporter sets flags that all threads of the process see


class _FromBytes(nn.Module):
    """A network together with the normalisation that it was trained with."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, network: nn.Module, mean: tuple[float, ...], deviation: tuple[float, ...]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1))
        self.register_buffer("deviation", torch.tensor(deviation).view(-1, 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.network((pictures - self.mean) / self.deviation)


def export_onnx(content: bytes) -> bytes:
    """Return the network of a checkpoint as ONNX, made on the CPU; bytes that are no checkpoint raise ValueError.

    Its input "pictures" is float32 [batch, C, H, W] with values from 0 to 255, any number of pictures; its output
    "logits" is float32 [batch, classes]. The labels and the run stand in its metadata, as JSON.
    """
    checkpoint = Checkpoint.from_bytes(content)
    spec = checkpoint.spec
    network = registry.get(spec.architecture).build(spec.num_classes, **spec.options)
    checkpoint.put_weights(network)
    whole = _FromBytes(network, checkpoint.pixel_mean, checkpoint.pixel_deviation).eval()
    with _one_at_a_time:
        program = torch.onnx.export(
            whole,
            (torch.zeros(EXAMPLES, *spec.input_shape),),
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            dynamo=True,
            verbose=False,
        )
    assert program is not None  # it is None only where a file is written
    program.model.metadata_props.update(labels=json.dumps(checkpoint.labels), run=spec.to_json())
    return program.model_proto.SerializeToString()

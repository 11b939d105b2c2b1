"""Event files: their bytes are read here without the code that writes them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from explorer.training import Event
from explorer.training.tensorboard import crc32c, encode

STARTED = 1_700_000_000.5
EVENTS = [
    Event(0, 0, 0.0),
    Event(20, 1, 1.5, train_loss=2.25, train_accuracy=0.5, learning_rate=0.125, memory_bytes=2**30),
    Event(300_000, 9, 4000.0, train_loss=float("nan"), val_loss=0.75, val_accuracy=0.875, images_per_second=2048.0),
]
# The first twelve bytes of every event file that TensorFlow writes: a record of 24 bytes, and the checksum of that.
FIRST_BYTES = bytes.fromhex("1800000000000000a37f4b22")


def protobuf_event() -> Any:
    """Return the message class of tensorflow/core/util/event.proto, as far as it is used."""
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorflow", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    messages = {
        "Value": [("tag", 1, kinds.TYPE_STRING, ""), ("simple_value", 2, kinds.TYPE_FLOAT, "")],
        "Summary": [("value", 1, kinds.TYPE_MESSAGE, "Value")],
        "Event": [
            ("wall_time", 1, kinds.TYPE_DOUBLE, ""),
            ("step", 2, kinds.TYPE_INT64, ""),
            ("file_version", 3, kinds.TYPE_STRING, ""),
            ("summary", 5, kinds.TYPE_MESSAGE, "Summary"),
        ],
    }
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            label = kinds.LABEL_REPEATED if of == "Value" else kinds.LABEL_OPTIONAL
            type_name = f".tensorflow.{of}" if of else None
            message.field.add(name=field, number=number, type=kind, label=label, type_name=type_name)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("tensorflow.Event"))


def slow_crc32c(content: bytes) -> int:
    """Return the checksum by long division of polynomials, bit by bit, the highest first."""
    bits = [byte >> i & 1 for byte in content for i in range(8)] + [0] * 32
    bits[:32] = [bit ^ 1 for bit in bits[:32]]
    register = 0
    for bit in bits:
        carry = register >> 31
        register = (register << 1 & 0xFFFFFFFF) | bit
        register ^= 0x1EDC6F41 if carry else 0
    return int(f"{register:032b}"[::-1], 2) ^ 0xFFFFFFFF


def unmask(masked: int) -> int:
    rotated = (masked - 0xA282EAD8) & 0xFFFFFFFF
    return ((rotated >> 17) | (rotated << 15)) & 0xFFFFFFFF


def records(content: bytes) -> Iterator[bytes]:
    """Yield the records of the file; each has two right checksums."""
    at = 0
    while at < len(content):
        length, of_length = struct.unpack_from("<QI", content, at)
        assert unmask(of_length) == slow_crc32c(content[at : at + 8])
        record = content[at + 12 : at + 12 + length]
        (of_record,) = struct.unpack_from("<I", content, at + 12 + length)
        assert unmask(of_record) == slow_crc32c(record)
        yield record
        at += 16 + length


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E)],
)
def test_checksums_are_those_of_rfc_3720(content: bytes, expected: int) -> None:
    assert crc32c(content) == slow_crc32c(content) == expected


def test_a_file_begins_as_those_of_tensorflow() -> None:
    assert encode([], STARTED).startswith(FIRST_BYTES)


def test_every_record_is_an_event_with_its_figures() -> None:
    message = protobuf_event()
    version, *found = [message.FromString(record) for record in records(encode(EVENTS, STARTED))]
    assert version.file_version == "brain.Event:2"
    assert [(one.step, one.wall_time) for one in found] == [(e.step, STARTED + e.seconds) for e in EVENTS]
    figures = [{value.tag: value.simple_value for value in one.summary.value} for one in found]
    assert figures[0] == {}
    assert figures[1] == {
        "loss/train": 2.25,
        "accuracy/train": 0.5,
        "optimizer/learning_rate": 0.125,
        "memory/bytes": 2**30,
    }
    assert figures[2].pop("loss/train") != 0
    assert figures[2] == {"loss/validation": 0.75, "accuracy/validation": 0.875, "speed/images_per_second": 2048}


def test_events_that_come_from_the_store_are_written_alike() -> None:
    assert encode([event.to_dict() for event in EVENTS], STARTED) == encode(EVENTS, STARTED)

"""A curve as a TensorBoard event file. It does not need TensorBoard, nor torch.

The file is a row of records of TensorFlow (length, its checksum, content, its checksum), each of them an `Event` of
tensorflow/core/util/event.proto: field 1 is the time, 2 the step, 3 the version, 5 a summary of tagged numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

from explorer.training.events import Event

# What an event calls it -> its tag; TensorBoard draws one chart for each, grouped by what stands before the slash.
TAGS = {
    "train_loss": "loss/train",
    "val_loss": "loss/validation",
    "train_accuracy": "accuracy/train",
    "val_accuracy": "accuracy/validation",
    "learning_rate": "optimizer/learning_rate",
    "first_gradient_norm": "optimizer/gradient_norm_first_layer",
    "last_gradient_norm": "optimizer/gradient_norm_last_layer",
    "images_per_second": "speed/images_per_second",
    "memory_bytes": "memory/bytes",
}
CRC32C = 0x82F63B78  # Castagnoli's polynomial, reflected


def encode(events: Iterable[Event | Mapping[str, float | None]], started_at: float) -> bytes:
    """Return the event file of a run that started at this time, in seconds since 1970.

    Events may be given as `Event.to_dict` has them. The name of the file has to contain "tfevents".
    """
    records = [_record(_double(1, started_at) + _bytes(3, b"brain.Event:2"))]
    for event in events:
        fields = event.to_dict() if isinstance(event, Event) else event
        values = b"".join(
            _bytes(1, _bytes(1, tag.encode()) + _float(2, value))
            for name, tag in TAGS.items()
            if (value := fields[name]) is not None
        )
        moment = _double(1, started_at + (fields["seconds"] or 0.0)) + _whole(2, int(fields["step"] or 0))
        records.append(_record(moment + _bytes(5, values)))
    return b"".join(records)


def crc32c(content: bytes) -> int:
    """Return the checksum of these bytes (RFC 3720, appendix B.4)."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc = _CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (CRC32C if byte & 1 else 0)
    return byte


_CRC_TABLE = tuple(map(_crc_of_byte, range(256)))


def _record(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + _masked_crc(length) + content + _masked_crc(content)


def _masked_crc(content: bytes) -> bytes:
    """Return the checksum turned by 15 bits and shifted, as TensorFlow stores it."""
    crc = crc32c(content)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


# The fields of a protobuf message: the number and the kind of the field, then its content.


def _double(field: int, value: float) -> bytes:
    return struct.pack("<Bd", field << 3 | 1, value)


def _float(field: int, value: float) -> bytes:
    return struct.pack("<Bf", field << 3 | 5, value)


def _whole(field: int, value: int) -> bytes:
    return bytes([field << 3]) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return bytes([field << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Return a whole number from 0 in groups of seven bits, the lowest first."""
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])

"""Every random number of a run is a pure function of its seed and its purpose, so a resumed run draws the same."""

from __future__ import annotations

import hashlib

import torch


def mix(*parts: int | str) -> int:
    """Return a seed below 2**63 made of these parts; another part gives an unrelated seed."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def make_generator(*parts: int | str) -> torch.Generator:
    """Return a generator on the CPU with the seed made of these parts: the same numbers for every device."""
    return torch.Generator().manual_seed(mix(*parts))


def default_generator(device: torch.device) -> torch.Generator:
    """Return the generator that dropout draws from on this device."""
    if device.type == "cuda":
        torch.cuda.init()  # type: ignore[no-untyped-call]
        return torch.cuda.default_generators[device.index or 0]
    return torch.mps._get_default_mps_generator() if device.type == "mps" else torch.default_generator

"""How to reach the cluster of our own: a file that outlives the web server, and that only its user can read."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

import explorer

if TYPE_CHECKING:
    from distributed.security import Security

CODE = Path(explorer.__file__).parent


@dataclass(frozen=True)
class Contact:
    """A cluster that runs: where its scheduler listens, which process it is, and what shows that one may come in."""

    address: str
    pid: int
    started_at: float  # of the process: another one may have its number later
    certificate: str  # PEM, for both sides
    key: str  # PEM

    @classmethod
    def mine(cls, address: str, security: Security) -> Contact:
        """Return the contact of this process."""
        tls = security.get_tls_config_for_role("client")
        return cls(address, os.getpid(), psutil.Process().create_time(), tls["ca_file"], tls["key"])

    @classmethod
    def read(cls, path: Path) -> Contact | None:
        """Return how to reach the cluster that wrote this file; None if it does not run."""
        try:
            contact = cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return contact if contact.is_alive() else None

    def write(self, path: Path) -> None:
        """Keep this in a file that nobody but its user can read."""
        beside = path.with_suffix(f".{self.pid}")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file)
        beside.replace(path)

    def is_alive(self) -> bool:
        """Return whether the process runs."""
        try:
            process = psutil.Process(self.pid)
            return process.create_time() == self.started_at and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    @property
    def security(self) -> Security:
        """What a client needs to come in."""
        from distributed.security import Security

        return Security(
            require_encryption=True,
            tls_ca_file=self.certificate,
            tls_client_cert=self.certificate,
            tls_client_key=self.key,
        )


@cache
def fingerprint() -> str:
    """Return a name for this code and the Python that runs it."""
    files = sorted((str(path), path.stat().st_mtime_ns) for path in CODE.rglob("*.py"))
    return hashlib.sha256(repr((sys.executable, files)).encode()).hexdigest()[:12]

"""A PostgreSQL of the tests' own, in a folder that is thrown away."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

SERVER_OPTIONS = "-c listen_addresses='' -c fsync=off -c max_connections=60"


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the latest version's; None where it is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


class Postgres:
    """A server that listens on a socket in its folder only. It never runs as root: it would refuse to."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="explorer-postgres-"))
        self._user = getpass.getuser()
        if os.geteuid() == 0:
            self._user = "postgres" if _exists("postgres") else "nobody"
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-U", "explorer", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", str(self.folder / "data"))
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._control("start", "-o", f"{SERVER_OPTIONS} -k {self.folder}", "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Have it gone at once, as if its machine had lost power."""
        self._control("stop", "-m", "immediate")

    def make_database(self, name: str) -> str:
        """Return the address of a new database."""
        self._run("createdb", "-U", "explorer", "-h", str(self.folder), name)
        return f"postgresql+psycopg://explorer@/{name}?host={self.folder}"

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        user = self._user if os.geteuid() == 0 else None
        command = [str(self._programs / program), *arguments]
        # Not captured: the server that pg_ctl starts would hold the pipe open.
        with (self.folder / "commands.log").open("ab") as log:
            subprocess.run(command, check=True, user=user, cwd="/", stdout=log, stderr=log)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True

"""The files of a run: its checkpoint and what else is too large for the database, on any file system fsspec knows."""

from __future__ import annotations

import errno
import os
import secrets
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from explorer.training.records import JobError

CHECKPOINT = "checkpoint.safetensors"
CURVE = "events.out.tfevents"  # as TensorBoard reads it


class ArtifactsError(JobError):
    """A file cannot be kept, read or deleted now."""


class Artifacts:
    """A folder of files for each run. A file is there whole or not at all."""

    def __init__(self, url: str) -> None:
        try:
            self._files, self._root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError, OSError) as error:
            raise ArtifactsError(f"The place for checkpoints is not understood ({url}): {error}.") from None

    def write(self, run_id: str, name: str, content: bytes) -> None:
        """Keep a file, in place of the one of this name."""
        try:
            self._files.makedirs(self._folder(run_id), exist_ok=True)
            if isinstance(self._files, LocalFileSystem):
                self._replace(self._path(run_id, name), content)
            else:  # an object is there when it is whole
                self._files.pipe_file(self._path(run_id, name), content)
        except Exception as error:  # each file system has its own
            raise ArtifactsError(self._explain("kept", name, error)) from error

    def read(self, run_id: str, name: str) -> bytes | None:
        """Return a file of a run; None if there is none of this name."""
        try:
            content: bytes = self._files.cat_file(self._path(run_id, name))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise ArtifactsError(self._explain("read", name, error)) from error
        return content

    def has(self, run_id: str, name: str) -> bool:
        """Return whether a run has a file of this name."""
        try:
            return bool(self._files.exists(self._path(run_id, name)))
        except Exception as error:
            raise ArtifactsError(self._explain("looked for", name, error)) from error

    def delete(self, run_id: str) -> None:
        """Delete all files of a run."""
        try:
            self._files.rm(self._folder(run_id), recursive=True)
        except FileNotFoundError:
            return
        except Exception as error:
            raise ArtifactsError(self._explain("deleted", run_id, error)) from error

    def _replace(self, path: str, content: bytes) -> None:
        """Write beside the file, then put it in its place; what is left of a failed attempt is deleted."""
        beside = f"{path}.{secrets.token_hex(4)}"
        try:
            self._files.pipe_file(beside, content)
            os.replace(beside, path)
        except BaseException:
            if self._files.exists(beside):
                self._files.rm_file(beside)
            raise

    def _folder(self, run_id: str) -> str:
        return f"{self._root.rstrip('/')}/{run_id}"

    def _path(self, run_id: str, name: str) -> str:
        return f"{self._folder(run_id)}/{name}"

    def _explain(self, verb: str, name: str, error: Any) -> str:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            return f"The disk for checkpoints is full ({self._root}): {name} could not be {verb}."
        cause = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        return f"{name} could not be {verb} ({self._root}): {cause}."

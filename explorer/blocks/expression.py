"""Formulas that are written once: shown with names, shown with numbers, and worked out.

An expression is Python's, of names, whole numbers, `+`, `*` and parentheses: "9*channels + 2".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache

from explorer.formulas import Formula
from explorer.units import TIMES, exact


def fill(quantity: str, expression: str, values: Mapping[str, int]) -> Formula:
    """Return the formula of a quantity with these values for its names. An unknown name raises KeyError."""
    tree = _parse(expression)
    result = _work_out(tree, values)
    numbers = _write(tree, lambda name: exact(values[name]))
    return Formula(quantity, _write(tree, str), f"{numbers} = {exact(result)}", result)


def times(*factors: str) -> str:
    """Return the product of some expressions; sums among them get parentheses."""
    return "*".join(f"({factor})" if _is_sum(_parse(factor)) else factor for factor in factors)


def plus(*terms: str) -> str:
    """Return the sum of some expressions, without those that are nothing."""
    return " + ".join(term for term in terms if term != "0") or "0"


@lru_cache(maxsize=2048)
def _parse(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)


def _work_out(node: ast.expr, values: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult)):
        left, right = _work_out(node.left, values), _work_out(node.right, values)
        return left + right if _is_sum(node) else left * right
    raise ValueError(f"An expression has names, whole numbers, + and *, not {ast.unparse(node)!r}.")


def _write(node: ast.expr, name: Callable[[str], str]) -> str:
    if isinstance(node, ast.Name):
        return name(node.id)
    if isinstance(node, ast.Constant):
        return exact(int(str(node.value)))
    if not isinstance(node, ast.BinOp):
        return ast.unparse(node)
    left, right = _write(node.left, name), _write(node.right, name)
    if _is_sum(node):
        return f"{left} + {right}"
    return TIMES.join(f"({text})" if _is_sum(part) else text for part, text in ((node.left, left), (node.right, right)))

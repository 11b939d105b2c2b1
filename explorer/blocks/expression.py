"""Formulas that are written once: shown with names, shown with numbers, and worked out.

An expression is Python's: names, whole numbers, `+`, `-`, `*`, `//` and parentheses, as in "9*channels + 2".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache

from explorer.formulas import Formula
from explorer.units import MINUS, TIMES, exact

_SIGNS: dict[type[ast.operator], str] = {ast.Add: " + ", ast.Sub: f" {MINUS} ", ast.Mult: TIMES, ast.FloorDiv: " // "}
_SUMS = (ast.Add, ast.Sub)


def fill(quantity: str, expression: str, values: Mapping[str, int]) -> Formula:
    """Return the formula of a quantity with these values for its names. An unknown name raises KeyError."""
    tree = _parse(expression)
    result = _work_out(tree, values)
    numbers = _write(tree, lambda name: exact(values[name]))
    return Formula(quantity, _write(tree, str), f"{numbers} = {exact(result)}", result)


def times(*factors: str) -> str:
    """Return the product of some expressions; sums among them get parentheses."""
    return "*".join(f"({factor})" if isinstance(_parse(factor), ast.BinOp) else factor for factor in factors)


def plus(*terms: str) -> str:
    """Return the sum of some expressions, without those that are nothing."""
    return " + ".join(term for term in terms if term != "0") or "0"


@lru_cache(maxsize=1024)
def _parse(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _work_out(node: ast.expr, values: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp):
        left, right = _work_out(node.left, values), _work_out(node.right, values)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.FloorDiv):
            return left // right
    raise ValueError(f"An expression has names, whole numbers, +, -, * and //, not {ast.unparse(node)!r}.")


def _write(node: ast.expr, name: Callable[[str], str]) -> str:
    if isinstance(node, ast.Name):
        return name(node.id)
    if isinstance(node, ast.BinOp):
        left, right = _write(node.left, name), _write(node.right, name)
        if not isinstance(node.op, _SUMS):
            left, right = _in_product(node.left, left), _in_product(node.right, right)
        return f"{left}{_SIGNS[type(node.op)]}{right}"
    return ast.unparse(node)


def _in_product(node: ast.expr, text: str) -> str:
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, (*_SUMS, ast.FloorDiv))
    return f"({text})" if divides else text

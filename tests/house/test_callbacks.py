"""No callback of a page can be ended half-way by the next press."""

from __future__ import annotations

import ast
from pathlib import Path

UI = Path(__file__).resolve().parents[2] / "ui"
HANDED_ON = {"on_click", "on_change", "on_submit", "on_select"}


def test_every_callback_is_whole() -> None:
    """What a widget calls is decorated with `whole`, so that what was typed is kept when another press follows."""
    found, loose = 0, []
    for path in sorted(UI.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        handed: list[ast.expr] = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in HANDED_ON
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                handed += [
                    value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value in HANDED_ON
                ]
        for value in handed:
            if not isinstance(value, ast.Name):
                continue  # "ignore" and "rerun" are words of Streamlit.
            found += 1
            decorators = {ast.unparse(one) for one in functions[value.id].decorator_list}
            if "whole" not in decorators:
                loose.append(f"{path.name}: {value.id}")
    assert found >= 10
    assert loose == []

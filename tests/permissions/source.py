"""What the source begins: the commands that exist, found by reading it."""

from __future__ import annotations

import ast
from pathlib import Path

import inventory
from inventory.people.rules import PERMISSIONS, SYSTEM_COMMANDS

ROOT = Path(inventory.__file__).parent
ELSEWHERE = {
    "import_stock": "tests/exchange/test_stock_list.py",
    "issue_paper": "tests/cli",
    "take_paper": "tests/errands/carrying/test_refusals.py",
}
"""Commands whose input is a file or a printed paper: their roles and scopes are tried where those are made."""


def kinds_in_source() -> set[str]:
    """Return every kind that the source begins or permits."""
    kinds = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                kinds |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "kind" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
                }
                if isinstance(node.func, ast.Name) and node.func.id == "permit" and len(node.args) > 1:
                    second = node.args[1]
                    kinds |= {second.value} if isinstance(second, ast.Constant) else set()
    return kinds & (set(PERMISSIONS) | SYSTEM_COMMANDS | begun())


def begun() -> set[str]:
    """Return the kinds given straight to `begin`."""
    kinds = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "begin":
                for word in node.keywords:
                    if word.arg == "kind" and isinstance(word.value, ast.Constant):
                        kinds.add(word.value.value)
    return kinds

"""The room of the papers stands on the ground floor alone."""

from __future__ import annotations

import ast
from pathlib import Path

import inventory.documents

FOLDER = Path(inventory.documents.__file__).parent
ALLOWED = ("inventory.core", "inventory.documents")


def test_papers_import_no_room_and_no_database() -> None:
    """Papers are printed from plain values: no room, no model, no database; only a PDF signature asks the clock."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                if name.split(".")[0] == "inventory":
                    assert name.startswith(ALLOWED), (path.name, name)
                assert name not in {"inventory.core.database", "inventory.core.work"}
                # A signature under a finished file says when it was made; nothing that is drawn may.
                assert name != "inventory.core.clock" or path.name == "pdf_signature.py"
                assert name.split(".")[0] not in {"sqlalchemy", "streamlit"}

"""The floors of the house: what import-linter proves, and that no room escapes it."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAIN = {"__pycache__", "locale", "fonts", "data"}
"""Folders of inventory/ that hold no code of the house's own, and so stand on no floor."""


def test_imports_go_downward_only() -> None:
    """import-linter keeps all contracts; its cache was seen to tell old news, so it runs without."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", ".importlinter"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_every_room_stands_on_a_floor() -> None:
    """A room that is not in the list of floors would be free to import whatever it likes."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    listed = set(re.findall(r"inventory\.(\w+)", contracts["importlinter:contract:floors"]["layers"]))
    children = (ROOT / "inventory").iterdir()
    rooms = {path.stem for path in children if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))}
    assert rooms - listed - PLAIN - {"__init__"} == set()

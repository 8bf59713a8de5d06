"""The lock files: portable, hashed, and what requirements*.in ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import locks


def test_locks_name_no_address() -> None:
    """No index, no path, no trusted host: everybody installs from where they are."""
    assert locks.addresses() == []


def test_locks_carry_hashes_and_agree_with_what_is_asked_for() -> None:
    """Every pin has its hash, and every top-level name is there in a version that was asked for."""
    assert locks.unhashed() == []
    assert locks.disagreements() == []


def test_compiling_again_changes_no_pin() -> None:
    """The locks are what the compiler makes of the .in files; without an index the top-level pins are compared."""
    found = locks.recompiled()
    assert (locks.disagreements() if found is None else found) == []


@pytest.mark.parametrize(
    ("file", "text", "check"),
    [
        ("requirements.txt", "--index-url https://example.org/simple\n", locks.addresses),
        ("requirements.txt", "streamlit @ file:///tmp/streamlit.whl\n", locks.addresses),
        ("requirements.txt", "nothing==1.0\n", locks.unhashed),
        ("requirements.in", "streamlit==0.1\n", locks.disagreements),
        ("requirements-dev.in", "left-pad\n", locks.disagreements),
    ],
)
def test_a_wrong_lock_is_caught(tmp_path: Path, file: str, text: str, check: object) -> None:
    """Each kind of wrong line is found by its check."""
    for names in locks.PAIRS:
        for name in names:
            shutil.copy(locks.ROOT / name, tmp_path / name)
    with (tmp_path / file).open("a") as target:
        target.write(text)
    assert callable(check)
    assert check(tmp_path) != []

"""Samples of every paper: invented data of real size, marked as demo, signed with a key that nobody trusts."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from inventory.documents.data.reviving import revived
from inventory.documents.data.values import Paper
from inventory.documents.press import PRESSES
from inventory.documents.sign import PaperKey

SAMPLES = Path(__file__).resolve().parent / "samples"
SAMPLE_KEY = PaperKey(bytes(range(1, 33)))
"""Whoever reads this file could sign with it; a check says that the key is unknown."""


@cache
def sample(kind: str) -> Paper:
    """Return the sample of a kind of paper, from `samples/KIND.toml`.

    Raises
    ------
    KeyError
        There is no such kind.
    """
    shape = PRESSES[kind].shape
    values = tomllib.loads((SAMPLES / f"{kind}.toml").read_text("utf-8"))
    paper: Paper = revived(shape, values)
    return paper

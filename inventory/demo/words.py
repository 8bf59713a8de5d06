"""The words and figures of the demo district, out of the files beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from inventory.core.env import Env
from inventory.core.tables import read_table

FOLDER = Path(__file__).resolve().parent


@cache
def demo_words() -> dict[str, Any]:
    """Return `demo.toml`."""
    with (FOLDER / "demo.toml").open("rb") as source:
        return tomllib.load(source)


def demo_table(name: str) -> list[dict[str, str]]:
    """Return a CSV table beside this file as rows of text."""
    return read_table(name, folder=FOLDER)


def pattern(key: str, **facts: Any) -> str:
    """Return a pattern of `demo.toml`, filled."""
    filled: str = demo_words()["patterns"][key].format(**facts)
    return filled


def person(env: Env) -> str:
    """Return an invented name, marked as such."""
    names = demo_words()["names"]
    return pattern("contact", name=env.random.choice(names["surnames"]) + env.random.choice(names["given"]))


def telephone(env: Env) -> str:
    """Return a telephone number that cannot exist."""
    return pattern("phone", number=env.random.randrange(1, 10_000))

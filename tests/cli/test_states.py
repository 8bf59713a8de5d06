"""What people read of a state is its word, what programs read is its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize(("language", "word"), [("en", "Closed"), ("zh_CN", "\u5df2\u95ed\u73af")])
def test_lists_tell_states_in_words(cli: Cli, done: Callable[..., dict[str, Any]], language: str, word: str) -> None:
    """A closed incident is told so in the language, and as a code with --json."""
    assert "closed" in {one["state"] for one in done("incident", "list")["incidents"]}
    lines = cli("incident", "list", "--language", language).out
    assert "closed" not in lines
    assert word in lines


def test_a_count_tells_its_state(cli: Cli, done: Callable[..., dict[str, Any]]) -> None:
    """The count that was handed in is told in words, alone and in the list."""
    number = done("count", "list")["counts"][0]["number"]
    assert "Submitted" in cli("count", "show", number).out
    assert "Submitted" in cli("count", "list").out

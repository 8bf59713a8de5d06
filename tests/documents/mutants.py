"""Papers made bad: every text of a sample replaced, one at a time or all at once."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from inventory.core.errors import BrokenInvariant, Name
from inventory.documents.data.values import BadPaperValue, Paper

Path = tuple[str | int, ...]


def text_paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every text and name of a paper; of a tuple only the first member is followed."""
    if isinstance(value, (str, Name)):
        yield path
    elif isinstance(value, tuple):
        if value:
            yield from text_paths(value[0], (*path, 0))
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from text_paths(getattr(value, field.name), (*path, field.name))


def replaced(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """Return a value with what stands at the end of a path changed."""
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], replaced(value[step], rest, change), *value[step + 1 :])
    return dataclasses.replace(value, **{step: replaced(getattr(value, step), rest, change)})


def with_text(paper: Paper, path: Path, text: str) -> Paper:
    """Return a paper with one text exchanged; raises the refusal of its shape."""
    changed: Paper = replaced(paper, path, lambda old: Name(text, text) if isinstance(old, Name) else text)
    return changed


def all_texts(paper: Paper, paths: list[Path], text: str) -> Paper:
    """Return a paper with every text exchanged that its shape lets be exchanged."""
    for path in paths:
        with contextlib.suppress(BadPaperValue, BrokenInvariant):
            paper = with_text(paper, path, text)
    return paper

"""What the checker finds: a code, the path in the plan, typed facts. The words stand in `sentences`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a plan.

    `path` is the JSON path, or "stock ID" or "demand ID" where a total is meant.
    """

    code: str
    path: str
    facts: dict[str, Any] = field(default_factory=dict)

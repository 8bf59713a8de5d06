"""One canonical form of facts, for fingerprints, the hash chain, plans and papers.

JSON, UTF-8, keys sorted, no spaces, no floats: two nodes that know the same facts write the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """Return `value` with ids, instants and days as text; floats and unknown types raise `TypeError`."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise TypeError(f"naive datetime in facts: {value!r}")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"not a fact: {type(value).__name__} {value!r}")


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of facts."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(value: Any) -> bytes:
    """Return the sha256 (32 bytes) of the canonical form."""
    return hashlib.sha256(canonical(value)).digest()


def instant(text: str) -> dt.datetime:
    """Read an instant as `plain` writes it."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))

"""UUIDv7 made by the application: sortable by time, strictly increasing within one process.

Python 3.11 has no ``uuid.uuid7``. The layout is RFC 9562: 48 bits of milliseconds, then 74 bits (12 + 62 around the
version and variant bits) that start random with the top bit free and count upwards inside one millisecond. A clock
that steps back does not step the identifiers back.
"""

from __future__ import annotations

import os
import threading
import time
import uuid

_TAIL_BITS = 74
_LOW_BITS = 62

_lock = threading.Lock()
_last_ms = 0
_last_tail = 0


def _random_tail() -> int:
    """Return 73 random bits; the free top bit leaves room to count."""
    return int.from_bytes(os.urandom(10), "big") >> 7


def layout(ms: int, tail: int) -> uuid.UUID:
    """Return the UUIDv7 of a time in milliseconds since 1970 and 74 further bits."""
    high, low = tail >> _LOW_BITS, tail & ((1 << _LOW_BITS) - 1)
    return uuid.UUID(int=(ms << 80) | (7 << 76) | (high << 64) | (0b10 << 62) | low)


def uuid7() -> uuid.UUID:
    """Return a UUIDv7 greater than every one made before by this process."""
    global _last_ms, _last_tail
    with _lock:
        ms = max(time.time_ns() // 1_000_000, _last_ms)
        tail = _last_tail + 1 if ms == _last_ms else _random_tail()
        if tail >> _TAIL_BITS:
            ms, tail = ms + 1, _random_tail()
        _last_ms, _last_tail = ms, tail
    return layout(ms, tail)

"""The only caller of ``datetime.now``."""

from __future__ import annotations

import datetime as dt


def utc_now() -> dt.datetime:
    """Return this instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)

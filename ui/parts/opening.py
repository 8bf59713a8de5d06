"""The one store of this process, opened when first asked for."""

from __future__ import annotations

import threading

from inventory.core.env import Env
from inventory.core.settings import Settings
from inventory.core.work import Store
from inventory.upkeep import migrate

_opened: dict[str, Store] = {}
_lock = threading.Lock()


def store() -> Store:
    """Return the store that the environment names (`INVENTORY_HOME`, `DATABASE_URL`), one for all users."""
    settings = Settings()
    with _lock:
        if settings.url not in _opened:
            _opened[settings.url] = Store(settings.url, Env.real(settings.home), lock_seconds=settings.lock_seconds)
        return _opened[settings.url]


def close_stores() -> None:
    """Let the queues run empty and close the connections; last act of the server."""
    with _lock:
        for opened in _opened.values():
            opened.close()
        _opened.clear()


def prepare() -> None:
    """Bring the tables up to date (with a backup of its own before a change); first act of the server."""
    migrate(store())

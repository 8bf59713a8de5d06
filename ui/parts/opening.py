"""The one store of this process, opened when first asked for."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.errors import Refusal
from inventory.core.settings import Settings
from inventory.core.words import LANGUAGES
from inventory.core.work import SYSTEM, Store
from inventory.models import Node
from inventory.speech import say
from inventory.upkeep import check_start, migrate

LOG = logging.getLogger("inventory.ui")
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
    """Bring the tables up to date (with a backup of its own before a change) and check them; first act of the server.

    Raises
    ------
    Refusal
        As `migrate` and `check_start` say it; it is told in words in the log, and the server does not start.
    """
    try:
        migrate(store())
        check_start(store())
    except Refusal as refusal:
        for language in LANGUAGES:
            LOG.error("%s", say(refusal, language))
        raise


def is_founded() -> bool:
    """Return whether the database has a district; a fresh one has not until `init`."""
    with store().reading(SYSTEM) as work:
        return work.connection.execute(select(Node.id).where(Node.here)).first() is not None

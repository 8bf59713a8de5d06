"""Desks for the browser tests: a page, a server, and who sits there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.hands import DEEP_LINK, Desk
from tests.support.browser import Watch
from tests.support.server import Server


@pytest.fixture
def desk(page_of: Callable[..., Page], demo_server: Server, watch: Watch) -> Callable[..., Desk]:
    """Return `desk(locale, server=…, **context)`: another browser at the demo district (or another server)."""
    watch.allow(DEEP_LINK)

    def open_desk(locale: str = "zh-CN", *, server: Server | None = None, **options: Any) -> Desk:
        options.setdefault("viewport", {"width": 1440, "height": 1000})
        return Desk(page_of(locale, **options), server or demo_server)

    return open_desk

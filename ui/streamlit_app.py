"""The one ASGI app: Streamlit's pages behind the door, sign-in and sign-out, files, health, security headers.

`python -m inventory serve` calls `main`; `streamlit run ui/streamlit_app.py` finds `app`. The settings of the pages
stand in `.streamlit/config.toml` at the root of the project; Streamlit reads that file in the current folder only, so
`main` hands every key on and works from any folder.
"""

from __future__ import annotations

import gc
import logging
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # `streamlit run` puts only the folder of this file there.
    sys.path.insert(0, str(ROOT))

import anyio.to_thread  # noqa: E402
import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from streamlit import config as streamlit_config  # noqa: E402

from ui.parts import downloads, gate  # noqa: E402
from ui.parts.headers import KnownAddresses, SecurityHeaders  # noqa: E402
from ui.parts.look import note, show  # noqa: E402
from ui.parts.opening import close_stores, prepare  # noqa: E402
from ui.parts.warm import warm_up  # noqa: E402
from ui.parts.words import _  # noqa: E402

SETTINGS_FILE = ROOT / ".streamlit" / "config.toml"
LOG = logging.getLogger("inventory.ui")


def settings_of_page() -> dict[str, Any]:
    """Return every key of `.streamlit/config.toml` by its dotted name ("runner.postScriptGC": False, …)."""
    with SETTINGS_FILE.open("rb") as source:
        return dict(_dotted(tomllib.load(source), ""))


def _dotted(table: dict[str, Any], before: str) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = f"{before}{key}"
        pairs += _dotted(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return pairs


def _settle() -> None:
    """Set what another way of starting left at its default (`streamlit run` from another folder)."""
    for name, value in settings_of_page().items():
        if not name.startswith("server.") and not streamlit_config.is_manually_set(name):
            streamlit_config.set_option(name, value)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the store and bring its tables up to date, load what the first page needs, close the store at the end."""
    _settle()
    await anyio.to_thread.run_sync(prepare)
    await anyio.to_thread.run_sync(warm_up)
    gc.collect()
    gc.freeze()  # What is imported now leaves every later full collection.
    try:
        yield {}
    finally:
        await anyio.to_thread.run_sync(close_stores)


def log_error(error: Exception) -> bool:
    """Write an uncaught error of a page to the log, and say so in the reader's words instead of Streamlit's box."""
    LOG.error("a page failed", exc_info=error)
    then = _("What was saved is kept. Reload, or go on with another page.")
    show(note("red", _("This page failed."), _("The error is in the server's log."), then))
    return True


app = st.App(
    Path(__file__).with_name("door.py"),
    routes=[*gate.ROUTES, *downloads.ROUTES],
    middleware=[Middleware(SecurityHeaders), Middleware(KnownAddresses)],
    lifespan=lifespan,
    on_script_error=log_error,
)


def main(port: int, address: str) -> None:
    """Serve until stopped, on `port` of `address`, with the settings of the project from whatever folder."""
    # Streamlit takes the script's folder from the command line; without this it would be the folder of `inventory`.
    sys.argv = [str(Path(__file__).resolve())]
    app.run(config={**settings_of_page(), "server.port": port, "server.address": address})


if __name__ == "__main__":
    from inventory.core.settings import Settings

    main(Settings().port, Settings().address)

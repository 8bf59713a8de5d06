"""Settings from the environment, each with its default and its one-sentence meaning. docs/settings.md lists them all.

Settings of the district (norms, limits, hours) live in the database; what stands here must be known before it opens.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


def _text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def _one_of(name: str, said: str, *choices: str) -> str:
    """Return a setting that is one of some words."""
    if said not in choices:
        raise ValueError(f"{name}={said!r} is not one of: {', '.join(choices)}")
    return said


def _with_driver(url: str) -> str:
    """Return a database URL with the driver of PostgreSQL named."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


@dataclass(frozen=True)
class Settings:
    """What the environment decides."""

    home: Path = field(default_factory=lambda: Path(_text("INVENTORY_HOME", "data")).resolve())
    """`INVENTORY_HOME`, default `./data`: the data folder (database, backups, logs)."""

    database_url: str = field(default_factory=lambda: _text("DATABASE_URL", ""))
    """`DATABASE_URL`, default the SQLite file `inventory.db` in the data folder; or `postgresql+psycopg://…`."""

    database_owner_url: str = field(default_factory=lambda: _text("DATABASE_OWNER_URL", ""))
    """`DATABASE_OWNER_URL`, default none: the PostgreSQL role that owns the tables; only migrations sign in as it."""

    port: int = field(default_factory=lambda: int(_text("INVENTORY_PORT", "8501")))
    """`INVENTORY_PORT`, default 8501."""

    address: str = field(default_factory=lambda: _text("INVENTORY_ADDRESS", "127.0.0.1"))
    """`INVENTORY_ADDRESS`, default 127.0.0.1: this machine only. Put a TLS proxy in front before you open it."""

    secure_cookie: bool = field(default_factory=lambda: _text("INVENTORY_SECURE_COOKIE", "0") == "1")
    """`INVENTORY_SECURE_COOKIE`, default 0: set to 1 behind https, so that the cookie never travels in the clear."""

    lock_seconds: int = field(default_factory=lambda: int(_text("INVENTORY_LOCK_SECONDS", "10")))
    """`INVENTORY_LOCK_SECONDS`, default 10: how long a write waits for another process before it is refused."""

    backups_kept: int = field(default_factory=lambda: int(_text("INVENTORY_BACKUPS_KEPT", "10")))
    """`INVENTORY_BACKUPS_KEPT`, default 10: how many backups made by itself before a migration are kept."""

    font_folder: str = field(default_factory=lambda: _text("INVENTORY_FONT_FOLDER", ""))
    """`INVENTORY_FONT_FOLDER`, default none: a folder of the site's own fonts for papers."""

    font_set: str = field(
        default_factory=lambda: _one_of("INVENTORY_FONT_SET", _text("INVENTORY_FONT_SET", "ours"), "ours", "ofl")
    )
    """`INVENTORY_FONT_SET`, default `ours`; `ofl`: papers in fonts under the Open Font License only."""

    paper_certificate: str = field(default_factory=lambda: _text("INVENTORY_PAPER_CERTIFICATE", ""))
    """`INVENTORY_PAPER_CERTIFICATE`, default none: a PKCS#12 file; papers are then signed as PDF files too."""

    paper_certificate_password_file: str = field(
        default_factory=lambda: _text("INVENTORY_PAPER_CERTIFICATE_PASSWORD_FILE", "")
    )
    """`INVENTORY_PAPER_CERTIFICATE_PASSWORD_FILE`, default none: a file whose first line is its password."""

    @property
    def url(self) -> str:
        """Return the database URL with its driver named."""
        return _with_driver(self.database_url) or f"sqlite:///{self.home / 'inventory.db'}"

    @property
    def owner_url(self) -> str:
        """Return the owner's URL with its driver named; empty where the program's own role migrates."""
        return _with_driver(self.database_owner_url)

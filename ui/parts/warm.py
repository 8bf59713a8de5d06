"""Loads what the first page needs before the first user comes: big imports and the catalogues of words."""

from __future__ import annotations

import importlib

from inventory.core.words import LANGUAGES
from ui.parts.downloads import all_offers
from ui.parts.foreign import translations

_SLOW = ("pandas", "pyarrow", "babel.dates", "ui.parts.components", "ui.parts.errand", "ui.parts.tables")


def warm_up() -> None:
    """Import the slow modules and read both catalogues."""
    for module in _SLOW:
        importlib.import_module(module)
    for language in LANGUAGES:
        translations(language)
    all_offers()

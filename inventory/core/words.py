"""Words at the edge: gettext catalogues, English msgids in the source, facts by name.

The catalogues are the `.po` files under `inventory/locale`, compiled in memory with Babel when first asked for, so no
compiled file lies in the repository. `N_` marks a text where it is declared; `speaker(language)` translates it where
it is shown.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from inventory.core.errors import Name

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("zh_CN", "en")
HOME_ZONE = ZoneInfo("Asia/Shanghai")


def N_(msgid: str) -> str:
    """Mark a text for extraction where it is declared; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True)
class Sentence:
    """How a refusal is told: what did not happen, why (with the facts by name), what to do now."""

    what: str
    why: str = ""
    then: str = ""


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Compile the catalogue of `language` ("zh_CN" or "en")."""
    path = LOCALE / language / "LC_MESSAGES" / "inventory.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def speaker(language: str) -> Callable[[str], str]:
    """Return the `_` of a language. An untranslated msgid comes back as it is; the empty text stays empty."""
    translate = catalogue(language).gettext
    return lambda msgid: translate(msgid) if msgid else ""


def choose(names: Name, language: str) -> str:
    """Return the name in the language, Chinese where there is no English one."""
    return names.zh if language.startswith("zh") or not names.en else names.en


def tell(value: Any, language: str) -> str:
    """Return one fact as people read it: names by language, thousands separated, instants in Beijing time."""
    if isinstance(value, Name):
        return choose(value, language)
    if isinstance(value, bool) or value is None:
        return speaker(language)(N_("yes") if value else N_("no"))
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dt.datetime):
        return value.astimezone(HOME_ZONE).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (dt.date, UUID)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return ("、" if language.startswith("zh") else ", ").join(tell(item, language) for item in value)
    return str(value)


def fill(msgid: str, facts: dict[str, Any], language: str) -> str:
    """Return `msgid` translated and filled with its facts."""
    text = speaker(language)(msgid)
    return text % {name: tell(value, language) for name, value in facts.items()} if facts else text % {}

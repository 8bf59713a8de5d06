"""What a Chinese name is found by when somebody types Latin letters: its syllables run together, and their initials."""

from __future__ import annotations

import unicodedata

from pypinyin import Style, lazy_pinyin

PINYIN_MAX = 160


def search_key(name: str) -> str:
    """Return for example "wanshengjiedao wsjd" for the subdistrict Wansheng: lower case, no tone marks, no blanks.

    Latin letters and digits of the name stay as they are. Cut at 160 characters, the length of the column: a search
    key need not be whole.
    """
    plain = unicodedata.normalize("NFKC", name)
    syllables = "".join(lazy_pinyin(plain, errors=_keep))
    initials = "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=_keep))
    return f"{syllables} {initials}"[:PINYIN_MAX]


def _keep(text: str) -> str:
    """Return what is no Chinese sign without its punctuation."""
    return "".join(sign for sign in text.lower() if sign.isalnum())

"""The words of an official letter, whatever they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inventory.documents.drawing.fonts import Role

Style = Literal["paragraph", "heading", "subheading"]
ROLES: dict[Style, Role] = {"paragraph": "body", "heading": "hei", "subheading": "kai"}


@dataclass(frozen=True)
class LetterText:
    """The words of a letter, in order from top to bottom; empty ones leave no gap unless the standard asks for it.

    `joint` are the units that issue it together with `issuer`, `mark_suffix` the word beside several names in the red
    mark. A `command` has no title and no seal: `signers` are (post, name) of whoever stamps it. Printed on
    `both_sides` the imprint stands on an even page. `by_words` widens the spaces between words, not the characters.
    """

    copy_number: str
    urgency: str
    mark: str
    document_number: str
    title: str
    salutation: str
    paragraphs: tuple[tuple[Style, str], ...]
    annex: str
    issuer: str
    date: str
    contact: str
    copies_label: str
    copies: str
    office: str
    printed: str
    seal_place: str
    page: str
    code: str
    qr_text: str
    foot_lines: tuple[str, ...]
    demo: str = ""
    joint: tuple[str, ...] = ()
    mark_suffix: str = ""
    command: bool = False
    signers: tuple[tuple[str, str], ...] = ()
    stamp_place: str = ""
    both_sides: bool = False
    by_words: bool = False

"""Values and cells that several forms of the warehouse share: a party, boxes to tick in a cell, money in words."""

from __future__ import annotations

from inventory.documents.data.values import Override, Party
from inventory.documents.drawing.blocks import PADDING, SignatureBox, put_choices
from inventory.documents.drawing.engine import RED, Sheet
from inventory.documents.drawing.tables import DrawCell
from inventory.documents.drawing.wording import Wording, contact_text
from inventory.documents.form import Note

FEN = 100
CELL_CHOICE_SIZE = 7.5


def party_text(party: Party, wording: Wording) -> str:
    """Return unit, place and contact of a party in one text."""
    parts = (wording.shown(party.unit), wording.shown(party.place), contact_text(party.contact))
    return wording.shown(" ".join(part for part in parts if part))


def choices_of(wording: Wording, key: str) -> tuple[str, ...]:
    """Return the words of boxes to tick; they stand in one text, parted by bars."""
    return tuple(wording.text(key).split("|"))


def choice_cell(choices: tuple[str, ...], ticked: tuple[int, ...] = ()) -> DrawCell:
    """Return what draws boxes to tick into a cell, `ticked` by position from 0."""

    def draw(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
        base = y - height / 2 - CELL_CHOICE_SIZE * 0.36
        put_choices(sheet, x + PADDING, base, choices, CELL_CHOICE_SIZE, ticked)

    return draw


def boxes(form: str, *signers: str, lines: tuple[str, ...] = ("common.signature", "common.time")) -> list[SignatureBox]:
    """Return the boxes to sign of a form, by the keys of their labels."""
    return [SignatureBox(f"{form}.{signer}", lines) for signer in signers]


def override_notes(override: Override | None, wording: Wording) -> tuple[Note, ...]:
    """Return the note that a rule was set aside: who, when, why; nothing where none was."""
    if override is None:
        return ()
    at = wording.instant("common.full_time", override.at)
    text = wording.text("cells.override", by=override.by, at=at, reason=override.reason)
    return (Note(text, size=8.5, colour=RED, gap=4.0),)


def yuan(fen: int) -> str:
    """Return money in yuan, exact to the fen: "1,240.00"."""
    return f"{fen // FEN:,}.{fen % FEN:02d}"


def total_text(fen: int | None, wording: Wording) -> str:
    """Return a sum of money in figures and, in Chinese, in the capital numerals of vouchers; nothing for None."""
    if fen is None:
        return ""
    return wording.text("cells.total", figures=yuan(fen), capitals=capitals(fen))


def capitals(fen: int) -> str:
    """Return money in the capital numerals that cannot be altered by a stroke."""
    chinese = Wording("zh_CN")
    digits, places = chinese.text("cells.capital_digits"), chinese.text("cells.capital_places").split("|")
    groups, whole = chinese.text("cells.capital_groups").split("|"), str(fen // FEN)
    text, zero, open_group = "", False, False
    for number, digit in enumerate(whole):
        group, place = divmod(len(whole) - 1 - number, 4)
        if digit != "0":
            text += (digits[0] if zero else "") + digits[int(digit)] + places[place]
            zero, open_group = False, True
        else:
            zero = bool(text)
        if place == 0 and open_group:
            # Ten thousands of a hundred million say the hundred million once, after the units of it.
            sign = groups[1] if group == 3 and int(whole[-12:-8]) else groups[group]
            text, open_group = text + sign, False
    yuan_sign, jiao_sign, fen_sign, even = chinese.text("cells.capital_money").split("|")
    text = text + yuan_sign if text else ""
    jiao, rest = divmod(fen % FEN, 10)
    if jiao:
        text += digits[jiao] + jiao_sign
    elif rest and text:
        text += digits[0]
    if rest:
        return text + digits[rest] + fen_sign
    return (text or digits[0] + yuan_sign) + even

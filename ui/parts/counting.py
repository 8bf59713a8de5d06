"""What a counting page keeps while somebody counts, and how a scan finds its line. No drawing here.

The numbers themselves are in the database after every press. The page keeps only where the hand is, which scans are
done, and the way back; losing it loses nothing that was counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID, uuid5

import streamlit as st

from inventory.core.work import Work
from inventory.stocktaking.commands import read_count
from inventory.stocktaking.keeping import add_to_count, mark_line, my_reading
from inventory.stocktaking.queries import CountSheet, MyReading, SheetLine
from inventory.stocktaking.rules import as_packs
from ui.parts.components import Told

_SCANS = UUID("0d6d6a1c-8f0e-5a60-9a5b-6a0f5f0c2b11")
SCANS_KEPT = 50
TIMES_MAX = 999
"""Packs that one scan may add ("999*"); more is a slip of the finger."""


@dataclass
class Hand:
    """Where the hand is in one count. One plain object: it is changed with no access to the session in between."""

    current: UUID | None = None
    turn: int = 0
    done: list[str] = field(default_factory=list)
    last: Told | None = None
    undo: list[tuple[UUID, MyReading]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    """Codes that nothing here has, with the time of the scan."""


def hand_of(count_id: UUID) -> Hand:
    """Return what this session keeps of a count."""
    return cast(Hand, st.session_state.setdefault(f"hand.{count_id}", Hand()))


def factor_of(line: SheetLine) -> int:
    """Return how many base units the pack of a line holds; 1 when its item has none."""
    return line.packs[0].factor if line.packs else 1


def entered(line: SheetLine) -> tuple[int, int] | None:
    """Return the packs and loose units that this person entered last; None when nothing."""
    if line.mine is None:
        return None
    return as_packs(line.mine.quantity, packs=line.mine.packs, factor=factor_of(line))


def is_open(line: SheetLine) -> bool:
    """Return whether the line still waits for a number (or a word) of this person or a colleague."""
    return line.to_recount or not (line.counted or line.not_found or line.left_out)


def state_of(line: SheetLine) -> str:
    """Return the key of the line's state in the vocabulary of statuses."""
    if line.to_recount:
        return "recount"
    if line.counted:
        return "counted"
    return "missing" if line.not_found else "left_out" if line.left_out else "todo"


def line_after(sheet: CountSheet, line_id: UUID | None) -> SheetLine | None:
    """Return the next line that is open, from this one on and round to it again; None when none is."""
    ids = [line.id for line in sheet.lines]
    start = ids.index(line_id) + 1 if line_id in ids else 0
    round_trip = [*sheet.lines[start:], *sheet.lines[:start]]
    return next((line for line in round_trip if is_open(line)), None)


def split_scan(text: str) -> tuple[int | None, str]:
    """Return how many packs a scan asks for (None without a prefix) and its code: "3*4711" is (3, "4711")."""
    times, star, code = text.rpartition("*")
    if star and times.strip().isdecimal() and 0 < int(times) <= TIMES_MAX:
        return int(times), code.strip().upper()
    return None, text.strip().upper()


def lines_of_code(sheet: CountSheet, code: str, barcodes: dict[str, UUID]) -> list[SheetLine]:
    """Return the lines that a code means: of a line label, a lot, a device, an item, the barcode of a pack, a bin."""
    for wanted in (
        [line for line in sheet.lines if line.label == code],
        [line for line in sheet.lines if line.lot == code],
        [line for line in sheet.lines if line.device == code],
        [line for line in sheet.lines if line.batch.upper() == code],
        [line for line in sheet.lines if line.item_code.upper() == code],
        [line for line in sheet.lines if line.item_id == barcodes.get(code)],
        [line for line in sheet.lines if line.place.upper() == code],
    ):
        if wanted:
            return wanted
    return []


def choose_line(found: Sequence[SheetLine], current: UUID | None) -> tuple[SheetLine, bool]:
    """Return the line a scan means, and whether that is certain: the current one, the only one, or the first open."""
    for line in found:
        if line.id == current:
            return line, True
    return next((line for line in found if is_open(line)), found[0]), len(found) == 1


def reading_id(count_id: UUID, scan_id: str) -> UUID:
    """Return the id of what a scan adds: the same scan is the same reading, however often it arrives."""
    return uuid5(_SCANS, f"{count_id}/{scan_id}")


@dataclass(frozen=True)
class Change:
    """A line before and after a press; `before` None when nothing had been entered."""

    line_id: UUID
    before: MyReading | None
    again: bool


def enter(
    work: Work, *, id: UUID, line_id: UUID, quantity: int, packs: int | None = None, loose: int | None = None
) -> Change:
    """Save a number; what stood there before comes back, for the way back."""
    before = my_reading(work, line_id=line_id)
    saved = read_count(work, id=id, line_id=line_id, quantity=quantity, packs=packs, loose=loose)
    return Change(line_id, before, saved.again)


def add(work: Work, *, id: UUID, line_id: UUID, factor: int, packs: int = 0, loose: int = 0) -> Change:
    """Add to a number; what stood there before comes back."""
    before = my_reading(work, line_id=line_id)
    saved = add_to_count(work, id=id, line_id=line_id, factor=factor, packs=packs, loose=loose)
    return Change(line_id, before, saved.again)


def mark(work: Work, *, line_id: UUID, mark: str | None) -> bool:
    """Mark a line as not found or left out, or take the mark away."""
    mark_line(work, line_id=line_id, mark=mark)
    return True


def remember(hand: Hand, change: Change) -> None:
    """Keep the way back of a press. A first entry has none: it is corrected, never erased."""
    if change.before is not None and not change.again:
        hand.undo.append((change.line_id, change.before))

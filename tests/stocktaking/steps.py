"""Steps that the stories of stocktaking share."""

from __future__ import annotations

from uuid import UUID

from inventory.stocktaking.commands import (
    approve_count,
    open_count,
    post_count,
    read_count,
    recount_line,
    submit_count,
)
from inventory.stocktaking.queries import CountSheet, SheetLine, count_sheet
from tests.support.small_district import District


def opened(district: District, login: str = "wang", **asked: object) -> UUID:
    """Open a count of the store and return its id."""
    return UUID(district.do(login, open_count, site_id=district.site, **asked).outcome["count"])


def line_of(district: District, count_id: UUID, lot: str, place: str, login: str = "wang") -> SheetLine:
    """Return the line of a lot (by its batch) at a place, as the login sees it."""
    sheet: CountSheet = district.see(login, count_sheet, count_id=count_id)
    [line] = [one for one in sheet.lines if (one.batch, one.place) == (lot, place)]
    return line


def read_all(district: District, count_id: UUID, counted: dict[str, int], login: str = "wang") -> None:
    """Read every line of a sheet; `counted` gives quantities by batch."""
    for line in district.see(login, count_sheet, count_id=count_id).lines:
        district.do(login, read_count, line_id=line.id, quantity=counted[line.batch])


def to_approved(district: District, count_id: UUID, counted: dict[str, int]) -> None:
    """Bring a count through reading by wang, recount by li, approval by keeper."""
    read_all(district, count_id, counted)
    district.do("wang", submit_count, count_id=count_id)
    for line in district.see("li", count_sheet, count_id=count_id).lines:
        if line.to_recount:
            district.do("li", recount_line, line_id=line.id, quantity=counted[line.batch])
    district.do("keeper", approve_count, count_id=count_id)


def posted(district: District, count_id: UUID, counted: dict[str, int]) -> None:
    """Bring a count all the way."""
    to_approved(district, count_id, counted)
    district.do("keeper", post_count, count_id=count_id)

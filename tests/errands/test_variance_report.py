"""The variance report of a count, on both databases: what it tells, when it is revised, and who may never see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.errors import WrongState
from inventory.core.work import Store
from inventory.errands.papers import paper_pdf
from inventory.ledger.commands import move_stock
from inventory.models import Paper
from inventory.people.rules import NotPermitted
from inventory.stocktaking.commands import (
    add_found,
    approve_count,
    cancel_count,
    post_count,
    read_count,
    recount_line,
    submit_count,
)
from inventory.stocktaking.queries import count_sheet
from inventory.stocktaking.rules import BookHidden
from tests.stocktaking.steps import line_of, opened, read_all
from tests.support import small_district
from tests.support.small_district import District


@pytest.fixture
def store(make_database: Callable[..., str], env: Env) -> Iterator[Store]:
    """A store that starts from the small district."""
    opened_store = Store(make_database("small-district", small_district.build), env)
    yield opened_store
    opened_store.close()


@pytest.fixture
def district(store: Store) -> District:
    """The small district."""
    return District(store)


BOOK = {"T1": 100, "W1": 240, "R1": 1, "T2": 60}


def report(district: District, count_id: UUID, login: str = "keeper") -> bytes:
    """Print the report as somebody."""
    actor = district.actor(login)
    return paper_pdf(district.store, actor, kind="variance_report", subject_id=count_id)


def kept(district: District, count_id: UUID) -> list[dict[str, Any]]:
    """Return the issued data of a count's report, by revision."""
    query = select(Paper.data).where(Paper.kind == "variance_report", Paper.subject_id == count_id)
    query = query.order_by(Paper.revision)
    return [json.loads(one) for one in district.read(lambda work: list(work.connection.scalars(query)))]


def told(paper: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what a report tells of each line."""
    fields = ("lot", "bin", "book", "first", "recount", "moved_in", "moved_out")
    return [(*(line[field] for field in fields), tuple(line["marks"])) for line in paper["lines"]]


def counted(district: District) -> UUID:
    """Count while goods move: 20 tents leave A-01 before it is counted, 10 after; 2 tents of T1 are missing."""
    tents, bins = district.lots()["T1"], district.bins()
    count_id = opened(district)
    moves = {"site_id": district.site, "lot_id": tents, "from_place_id": bins["A-01"], "to_place_id": bins["STAGING"]}
    district.do("wang", move_stock, quantity=20, **moves)
    read_all(district, count_id, BOOK | {"T1": 78, "T2": 57})
    district.do("wang", move_stock, quantity=10, **moves)
    district.do("wang", submit_count, count_id=count_id)
    return count_id


def test_the_report_follows_the_count_to_its_posting(district: District) -> None:
    """Book as of the counting, both counts apart, what moved meanwhile; who signed; each step is a revision."""
    count_id = counted(district)
    report(district, count_id)
    for line in district.see("li", count_sheet, count_id=count_id).lines:
        if line.to_recount:
            district.do("li", recount_line, line_id=line.id, quantity={"T1": 68, "T2": 60}[line.batch])
    report(district, count_id)
    district.do("keeper", approve_count, count_id=count_id)
    report(district, count_id)
    district.do("keeper", post_count, count_id=count_id)
    last = report(district, count_id)
    assert report(district, count_id, login="auditor") == last
    waiting, recounted, approved, posted = kept(district, count_id)
    hidden = ("waits_for_recount",)
    assert told(waiting) == [
        ("T1", "A-01", None, None, None, 0, 0, hidden),
        ("T2", "A-02", None, None, None, 0, 0, hidden),
    ]
    lines = [("T1", "A-01", 70, 78, 68, 0, 30, ()), ("T2", "A-02", 60, 57, 60, 0, 0, ())]
    assert [told(paper) for paper in (recounted, approved, posted)] == [lines] * 3
    assert [paper["state"] for paper in (waiting, recounted, approved, posted)] == [
        "review",
        "review",
        "approved",
        "posted",
    ]
    assert (posted["lines_total"], posted["lines_agreeing"]) == (4, 3)
    assert (posted["counters"], posted["recounters"], posted["approver"]) == (["wang"], ["li"], "keeper")
    assert recounted["approver"] == ""
    assert posted["number"] == district.see("keeper", count_sheet, count_id=count_id).number
    assert [paper["revision"] for paper in (waiting, recounted, approved, posted)] == [1, 2, 3, 4]


def test_nobody_who_counts_sees_the_report(district: District) -> None:
    """While it is counted the book is hidden from all; then clerks and duty are refused; cancelled: none."""
    count_id = opened(district)
    with pytest.raises(BookHidden):
        report(district, count_id)
    read_all(district, count_id, BOOK | {"T1": 78})
    district.do("wang", submit_count, count_id=count_id)
    report(district, count_id, login="manager")
    for login in ("wang", "li", "duty"):
        with pytest.raises(NotPermitted):
            report(district, count_id, login=login)
    sheet = paper_pdf(district.store, district.actor("li"), kind="count_sheet", subject_id=count_id)
    assert sheet[:5] == b"%PDF-"
    district.do("keeper", cancel_count, count_id=count_id, why="wrong site")
    with pytest.raises(WrongState):
        report(district, count_id)


def test_a_count_without_a_difference_has_a_report_too(district: District) -> None:
    """All lines agree: nothing to list, and still a paper to sign."""
    count_id = opened(district)
    read_all(district, count_id, BOOK)
    district.do("wang", submit_count, count_id=count_id)
    line = line_of(district, count_id, "T1", "A-01", login="li")
    assert not line.to_recount
    assert report(district, count_id)[:5] == b"%PDF-"
    [paper] = kept(district, count_id)
    assert (paper["lines"], paper["lines_agreeing"], paper["lines_total"]) == ([], 4, 4)


def test_goods_that_the_books_did_not_know_stay_marked(district: District) -> None:
    """Found goods are marked before the posting and after it, when they have a lot; so is what was left out."""
    count_id = opened(district)
    bins = district.bins()
    line = district.do("wang", add_found, count_id=count_id, place_id=bins["A-03"], item_id=district.item("tent"))
    district.do("wang", read_count, line_id=UUID(line.outcome["line"]), quantity=5)
    lines = {one.batch: one for one in district.see("wang", count_sheet, count_id=count_id).lines}
    for batch in ("T1", "W1", "T2"):
        district.do("wang", read_count, line_id=lines[batch].id, quantity=BOOK[batch])
    district.do("wang", submit_count, count_id=count_id, left_out=[lines["R1"].id])
    for one in district.see("li", count_sheet, count_id=count_id).lines:
        if one.to_recount:
            district.do("li", recount_line, line_id=one.id, quantity=5)
    wanted = [
        ("R1", "A-03", None, None, None, 0, 0, ("left_out",)),
        ("", "A-03", 0, 5, 5, 0, 0, ("found",)),
    ]
    report(district, count_id)
    assert told(kept(district, count_id)[-1]) == wanted
    district.do("keeper", approve_count, count_id=count_id)
    district.do("keeper", post_count, count_id=count_id)
    report(district, count_id)
    posted = kept(district, count_id)[-1]
    assert [(line[2:], line[1]) for line in told(posted)] == [(line[2:], line[1]) for line in wanted]
    assert posted["lines"][1]["lot"] != ""

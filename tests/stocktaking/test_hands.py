"""Whose hands: two on one count, recounts by another, approval by a third, pages that are stale, roles."""

from __future__ import annotations

import datetime as dt

import pytest

from inventory.core.errors import StalePage
from inventory.people.rules import FourEyes, NotPermitted
from inventory.stocktaking import rules
from inventory.stocktaking.commands import (
    approve_count,
    open_count,
    order_recount,
    post_count,
    read_count,
    recount_line,
    submit_count,
)
from inventory.stocktaking.queries import count_sheet
from inventory.stocktaking.reviewing import count_review
from tests.stocktaking.steps import line_of, opened, read_all
from tests.support.small_district import District

BOOK = {"T1": 100, "W1": 240, "R1": 1, "T2": 60}
MINUTE = dt.timedelta(minutes=1)


def test_two_people_on_one_count(district: District) -> None:
    """Both read the same line: both readings are kept, the last counts, each sees only his own."""
    count_id = opened(district)
    read_all(district, count_id, BOOK | {"T1": 97})
    line = line_of(district, count_id, "T1", "A-01", login="li")
    assert line.counted
    assert line.counted_by.zh == "wang"
    assert line.mine is None
    district.do("li", read_count, line_id=line.id, quantity=98)
    district.do("li", submit_count, count_id=count_id)
    review = district.see("keeper", count_review, count_id=count_id)
    [seen] = [one for one in review.lines if one.line_id == line.id]
    assert [(one.by.zh, one.quantity) for one in seen.readings] == [("wang", 97), ("li", 98)]
    assert (seen.counted, seen.difference) == (98, -2)
    for login in ("wang", "li"):
        with pytest.raises(rules.NotYourRecount):
            district.do(login, recount_line, line_id=line.id, quantity=98)
    district.do("zhao", recount_line, line_id=line.id, quantity=99)
    district.do("zhao", recount_line, line_id=line.id, quantity=100)
    with pytest.raises(rules.NoRecountAsked):
        district.do("li", recount_line, line_id=line.id, quantity=3)
    for login in ("wang", "li", "zhao"):
        with pytest.raises(NotPermitted):
            district.do(login, approve_count, count_id=count_id)
    district.do("keeper", approve_count, count_id=count_id)
    assert district.do("keeper", post_count, count_id=count_id).outcome["differing"] == 0


def test_who_counted_does_not_approve(district: District) -> None:
    """A keeper who counted or recounted any line is refused as approver; another one is not."""
    count_id = opened(district, login="keeper")
    read_all(district, count_id, BOOK | {"T1": 99}, login="wang")
    line = line_of(district, count_id, "W1", "A-02", login="keeper")
    district.do("keeper", read_count, line_id=line.id, quantity=240)
    district.do("wang", submit_count, count_id=count_id)
    tents = line_of(district, count_id, "T1", "A-01", login="manager")
    with pytest.raises(rules.RecountsOpen):
        district.do("keeper", approve_count, count_id=count_id)
    district.do("manager", recount_line, line_id=tents.id, quantity=99)
    for login, capacity in (("keeper", "counter"), ("manager", "recounter")):
        with pytest.raises(FourEyes) as refused:
            district.do(login, approve_count, count_id=count_id)
        assert (refused.value.role, refused.value.other_role) == ("approver", capacity)


def test_two_clerks_may_recount_each_other(district: District) -> None:
    """Each counted a line and recounts the other's."""
    count_id = opened(district)
    lines = {line.batch: line.id for line in district.see("wang", count_sheet, count_id=count_id).lines}
    for batch, login in (("T1", "wang"), ("T2", "li"), ("W1", "wang"), ("R1", "li")):
        district.do(login, read_count, line_id=lines[batch], quantity=BOOK[batch] - (batch in ("T1", "T2")))
    district.do("li", submit_count, count_id=count_id)
    for batch, counter, other in (("T1", "wang", "li"), ("T2", "li", "wang")):
        with pytest.raises(rules.NotYourRecount):
            district.do(counter, recount_line, line_id=lines[batch], quantity=0)
        district.do(other, recount_line, line_id=lines[batch], quantity=BOOK[batch] - 1)
    district.do("keeper", approve_count, count_id=count_id)


def test_a_stale_page_is_refused(district: District) -> None:
    """Who approves must have seen the last recount."""
    count_id = opened(district)
    read_all(district, count_id, BOOK | {"T1": 90})
    district.do("wang", submit_count, count_id=count_id)
    seen = district.see("keeper", count_review, count_id=count_id).seen
    line = line_of(district, count_id, "T1", "A-01", login="li")
    district.do("li", recount_line, line_id=line.id, quantity=95)
    with pytest.raises(StalePage):
        district.do("keeper", approve_count, count_id=count_id, seen=seen)
    seen = district.see("keeper", count_review, count_id=count_id).seen
    district.do("keeper", approve_count, count_id=count_id, seen=seen)


def test_sent_back_for_a_recount(district: District) -> None:
    """The approver sends lines back; it cannot be handed in before another person has counted them again."""
    count_id = opened(district)
    read_all(district, count_id, BOOK)
    district.do("wang", submit_count, count_id=count_id)
    line = line_of(district, count_id, "T1", "A-01", login="li")
    district.do("keeper", order_recount, count_id=count_id, line_ids=[line.id], why="the shelf was moved")
    with pytest.raises(rules.RecountsOpen):
        district.do("wang", submit_count, count_id=count_id)
    with pytest.raises(rules.LineSubmitted):
        district.do("li", read_count, line_id=line.id, quantity=3)
    district.do("li", recount_line, line_id=line.id, quantity=99)
    done = district.do("wang", submit_count, count_id=count_id)
    assert done.outcome["recount"] == 0, "what a second person has counted goes to the approver"
    district.do("keeper", approve_count, count_id=count_id)
    assert district.do("keeper", post_count, count_id=count_id).outcome["lost"] == 1


def test_only_who_may_in_this_store(district: District) -> None:
    """A duty officer does not count; a count needs something to count; kinds are closed."""
    with pytest.raises(NotPermitted):
        district.do("duty", open_count, site_id=district.site)
    with pytest.raises(rules.NothingToCount):
        district.do("wang", open_count, site_id=district.other_site)
    with pytest.raises(rules.UnknownWay):
        district.do("wang", open_count, site_id=district.site, kind="guess")
    narrow = opened(district, place_ids=[district.bins()["A-02"]], item_ids=[district.item("water")])
    [line] = district.see("wang", count_sheet, count_id=narrow).lines
    assert (line.batch, line.place) == ("W1", "A-02")
    with pytest.raises(NotPermitted):
        district.do("duty", read_count, line_id=line.id, quantity=1)

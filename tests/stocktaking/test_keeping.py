"""Presses while somebody counts: each adds once, none below zero, marks are drafts that handing in takes over."""

from __future__ import annotations

import pytest

from inventory.core.errors import WrongState
from inventory.core.quantities import NotAQuantity
from inventory.stocktaking.commands import cancel_count, read_count, submit_count
from inventory.stocktaking.keeping import add_to_count, mark_line, my_reading
from inventory.stocktaking.queries import count_sheet
from inventory.stocktaking.rules import AlreadyCounted, UnknownWay, as_packs
from tests.stocktaking.steps import line_of, opened
from tests.support.small_district import District


def test_the_same_press_adds_once(district: District) -> None:
    """Adding goes on from what the person entered last; the same id again changes nothing."""
    water = line_of(district, opened(district), "W1", "A-02")
    first, second = district.store.env.new_id(), district.store.env.new_id()
    for id in (first, second, second, first):
        district.do("wang", add_to_count, id=id, line_id=water.id, factor=24, packs=3)
    district.do("wang", add_to_count, line_id=water.id, factor=24, packs=-1, loose=5)
    mine = district.see("wang", my_reading, line_id=water.id)
    assert (mine.quantity, mine.packs, mine.loose) == (5 * 24 + 5, 5, 5)


def test_each_person_adds_to_the_own_number(district: District) -> None:
    """What a colleague entered is not built upon: it would tell his number."""
    water = line_of(district, opened(district), "W1", "A-02")
    district.do("wang", read_count, line_id=water.id, quantity=100)
    district.do("li", add_to_count, line_id=water.id, factor=24, packs=1)
    assert district.see("li", my_reading, line_id=water.id).quantity == 24
    assert district.see("wang", my_reading, line_id=water.id).quantity == 100


def test_nothing_goes_below_zero(district: District) -> None:
    """A step below zero is refused, not cut off."""
    tents = line_of(district, opened(district), "T1", "A-01")
    with pytest.raises(NotAQuantity):
        district.do("wang", add_to_count, line_id=tents.id, factor=1, loose=-1)
    assert district.see("wang", my_reading, line_id=tents.id) is None


def test_marks_are_taken_over_when_the_count_is_handed_in(district: District) -> None:
    """A marked line counts as not found; the mark is seen by everybody before, and can be taken away."""
    count_id = opened(district)
    lines = {one.batch: one for one in district.see("wang", count_sheet, count_id=count_id).lines}
    for batch in ("T1", "W1", "T2"):
        district.do("wang", read_count, line_id=lines[batch].id, quantity=1)

    def mark(word: str | None) -> None:
        radio = lines["R1"].id
        district.store.write(district.actor("wang"), lambda work: mark_line(work, line_id=radio, mark=word))

    mark("left_out")
    mark(None)
    assert not line_of(district, count_id, "R1", "A-03", "li").left_out
    mark("not_found")
    assert line_of(district, count_id, "R1", "A-03", "li").not_found
    done = district.do("wang", submit_count, count_id=count_id, not_found=[lines["R1"].id])
    assert done.outcome["lines"] == 4
    assert line_of(district, count_id, "R1", "A-03").handed_in


def test_marks_are_refused_where_they_say_nothing_true(district: District) -> None:
    """A counted line cannot be missing, a word must be known, a closed count takes no marks."""
    count_id = opened(district)
    tents, water = (line_of(district, count_id, *what) for what in (("T1", "A-01"), ("W1", "A-02")))
    district.do("wang", read_count, line_id=tents.id, quantity=1)
    actor = district.actor("wang")
    with pytest.raises(AlreadyCounted):
        district.store.write(actor, lambda work: mark_line(work, line_id=tents.id, mark="not_found"))
    with pytest.raises(UnknownWay):
        district.store.write(actor, lambda work: mark_line(work, line_id=water.id, mark="eaten"))
    district.do("keeper", cancel_count, count_id=count_id, why="wrong site")
    with pytest.raises(WrongState):
        district.store.write(actor, lambda work: mark_line(work, line_id=water.id, mark="not_found"))


def test_a_quantity_is_split_as_it_was_entered() -> None:
    """Packs and loose units come back as typed; what was not entered in packs of this size is all loose."""
    assert as_packs(77, packs=3, factor=24) == (3, 5)
    assert as_packs(77, packs=None, factor=24) == (0, 77)
    assert as_packs(20, packs=1, factor=24) == (0, 20)
    assert as_packs(7, packs=None, factor=1) == (0, 7)

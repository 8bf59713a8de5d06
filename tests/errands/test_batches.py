"""Many issued papers as one file, the manner of an order, and characters that no font has, on both databases."""

from __future__ import annotations

from uuid import UUID, uuid4

import pypdfium2
import pytest
from sqlalchemy import func, select, update

from inventory.core.errors import NotFound
from inventory.core.work import SYSTEM, Store
from inventory.documents.batch import PAPERS_MAX, NothingToPrint, TooMuchAtOnce
from inventory.errands.batches import papers_together
from inventory.models import AccessLog, Paper, Site
from inventory.people.commands import change_setting
from inventory.people.rules import NotPermitted
from tests.dispatch.steps import approved, asked_for, opened
from tests.errands.trust import print_order
from tests.support.district import District, found

Orders = tuple[District, list[UUID]]


@pytest.fixture
def orders(store: Store) -> Orders:
    """A district with three orders, none of them printed."""
    district = found(store)
    district.stock("TENT", "CENTRAL", 40)
    incident = opened(district)
    return district, [approved(district, asked_for(district, incident, {"TENT": amount}))[0] for amount in (3, 4, 5)]


def text_of(pdf: bytes) -> str:
    """Return all text of a file."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def issued(district: District) -> int:
    """Return how many papers were issued."""
    return district.store.read(SYSTEM, lambda work: work.session.scalar(select(func.count()).select_from(Paper)) or 0)


def choose(district: District, key: str, value: str) -> None:
    """Change a setting of the district."""
    district.do("manager", change_setting, key=key, value=value)


def test_orders_are_issued_and_printed_together(orders: Orders) -> None:
    """Each is issued once and noted; printed together again or alone, they are the papers that were issued."""
    district, ids = orders
    keeper, store = district.people["commander"], district.store
    made = papers_together(store, keeper, kind="dispatch_order", subject_ids=[*ids, ids[0]])
    assert len(made.parts) == 3
    assert issued(district) == 3
    noted = select(func.count()).select_from(AccessLog).where(AccessLog.action == "print_dispatch_order")
    assert store.read(SYSTEM, lambda work: work.session.scalar(noted)) == 3
    again = papers_together(store, keeper, kind="dispatch_order", subject_ids=ids)
    assert again.pdf == made.pdf
    assert issued(district) == 3
    alone = print_order(district, ids[1])
    assert made.parts[1].code in text_of(alone.pdf)
    lists = papers_together(store, keeper, kind="pick_list", subject_ids=ids, language="both")
    assert [part.number for part in lists.parts] == [part.number for part in made.parts]


def test_one_that_may_not_be_printed_stops_all(orders: Orders) -> None:
    """Nothing is issued when one of the documents is unknown or not for this person, none is named, or too many are."""
    district, ids = orders
    store = district.store
    with pytest.raises((NotFound, NotPermitted)):
        papers_together(store, district.people["commander"], kind="dispatch_order", subject_ids=[*ids, uuid4()])
    with pytest.raises(NotPermitted):
        papers_together(store, district.people["system"], kind="dispatch_order", subject_ids=ids)
    with pytest.raises(NothingToPrint):
        papers_together(store, district.people["commander"], kind="dispatch_order", subject_ids=[])
    many = [uuid4() for _ in range(PAPERS_MAX + 1)]
    with pytest.raises(TooMuchAtOnce):
        papers_together(store, district.people["commander"], kind="dispatch_order", subject_ids=many)
    assert issued(district) == 0


def test_an_order_keeps_the_manner_in_which_it_was_issued(orders: Orders) -> None:
    """A district that goes over to commands and one list prints new orders so; an issued one stays what it is."""
    district, (first, second, _) = orders
    letter = print_order(district, first)
    assert "\u6587\u4ef6" in text_of(letter.pdf)
    assert "\u7b2c\u4e09\u8054 \u56de\u6267" in text_of(letter.pdf)

    choose(district, "order_format", "command")
    choose(district, "order_copies", "no")
    assert print_order(district, first).pdf == letter.pdf
    assert print_order(district, first).revision == 1
    command = text_of(print_order(district, second).pdf)
    assert "\u7b7e\u540d\u7ae0" in command
    assert "\u7b2c\u4e09\u8054" not in command


def test_a_character_that_no_font_has_is_told(orders: Orders) -> None:
    """Whoever prints is told, the first time and when the kept file is given again."""
    district, (order_id, *_) = orders
    strange = update(Site).where(Site.id == district.sites["SHELTER"]).values(address="\u6751\U0002a700")
    district.store.write(SYSTEM, lambda work: work.connection.execute(strange) and None)
    for _ in range(2):
        made = print_order(district, order_id)
        assert made.missing == ("U+2A700",)
    assert "U+2A700" in text_of(made.pdf)
    together = papers_together(
        district.store, district.people["commander"], kind="dispatch_order", subject_ids=[order_id]
    )
    assert together.missing == ("U+2A700",)

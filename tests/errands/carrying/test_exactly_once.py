"""A paper is booked once: read twice, on two telephones, after a restore, beside one by hand, handed back twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from inventory.core.errors import Refusal, StalePage
from inventory.core.work import SYSTEM, Work
from inventory.dispatch.carried import handing_back_id, taking_id
from inventory.dispatch.handing_back import ReceivedOtherwise, takings
from inventory.dispatch.receiving import receive_shipment
from inventory.dispatch.rules import Received
from inventory.dispatch.taking import TakenOtherwise, take_paper
from inventory.dispatch.tracking import carried_lines, shipment
from inventory.dispatch.typed import TypedUnsigned, read_typed
from inventory.errands.carried_facts import data_page_paper
from inventory.errands.reading_papers import typed_consignment
from inventory.models import Journal, Lot, Movement, SignOff
from inventory.people.journal import Done
from tests.errands.carrying.nodes import Node, new_node, scanned, sent, stated_lines

GOODS = {"TENT": 12, "QUILT": 5}


@pytest.fixture
def shipment_id(district: Node) -> UUID:
    """Return a consignment on its way to the town."""
    return sent(district, GOODS)


@pytest.fixture
def texts(district: Node, town: Node, shipment_id: UUID) -> list[str]:
    """Return the codes of its data page, as a camera reads them."""
    return scanned(district.printed("data_page", shipment_id))


def counts(node: Node) -> tuple[int, int, int]:
    """Return how many entries that book goods, movements and lots a node has."""

    def look(work: Work) -> tuple[int, int, int]:
        def count(table: type, *where: object) -> int:
            return int(work.connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())  # type: ignore[arg-type]

        kinds = ("take_paper", "receive_shipment")
        return count(Journal, Journal.kind.in_(kinds)), count(Movement), count(Lot)

    return node.store.read(SYSTEM, look)


def refused(job: Callable[[], Done]) -> Refusal:
    """Return how something is refused."""
    with pytest.raises(Refusal) as caught:
        job()
    return caught.value


def page_of(district: Node, shipment_id: UUID, *, less: int = 0) -> Callable[[], Done]:
    """Open the page of the consignment at the sender; return its button, of the first line so many less."""
    lines = district.district.ask(carried_lines, shipment_id=shipment_id)
    seen = district.district.ask(shipment, shipment_id=shipment_id).seen
    stated = [
        Received(one.order_line_id, one.lot_id, one.quantity - (less if at == 0 else 0)) for at, one in enumerate(lines)
    ]
    return lambda: district.district.do("receiver", receive_shipment, shipment_id=shipment_id, seen=seen, lines=stated)


def test_read_again_it_is_done_already(district: Node, town: Node, texts: list[str]) -> None:
    """By the same person, by another one with another note: one entry, one receipt number, nothing added."""
    first = town.take(texts, {"TENT": (11, 1)})
    before = counts(town)
    for who, note in (("clerk_east", ""), ("receiver", "from the other telephone"), ("keeper", "")):
        again = town.take(texts, {"TENT": (11, 1)}, who=who, note=note)
        assert again.again
        assert again.id == first.id
        assert again.outcome == first.outcome
    assert counts(town) == before
    town.sound()


def test_two_telephones_at_the_same_moment(town: Node, texts: list[str]) -> None:
    """Four people press at once: one entry, and everybody is told the same receipt."""
    people = ["clerk_east", "receiver", "keeper", "manager"]
    with ThreadPoolExecutor(len(people)) as pool:
        done = list(pool.map(lambda who: town.take(texts, {}, who=who), people))
    assert len({one.outcome["number"] for one in done}) == 1
    assert sum(not one.again for one in done) == 1
    assert counts(town)[0] == 1
    assert town.on_hand() == {("TENT", "bin"): 12, ("QUILT", "bin"): 5}
    town.sound()


def test_other_quantities_are_refused_with_both_shown(town: Node, texts: list[str]) -> None:
    """Whoever states other figures afterwards sees what was signed for, and changes nothing."""
    first = town.take(texts, {"TENT": (11, 1)})
    before = counts(town)
    refusal = refused(lambda: town.take(texts, {"TENT": (12, 0)}, who="receiver"))
    assert isinstance(refusal, TakenOtherwise)
    assert refusal.receipt == first.outcome["number"]
    assert {text.partition("=")[2] for text in refusal.before} == {"11,1", "5,0"}
    assert {text.partition("=")[2] for text in refusal.now} == {"12,0", "5,0"}
    assert counts(town) == before


def test_after_a_restore_it_is_the_same_entry(
    make_database: Callable[..., str], tmp_path: Path, district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """A town whose books were lost takes the paper again: the same entry and lots, so nothing doubles later."""
    first = town.take(texts, {"TENT": (10, 0)})
    rebuilt = new_node(make_database(), tmp_path / "rebuilt", code="HS", seed=3)
    rebuilt.trusts(district, name="district")
    again = rebuilt.take(texts, {"TENT": (10, 0)})
    assert again.id == first.id == taking_id(shipment_id)
    ids = [
        set(node.store.read(SYSTEM, lambda work: work.session.scalars(select(Lot.id)).all()))
        for node in (town, rebuilt)
    ]
    assert ids[0] == ids[1]
    rebuilt.store.close()


def test_handed_back_twice_it_is_booked_once(district: Node, town: Node, texts: list[str], shipment_id: UUID) -> None:
    """By two people; the entry's id follows from the consignment."""
    town.take(texts, {"TENT": (9, 2)})
    back = scanned(town.printed("hand_back", shipment_id, who="clerk_east"))
    first = district.take_back(back)
    before = counts(district)
    again = district.take_back(back, who="manager")
    assert first.id == again.id == handing_back_id(shipment_id)
    assert (first.again, again.again) == (False, True)
    assert counts(district) == before
    assert district.on_hand()["TENT", "transit"] == 1
    district.sound()


def test_a_page_opened_before_the_paper_came_books_nothing_more(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """Somebody types the receipt while another reads the paper: the page is stale, whatever stands on it."""
    town.take(texts, {"TENT": (9, 2)})
    page = page_of(district, shipment_id)
    district.take_back(scanned(town.printed("hand_back", shipment_id, who="clerk_east")))
    before = counts(district)
    assert isinstance(refused(page), StalePage)
    assert counts(district) == before


def test_received_by_hand_before_with_the_same_figures(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """The paper that comes later says the same: done already, nothing is added."""
    town.take(texts, {})
    hand = page_of(district, shipment_id)()
    before = counts(district)
    done = district.take_back(scanned(town.printed("hand_back", shipment_id, who="clerk_east")))
    assert done.again
    assert done.id == hand.id
    assert counts(district) == before
    district.sound()


def test_received_by_hand_before_with_other_figures(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """Both are shown, and a person decides; nothing is added."""
    town.take(texts, {"TENT": (11, 1)})
    page_of(district, shipment_id, less=2)()
    before = counts(district)
    back = scanned(town.printed("hand_back", shipment_id, who="clerk_east"))
    refusal = refused(lambda: district.take_back(back))
    assert isinstance(refusal, ReceivedOtherwise)
    assert {text.partition("=")[2] for text in refusal.now} == {"11,1", "5,0"}
    assert refusal.before != refusal.now
    assert counts(district) == before
    district.sound()


def test_who_shipped_may_bring_the_paper_of_the_receiver(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """The signature of the town's key is the other pair of eyes; that it was set aside stands in the books."""
    town.take(texts, {})
    done = district.take_back(scanned(town.printed("hand_back", shipment_id, who="clerk_east")), who="clerk2")
    assert not done.again
    [reason] = district.store.read(
        SYSTEM,
        lambda work: work.session.scalars(
            select(SignOff.override_reason).where(SignOff.document_id == shipment_id, SignOff.role == "receiver")
        ).all(),
    )
    receipt = town.district.ask(takings)[0].receipt
    assert reason is not None
    assert reason.startswith(receipt)
    district.sound()


def test_typed_first_and_scanned_later_it_is_booked_once(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """Without a camera somebody types the page and answers for it; the scan that comes later finds it done."""
    paper = district.store.read(SYSTEM, lambda work: data_page_paper(work, shipment_id))
    goods = [f"{one.code} {one.label} {one.quantity} {one.expires_on or '-'} {one.check}" for one in paper.lines]
    typed = read_typed("\n".join([paper.number, paper.typing.lower(), "Depot", *goods]))
    carried = town.district.ask(typed_consignment, who="clerk_east", typed=typed)
    facts = {
        "carried": carried,
        "fingerprint": "",
        "site_id": town.district.sites["SHELTER"],
        "lines": stated_lines(carried, {"TENT": (11, 1)}),
    }
    asked = refused(lambda: town.district.do("clerk_east", take_paper, **facts))
    assert isinstance(asked, TypedUnsigned)
    first = town.district.do("clerk_east", take_paper, **facts, confirmed=frozenset({asked.code}))
    again = town.take(texts, {"TENT": (11, 1)})
    assert (first.again, again.again) == (False, True)
    assert first.id == again.id == taking_id(shipment_id)
    assert isinstance(refused(lambda: town.take(texts, {})), TakenOtherwise)
    assert town.on_hand() == {("TENT", "bin"): 11, ("TENT", "quarantine"): 1, ("QUILT", "bin"): 5}
    done = district.take_back(scanned(town.printed("hand_back", shipment_id, who="clerk_east")))
    assert (done.outcome["received"], done.outcome["short"]) == (17, 0)
    district.sound()
    town.sound()


def test_one_lot_in_two_consignments_stays_one_lot(district: Node, town: Node, texts: list[str]) -> None:
    """The second truck brings more of a lot that stands here: the same lot, two entries."""
    town.take(texts, {})
    second = sent(district, {"TENT": 7})
    done = town.take(scanned(district.printed("data_page", second)), {})
    assert not done.again
    assert done.outcome["made"] == []
    assert town.on_hand()["TENT", "bin"] == 19
    town.sound()

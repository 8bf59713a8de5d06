"""What a paper is refused for, below the screen: another's key, altered signs, other receivers, roles, demo, books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.errors import NotFound, Refusal
from inventory.core.work import SYSTEM
from inventory.dispatch.carried import BackLine, PaperNotUnderstood, Taken, carried_facts, carried_of
from inventory.dispatch.handing_back import handed_back, receive_handed_back
from inventory.dispatch.rules import NotOnThisOrder
from inventory.dispatch.taking import (
    DemoPaper,
    KnownHere,
    LinesUnstated,
    MayBeHere,
    NotAddressedHere,
    ReasonNeeded,
    take_paper,
)
from inventory.documents.carrying import CarriedUnknownKey, OtherPaper, PartAltered, PartsMissing
from inventory.errands.reading_papers import NoPicture, OwnPaper, codes_on_picture, paper_codes
from inventory.ledger.commands import GoodsLine, receive_goods
from inventory.models import Item, Lot, Organisation
from inventory.people.rules import NotPermitted
from tests.errands.carrying.nodes import Node, altered, sent, stated_lines, with_item

GOODS = {"TENT": 12, "QUILT": 5}


@pytest.fixture
def shipment_id(district: Node) -> UUID:
    """Return a consignment on its way to the town."""
    return sent(district, GOODS)


@pytest.fixture
def texts(district: Node, town: Node, shipment_id: UUID) -> list[str]:
    """Return the codes of its data page."""
    return codes(district, shipment_id)


def codes(node: Node, subject_id: UUID, *, kind: str = "data_page", who: str = "clerk") -> list[str]:
    """Return the codes of a page without drawing it."""
    return list(paper_codes(node.store, node.district.people[who], kind=kind, subject_id=subject_id))


def refused(job: Callable[[], Any]) -> Refusal:
    """Return how something is refused."""
    with pytest.raises(Refusal) as caught:
        job()
    return caught.value


def untouched(town: Node) -> None:
    """Assert that nothing of a paper entered the town's books: no lot, no item, no organisation, no place."""

    def look(work: Any) -> tuple[list[Any], int]:
        lots = work.session.scalars(select(Lot.id)).all()
        return lots, len(work.session.scalars(select(Item.id)).all())

    assert town.store.read(SYSTEM, look) == ([], 4)
    town.sound()


def test_bad_codes_are_told_one_by_one(district: Node, town: Node, texts: list[str]) -> None:
    """An altered sign by its place, a missing code by its place, one of another paper by both numbers."""
    other = codes(district, sent(district, {"COT": 3}))
    assert isinstance(refused(lambda: town.take([altered(texts[0]), *texts[1:]], {})), PartAltered)
    if len(texts) > 1:
        missing = refused(lambda: town.take(texts[:-1], {}))
        assert isinstance(missing, PartsMissing)
        assert missing.missing == (str(len(texts)),)
    mixed = refused(lambda: town.take([texts[0], other[-1]], {}))
    assert isinstance(mixed, OtherPaper)
    assert mixed.number != mixed.other
    untouched(town)


def test_a_page_of_another_district_is_refused_until_its_key_is_known(
    district: Node, town: Node, texts: list[str]
) -> None:
    """Whose key is not in the data folder says nothing here; with the key the same codes are taken."""
    (town.home / "keys" / "district.pub").unlink()
    refusal = refused(lambda: town.take(texts, {}))
    assert isinstance(refusal, CarriedUnknownKey)
    untouched(town)
    town.trusts(district, name="district")
    assert town.take(texts, {}).outcome["received"] == 17


def test_roles_and_scopes_hold_below_the_screen(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """A clerk of another store, an auditor and an administrator take nothing; nor do they book what comes back."""
    for who in ("clerk_store", "auditor", "system", "security", "commander"):
        assert isinstance(refused(lambda who=who: town.take(texts, {}, who=who)), NotPermitted), who  # type: ignore[misc]
    untouched(town)
    town.take(texts, {}, who="receiver")
    back = codes(town, shipment_id, kind="hand_back", who="receiver")
    for who in ("clerk_store", "auditor", "system"):
        assert isinstance(refused(lambda who=who: district.take_back(back, who=who)), NotPermitted), who  # type: ignore[misc]
    assert isinstance(refused(lambda: codes(town, shipment_id, kind="hand_back", who="clerk_store")), NotPermitted)


def test_goods_addressed_to_somebody_else_need_a_reason(
    district: Node, town: Node, texts: list[str], shipment_id: UUID
) -> None:
    """Asked once, refused without a reason; with one it is booked, and the sender reads it."""
    elsewhere = {"site_id": town.district.sites["VILLAGE"]}
    asked = refused(lambda: town.take(texts, {}, **elsewhere))
    assert isinstance(asked, NotAddressedHere)
    assert "SHELTER" in asked.addressed.zh
    yes = {**elsewhere, "confirmed": frozenset({asked.code})}
    assert isinstance(refused(lambda: town.take(texts, {}, **yes)), ReasonNeeded)
    untouched(town)
    town.take(texts, {}, **yes, reason="bridge is down")
    back = town.district.ask(handed_back, consignment_id=shipment_id)
    assert back.note == "bridge is down"
    assert back.site.zh == "VILLAGE"
    unknown = {"site_id": UUID(int=7)}
    other = codes(district, sent(district, {"COT": 3}))
    assert isinstance(refused(lambda: town.take(other, {}, who="clerk", **unknown)), NotFound)


def test_every_line_is_stated_once(town: Node, texts: list[str]) -> None:
    """Left out, stated twice, below zero, of a line that is not there: refused with the lines, nothing booked."""
    carried, fingerprint = town.read_goods(texts)
    whole = stated_lines(carried, {})
    for lines, wrong in (
        (whole[:1], ("2",)),
        ([*whole, whole[0]], ("1",)),
        ([replace(whole[0], good=-1), whole[1]], ("1",)),
        ([*whole, Taken(3, 1)], ("3",)),
        ([], ("1", "2")),
    ):
        refusal = refused(
            lambda lines=lines: town.district.do(  # type: ignore[misc]
                "clerk_east",
                take_paper,
                carried=carried,
                fingerprint=fingerprint,
                site_id=town.district.sites["SHELTER"],
                lines=lines,
            )
        )
        assert isinstance(refusal, LinesUnstated)
        assert refusal.lines == wrong
    untouched(town)


def test_a_node_takes_nothing_from_its_own_paper(district: Node, town: Node, texts: list[str]) -> None:
    """The sender is told so when it reads its own page, and when its books know the consignment by another key."""
    assert isinstance(refused(lambda: district.read(texts)), OwnPaper)
    carried, fingerprint = town.read_goods(texts)
    refusal = refused(
        lambda: district.district.do(
            "receiver",
            take_paper,
            carried=carried,
            fingerprint=fingerprint,
            site_id=district.district.sites["SHELTER"],
            lines=stated_lines(carried, {}),
        )
    )
    assert isinstance(refusal, KnownHere)


def test_demo_and_real_never_meet(town: Node, texts: list[str]) -> None:
    """The paper of a demo district is refused in a real one."""
    carried, fingerprint = town.read_goods(texts)
    refusal = refused(
        lambda: town.district.do(
            "clerk_east",
            take_paper,
            carried=replace(carried, demo=True),
            fingerprint=fingerprint,
            site_id=town.district.sites["SHELTER"],
            lines=stated_lines(carried, {}),
        )
    )
    assert isinstance(refusal, DemoPaper)
    untouched(town)


def test_what_was_entered_by_hand_is_asked_about(town: Node, texts: list[str]) -> None:
    """A clerk who typed the goods in under the number of the paper is reminded before they are booked again."""
    carried, _ = town.read_goods(texts)
    town.district.do(
        "clerk",
        receive_goods,
        site_id=town.district.sites["CENTRAL"],
        owner_id=town.district.organisations["bureau"],
        source="allotted",
        source_name=f"by hand {carried.number}",
        lines=[GoodsLine(town.district.items["TENT"], town.district.bins["CENTRAL"], 12)],
    )
    refusal = refused(lambda: town.take(texts, {}))
    assert isinstance(refusal, MayBeHere)
    assert len(refusal.lots) == 1
    town.take(texts, {}, confirmed=frozenset({refusal.code}))
    town.sound()


def test_an_item_of_another_unit_gets_a_code_of_its_own(district: Node, town: Node) -> None:
    """Sets are never added to pieces: the goods are kept, under a further code, with their unit and owner."""
    with_item(district, "RADIO", unit="tao", name="\u7535\u53f0")
    with_item(town, "RADIO", unit="tai", name="\u7535\u53f0")
    done = town.take(codes(district, sent(district, {"RADIO": 3})), {})
    assert done.outcome["made"] == ["RADIO-2"]
    assert town.on_hand() == {("RADIO-2", "bin"): 3}
    again = town.take(codes(district, sent(district, {"RADIO": 2})), {})
    assert again.outcome["made"] == []
    assert town.on_hand() == {("RADIO-2", "bin"): 5}
    owners = town.store.read(
        SYSTEM, lambda work: dict(work.connection.execute(select(Organisation.code, Organisation.id)).all())
    )
    assert {"HS", "TS"} <= set(owners)
    town.sound()


def test_more_than_was_sent_is_booked_as_it_came(
    district: Node, town: Node, shipment_id: UUID, texts: list[str]
) -> None:
    """A surplus stands in the town, and at the sender it comes from lost and found; nothing is lost or doubled."""
    town.take(texts, {"TENT": (14, 0)})
    assert town.on_hand()["TENT", "bin"] == 14
    done = district.take_back(codes(town, shipment_id, kind="hand_back", who="clerk_east"))
    assert done.outcome["received"] == 19
    assert district.on_hand()["TENT", "custody"] == 14
    district.sound()
    town.sound()


def test_nothing_came_at_all(district: Node, town: Node, shipment_id: UUID, texts: list[str]) -> None:
    """The truck was empty: everything stays in transit at the sender, as a difference."""
    done = town.take(texts, {"TENT": (0, 0), "QUILT": (0, 0)})
    assert (done.outcome["received"], done.outcome["short"]) == (0, 17)
    assert town.on_hand() == {}
    district.take_back(codes(town, shipment_id, kind="hand_back", who="clerk_east"))
    assert district.on_hand()["TENT", "transit"] == 12
    district.sound()


def test_a_receipt_of_other_lines_is_refused(district: Node, town: Node, shipment_id: UUID, texts: list[str]) -> None:
    """A receipt that names what the consignment did not carry, or another consignment, books nothing."""
    town.take(texts, {})
    back, fingerprint = district.read_back(codes(town, shipment_id, kind="hand_back", who="clerk_east"))
    for wrong, kind in (
        (replace(back, lines=(*back.lines, BackLine(9, "10000099", 1, 0))), NotOnThisOrder),
        (replace(back, consignment="\u8fd0-TS-2026-000999"), NotFound),
        (replace(back, consignment_id=UUID(int=5)), Refusal),
        (replace(back, demo=True), DemoPaper),
    ):
        refusal = refused(
            lambda wrong=wrong: district.district.do(  # type: ignore[misc]
                "receiver", receive_handed_back, back=wrong, fingerprint=fingerprint
            )
        )
        assert isinstance(refusal, kind)
    district.sound()


def test_a_shape_of_the_future_is_said(town: Node, texts: list[str]) -> None:
    """Genuine data of another version, or of no shape of ours, are not guessed at."""
    carried, _ = town.read_goods(texts)
    facts = carried_facts(carried)
    for wrong in ([2, *facts[1:]], facts[:-1], [*facts[:-1], []], None, "text", [], [*facts[:-1], [[1, 99, 0]]]):
        assert isinstance(refused(lambda wrong=wrong: carried_of(wrong, number=carried.number)), PaperNotUnderstood)  # type: ignore[misc]
    assert isinstance(refused(lambda: carried_of(facts, number="other")), PaperNotUnderstood)


def test_a_file_that_is_no_picture_is_said() -> None:
    """Text, nothing, half a picture."""
    for data in (b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(40)):
        assert isinstance(refused(lambda data=data: codes_on_picture(data)), NoPicture)  # type: ignore[misc]

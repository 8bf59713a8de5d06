"""Labels and registers from the database, on both kinds: what stands on them, and who may have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.errors import Name, NotFound
from inventory.core.work import Store, Work
from inventory.documents.data.values import EmptyPaper
from inventory.documents.sign import Genuine, load_key, verify_text
from inventory.errands import facts_labels as labels
from inventory.errands import facts_registers as registers
from inventory.errands.facts_labels import LabelStock
from inventory.errands.prints_at_once import labels_pdf, register_pdf
from inventory.ledger.commands import GoodsLine, block_lot, receive_goods
from inventory.ledger.lots import lot_facts
from inventory.ledger.queries import StockFilter, stock
from inventory.models import AccessLog, Asset, Journal, Node, Resource, Team
from inventory.people.rules import NotPermitted
from inventory.stocktaking.opening import open_count
from inventory.stocktaking.queries import count_sheet
from tests.documents import reading
from tests.support.district import District, found, known
from ui.parts.counting import lines_of_code

EXPIRED = dt.date(2020, 1, 1)


def build(url: str) -> None:
    """Fill a database: two lots came in one entry, one expired, one device with a part, one team."""
    store = Store(url, Env.seeded(Path("."), seed=3, start=dt.datetime(2026, 6, 30, tzinfo=dt.UTC)))
    district = found(store)
    district.stock("WATER", "WEST", 500, expires_on=EXPIRED)
    lines = [
        GoodsLine(
            district.items["TENT"],
            district.bins["CENTRAL"],
            40,
            batch="B7",
            made_on=dt.date(2026, 1, 2),
            spec="12 m2",
            origin="Chongqing",
            quality="passed",
        ),
        GoodsLine(district.items["QUILT"], district.bins["CENTRAL"], 75),
    ]
    district.do(
        "clerk",
        receive_goods,
        site_id=district.sites["CENTRAL"],
        owner_id=district.organisations["bureau"],
        source="purchase",
        lines=lines,
    )
    radio, battery = (district.stock("COT", "CENTRAL", 1) for _ in range(2))
    store.write(district.people["clerk"], lambda work: _fill(work, district, radio, battery))
    store.close()


def _fill(work: Work, district: District, radio: UUID, battery: UUID) -> None:
    entry = {"changed_by_id": work.connection.scalars(select(Journal.id).limit(1)).one()}
    for lot_id, label, name, part_of in (
        (radio, "20000001", "Radio", None),
        (battery, "20000002", "Battery", radio),
    ):
        work.session.add(
            Asset(
                lot_id=lot_id,
                label=label,
                serial_number=f"SN-{label}",
                kind="dmr",
                name_zh=name,
                part_of_id=part_of,
                custodian="Li",
                independent_of_power=True,
                **entry,
            )
        )
        work.session.flush()
    team = work.env.new_id()
    work.session.add(
        Resource(
            id=team, kind="team", code="T-01", name_zh="Team", organisation_id=district.organisations["east"],
            home_site_id=district.sites["CENTRAL"], state="standby", **entry,
        )
    )  # fmt: skip
    work.session.flush()
    work.session.add(
        Team(
            id=team, discipline="flood", level=2, legal_kind="social", people=12, assembly_local_minutes=30,
            leader="Wu", phone="1",
        )
    )  # fmt: skip


@pytest.fixture
def district(make_database: Callable[..., str], env: Env) -> Iterator[District]:
    """The filled district."""
    store = Store(make_database("documents-labels", build), env)
    yield known(store)
    store.close()


def refused(district: District, who: str, query: Callable[..., Any], **facts: Any) -> None:
    """Require that somebody may not ask this."""
    with pytest.raises(NotPermitted):
        district.ask(query, who=who, **facts)


def entry_of(district: District, kind: str, *, last: bool = False) -> UUID:
    """Return an entry of a kind with two lots, or the last one."""

    def look(work: Work) -> UUID:
        rows = work.connection.scalars(select(Journal.id).where(Journal.kind == kind).order_by(Journal.sequence)).all()
        return rows[-1] if last else rows[1]

    return district.ask(look)


def test_the_lots_of_an_entry_get_labels_with_what_came(district: District) -> None:
    """Two lots came: two labels, with all that the entry said of them and the quantity of that moment."""
    entry = entry_of(district, "receive_goods")
    paper = district.ask(labels.lot_labels_of_entry, entry_id=entry, on=LabelStock("60x40", 1, 3))
    tent, quilt = paper.lines
    assert (tent.name, tent.quantity, tent.specification, tent.origin, tent.quality, tent.made_on) == (
        Name("TENT", "Tent"), 40, Name("12 m2"), Name("Chongqing"), Name("passed"), dt.date(2026, 1, 2),
    )  # fmt: skip
    assert tent.code == district.ask(lot_facts, label=tent.code).label
    assert tent.entered_on is not None
    assert (quilt.quantity, quilt.copies, paper.size, paper.demo) == (75, 3, "60x40", True)
    made = labels_pdf(
        district.store,
        district.people["clerk_store"],
        gather=lambda work: labels.lot_labels_of_entry(work, entry_id=entry),
        language="en",
    )
    assert (made.pages, made.missing) == (1, ())
    assert b"%PDF" in made.pdf[:8]


def test_a_list_of_stock_becomes_labels_of_the_same_rows(district: District) -> None:
    """The filter of the page narrows the labels; one row alone works too; a row that is gone is not found."""
    central = district.sites["CENTRAL"]
    paper = district.ask(labels.lot_labels, wanted=StockFilter(site_id=central, search="TENT"))
    (tent,) = paper.lines
    assert (paper.number, tent.quantity) == ("CENTRAL", 40)
    lot = district.ask(lot_facts, label=tent.code)
    (one,) = district.ask(labels.lot_labels_at, lot_id=lot.id, place_id=district.bins["CENTRAL"]).lines
    assert one == tent
    for place in (district.bins["WEST"], district.sites["WEST"]):
        with pytest.raises(NotFound):
            district.ask(labels.lot_labels_at, lot_id=lot.id, place_id=place)
    with pytest.raises(NotFound):
        district.ask(labels.lot_labels_of_entry, entry_id=lot.id)


def test_bins_devices_and_kits_get_labels(district: District) -> None:
    """The open bins of a site; devices with where they stand; a kit is a device with parts."""
    central = district.sites["CENTRAL"]
    assert [line.code for line in district.ask(labels.bin_labels, site_id=central).lines] == ["A-01", "A-02"]
    assert len(district.ask(labels.bin_labels).lines) == 4
    radio, battery = district.ask(labels.asset_labels, site_id=central).lines
    assert (radio.code, radio.serial_number, radio.place.zh) == ("20000001", "SN-20000001", "CENTRAL A-01")
    assert district.ask(labels.asset_labels, label="20000002").lines == (battery,)
    (kit,) = district.ask(labels.kit_labels).lines
    assert (kit.code, [(part.name.zh, part.quantity) for part in kit.contents]) == ("20000001", [("Battery", 1)])
    with pytest.raises(EmptyPaper):
        district.ask(labels.bin_labels, site_id=district.sites["SHELTER"])
    with pytest.raises(NotFound):
        district.ask(labels.asset_labels, label="29999999")


def test_what_stands_on_a_label_is_understood_when_it_is_scanned(district: District) -> None:
    """The search of the stock page finds the lot, the device and the bin of a label; a count finds their lines."""
    central = district.sites["CENTRAL"]
    (radio, _) = district.ask(labels.asset_labels, site_id=central).lines
    tent = district.ask(labels.lot_labels, wanted=StockFilter(search="TENT")).lines[0]
    (bin_label, empty_bin) = district.ask(labels.bin_labels, site_id=central).lines

    def scanned(code: str) -> list[str]:
        return [row.item_code for row in district.ask(stock, wanted=StockFilter(search=code, site_id=central))]

    assert scanned(tent.code) == ["TENT"]
    assert scanned(radio.code) == ["COT"]
    assert len(scanned(bin_label.code)) == 4
    assert scanned(empty_bin.code) == []
    count = district.do("keeper", open_count, site_id=central, kind="whole").outcome["count"]
    sheet = district.ask(count_sheet, who="clerk", count_id=UUID(count))
    for code, lines in ((tent.code, 1), (radio.code, 1), (bin_label.code, 4)):
        assert len(lines_of_code(sheet, code, {})) == lines, code


def test_labels_and_registers_follow_the_scope_of_a_role(district: District) -> None:
    """A clerk of one store has labels and registers of that store, not of another, not of the district."""
    central, west = district.sites["CENTRAL"], district.sites["WEST"]
    entry = entry_of(district, "receive_goods")
    lot = district.ask(labels.lot_labels, wanted=StockFilter(site_id=west)).lines[0]
    lot_id = district.ask(lot_facts, label=lot.code).id
    mine = ((labels.lot_labels, {"wanted": StockFilter(site_id=central)}), (labels.bin_labels, {"site_id": central}))
    for query, facts in mine:
        assert district.ask(query, who="clerk_store", **facts).lines
        refused(district, "clerk_east", query, **facts)
    refused(district, "clerk_east", labels.lot_labels_of_entry, entry_id=entry)
    refused(district, "clerk_store", labels.lot_labels_at, lot_id=lot_id, place_id=district.bins["WEST"])
    refused(district, "clerk_store", labels.lot_labels, wanted=StockFilter())
    for query in (labels.bin_labels, labels.asset_labels, labels.kit_labels):
        refused(district, "clerk_store", query)
    refused(district, "clerk_east", labels.asset_labels, label="20000001")
    assert district.ask(registers.stock_register, who="clerk_store", site_id=central).sites
    assert district.ask(registers.device_register, who="clerk_store", site_id=central).lines
    refused(district, "clerk_store", registers.stock_register, site_id=west)
    for kind in ("stock_register", "team_register", "device_register"):
        refused(district, "clerk_store", registers.register, kind=kind)


def test_a_register_of_stock_is_what_the_books_say_now(district: District) -> None:
    """Sites that hold nothing are left out of the district's register; why stock cannot be sent is said; the moment
    and the head of the ledger stand on it."""
    tent = district.ask(labels.lot_labels, wanted=StockFilter(search="TENT")).lines[0]
    lot = district.ask(lot_facts, label=tent.code)
    district.do(
        "keeper", block_lot, site_id=district.sites["CENTRAL"], lot_id=lot.id, why="on_hold", note="wet", seen=lot.seen
    )
    paper = district.ask(registers.stock_register)
    assert [(one.code, len(one.lines)) for one in paper.sites] == [("CENTRAL", 4), ("WEST", 1)]
    lines = {line.lot: line for one in paper.sites for line in one.lines}
    assert (lines[tent.code].quantity, lines[tent.code].reasons) == (40, ("on_hold",))
    assert (lines[tent.code].weight_grams, lines[tent.code].packages) == (40_000, None)
    assert paper.sites[1].lines[0].reasons == ("expired",)

    def head(work: Work) -> tuple[int, str]:
        node = work.session.scalars(select(Node)).one()
        return node.last_sequence, node.head.hex()

    assert paper.ledger is not None
    assert (paper.ledger.sequence, paper.ledger.hash_hex) == district.ask(head)
    assert paper.number.startswith("库-TS-2026")
    empty = district.ask(registers.stock_register, site_id=district.sites["SHELTER"])
    assert [(one.code, one.lines) for one in empty.sites] == [("SHELTER", ())]


def test_registers_of_teams_and_devices(district: District) -> None:
    """Codes of lists become words where they have any; what is not known stays open."""
    (team,) = district.ask(registers.team_register).lines
    assert (team.code, team.people, team.state, team.assembly_away_minutes, team.base.zh) == (
        "T-01", 12, "standby", None, "CENTRAL",
    )  # fmt: skip
    radio, battery = district.ask(registers.device_register).lines
    assert (radio.label, radio.works_without, radio.place.zh) == ("20000001", ("power",), "CENTRAL A-01")
    assert battery.runtime_minutes is None
    assert district.ask(registers.device_register, site_id=district.sites["WEST"]).lines == ()


@pytest.mark.parametrize("kind", ["stock_register", "team_register", "device_register"])
def test_a_printed_register_is_sealed_and_noted(district: District, kind: str) -> None:
    """Its code verifies with this node's key; the access log says who printed it; nothing is issued."""
    before = district.ask(_entries)
    made = register_pdf(district.store, district.people["auditor"], kind=kind, language="zh_CN")
    (first, *_) = reading.rendered(made.pdf, dots_per_inch=100)
    (text,) = reading.codes(first, "QRCode")
    found_here = verify_text(text, [load_key(district.store.env.home).public])
    assert isinstance(found_here, Genuine)
    assert found_here.number == made.number
    assert district.ask(_entries) == before

    def noted(work: Work) -> list[str]:
        return list(work.connection.scalars(select(AccessLog.login).where(AccessLog.action == f"print_{kind}")))

    assert district.ask(noted) == ["auditor"]


def _entries(work: Work) -> int:
    return work.session.scalars(select(Node.last_sequence)).one()

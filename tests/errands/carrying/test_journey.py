"""The whole journey on paper: printed, scanned, booked there, handed back, booked here; each exactly once."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID

from inventory.core.errors import Name
from inventory.core.work import SYSTEM
from inventory.dispatch.carried import Carried, CarriedAsset, CarriedLine, Taken, carried_facts
from inventory.dispatch.handing_back import taking
from inventory.dispatch.taking import take_paper
from inventory.dispatch.tracking import shipment
from inventory.documents.carrying import codes_of
from inventory.documents.sign import load_key
from inventory.models import Asset, Item, Lot
from tests.errands.carrying.nodes import Node, scanned, sent, stated_lines, with_item

GOODS = {"TENT": 40, "QUILT": 25, "WATER": 300}


def test_the_whole_journey(district: Node, town: Node) -> None:
    """Goods with two broken and three missing: booked in the town as they came, then at the sender, both sound."""
    with_item(district, "RADIO", unit="tai", name="\u5bf9\u8bb2\u673a")
    shipment_id = sent(district, {**GOODS, "RADIO": 4})
    texts = scanned(district.printed("data_page", shipment_id))
    random.Random(7).shuffle(texts)

    done = town.take(texts, {"TENT": (35, 2)})
    assert done.outcome["made"] == ["RADIO"]
    assert not done.again
    assert (done.outcome["received"], done.outcome["damaged"], done.outcome["short"]) == (366, 2, 3)
    assert town.on_hand() == {
        ("TENT", "bin"): 35,
        ("TENT", "quarantine"): 2,
        ("QUILT", "bin"): 25,
        ("WATER", "bin"): 300,
        ("RADIO", "bin"): 4,
    }
    _same_lots(district, town, shipment_id)
    town.sound()

    back = scanned(town.printed("hand_back", shipment_id, who="clerk_east"))
    received = district.take_back(back)
    assert (received.outcome["received"], received.outcome["short"]) == (366, 3)
    assert not received.again
    row = district.district.ask(shipment, shipment_id=shipment_id)
    taken = town.district.ask(taking, consignment_id=shipment_id)
    assert row.state == "arrived"
    assert row.carried == 3
    assert row.arrived_at == taken.at.replace(microsecond=0)
    stands = district.on_hand()
    assert stands["TENT", "custody"] == 37
    assert stands["TENT", "transit"] == 3
    assert stands["TENT", "bin"] == 7
    district.sound()


def _same_lots(district: Node, town: Node, shipment_id: UUID) -> None:
    """Assert that the town's lots are the district's: ids, batches and expiries; labels are the town's own."""

    def lots(node: Node) -> dict[UUID, tuple[str, object]]:
        return node.store.read(
            SYSTEM,
            lambda work: {
                lot.id: (work.session.get_one(Item, lot.item_id).code, lot.expires_on)
                for lot in work.session.query(Lot)
            },
        )

    ours, theirs = lots(district), lots(town)
    assert len(theirs) == 4
    assert theirs.items() <= ours.items()


def test_a_device_arrives_as_a_device(district: Node, town: Node) -> None:
    """With its serial number, kind and condition, under a label of the town's own; a device is one or none."""
    carried, fingerprint = _with_device(district, town)
    line = len(carried.lines)
    lines = stated_lines(carried, {})
    facts = {"carried": carried, "fingerprint": fingerprint, "site_id": town.district.sites["SHELTER"]}
    refusal = town.district.refused("clerk_east", take_paper, lines=[*lines[:-1], Taken(line, 2)], **facts)
    assert refusal.facts["lines"] == (str(line),)
    town.district.do("clerk_east", take_paper, lines=lines, **facts)
    asset = town.store.read(SYSTEM, lambda work: work.session.get_one(Asset, carried.lines[-1].lot_id))
    assert (asset.serial_number, asset.kind, asset.condition) == ("SN-77", "satellite", "serviceable")
    assert asset.label.startswith("2")
    town.sound()


def _with_device(district: Node, town: Node) -> tuple[Carried, str]:
    """Return a consignment with a device as its last line, as a page would carry it."""
    carried, fingerprint = town.read_goods(scanned(district.printed("data_page", sent(district, {"TENT": 3}))))
    device = CarriedAsset("20000001", "SN-77", "satellite", Name("\u536b\u661f\u7535\u8bdd"), "serviceable", "portable")
    item = replace(carried.items[0], code="C900", name=device.name, tracking="serial")
    line = CarriedLine(9, len(carried.items), 0, UUID(int=77), "10000077", 1, asset=device)
    whole = replace(carried, items=(*carried.items, item), lines=(*carried.lines, line))
    key = load_key(district.home)
    made = codes_of("C", whole.number, carried_facts(whole), key)
    assert town.read_goods(list(made))[0] == whole
    return whole, fingerprint

"""The whole journey on paper: printed, scanned, booked there, handed back, booked here; each exactly once."""

from __future__ import annotations

import random
from uuid import UUID

from inventory.core.work import SYSTEM
from inventory.dispatch.handing_back import taking
from inventory.dispatch.tracking import shipment
from inventory.models import Item, Lot
from tests.errands.carrying.nodes import Node, scanned, sent, with_item

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

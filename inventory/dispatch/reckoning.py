"""What became of the goods of an incident, item by item: the arithmetic that closes the loop.

received = used + distributed + returned + transferred + lost + what is left; everything is read from the movements into
and out of the incident's consignments and its receivers' custody, so that it can be proven entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.models import Custody, DispatchOrder, Item, Lot, Movement, Place, Shipment

FLOWS = ("sent", "surplus", "lost_on_the_way", "received", "used", "distributed", "returned", "transferred", "lost")
"""What a movement can add to (or, reversed, take from)."""


@dataclass(frozen=True)
class Flow:
    """So many base units of an item that went from one kind of place to another.

    `own` ends are the incident's: its consignments ("transit") and its receivers' custody ("custody"); any other place
    is told by its kind, the custody of another incident by "elsewhere".
    """

    item_id: UUID
    source: str
    target: str
    reason: str
    quantity: int


@dataclass
class Reckoning:
    """What became of one item, whole base units; fields as in `FLOWS`."""

    item_id: UUID
    code: str
    item: Name
    unit: str
    amounts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0))

    @property
    def settled(self) -> int:
        """Return used + distributed + returned + transferred + lost."""
        return sum(self.amounts[key] for key in ("used", "distributed", "returned", "transferred", "lost"))

    @property
    def remaining(self) -> int:
        """Return what receivers still answer for."""
        return self.amounts["received"] - self.settled

    @property
    def on_the_way(self) -> int:
        """Return what is still in transit."""
        amounts = self.amounts
        return amounts["sent"] + amounts["surplus"] - amounts["lost_on_the_way"] - amounts["received"]


def reckoning(work: Work, *, incident_id: UUID) -> list[Reckoning]:
    """Return what became of the goods of an incident, by item code; empty when none were sent."""
    flows = _flows(work, incident_id)
    items = {
        row.id: row for row in work.session.scalars(select(Item).where(Item.id.in_({flow.item_id for flow in flows})))
    }
    found = {
        key: Reckoning(key, row.code, Name(row.name_zh, row.name_en), row.unit)
        for key, row in sorted(items.items(), key=lambda pair: pair[1].code)
    }
    add_up(flows, {key: one.amounts for key, one in found.items()})
    return list(found.values())


def add_up(flows: Iterable[Flow], amounts: dict[UUID, dict[str, int]]) -> None:
    """Add flows to the amounts of their items. Pure; a movement that was reversed takes away what it had added."""
    for flow in flows:
        own = amounts[flow.item_id]
        undone = flow.reason == "reversal"
        source, target = (flow.target, flow.source) if undone else (flow.source, flow.target)
        for key, sign in _adds_to(source, target, flow.reason).items():
            own[key] += (-sign if undone else sign) * flow.quantity


_ADDS_TO: dict[tuple[str, str], dict[str, int]] = {
    ("transit", "transit"): {},
    ("custody", "custody"): {},
    ("transit", "custody"): {"received": 1},
    ("custody", "transit"): {"received": -1},
    ("transit", "lost_found"): {"lost_on_the_way": 1},
    ("transit", "scrap"): {"lost_on_the_way": 1},
    ("lost_found", "custody"): {"surplus": 1, "received": 1},
    ("lost_found", "transit"): {"surplus": 1},
    ("custody", "consumed"): {"used": 1},
    ("custody", "lost_found"): {"lost": 1},
    ("custody", "scrap"): {"lost": 1},
    ("custody", "elsewhere"): {"transferred": 1},
}
"""Ends of a movement -> what it adds to."""


def _adds_to(source: str, target: str, reason: str) -> dict[str, int]:
    """Return what a movement from one end to another adds to, and with which sign."""
    if reason == "distributed" and (source, target) == ("custody", "consumed"):
        return {"distributed": 1}
    known = _ADDS_TO.get((source, target))
    if known is not None:
        return known
    if target == "transit":
        return {"sent": 1}
    if target == "custody":
        return {"sent": 1, "received": 1}
    if source == "custody":
        return {"returned": 1}
    # Turned back on the way: receivers never answer for it, so it counts as not sent.
    return {"sent": -1}


def _flows(work: Work, incident_id: UUID) -> list[Flow]:
    """Return the movements into and out of an incident's consignments and custody, summed by item, ends and reason."""
    transit = set(
        work.connection.scalars(
            select(Shipment.id)
            .join(DispatchOrder, DispatchOrder.id == Shipment.order_id)
            .where(DispatchOrder.incident_id == incident_id)
        )
    )
    custody = set(work.connection.scalars(select(Custody.id).where(Custody.incident_id == incident_id)))
    own = [*transit, *custody]
    source, target = aliased(Place), aliased(Place)
    rows = work.connection.execute(
        select(
            Lot.item_id,
            Movement.from_place_id,
            Movement.to_place_id,
            source.kind.label("source"),
            target.kind.label("target"),
            Movement.reason,
            func.sum(Movement.quantity).label("quantity"),
        )
        .join(Lot, Lot.id == Movement.lot_id)
        .join(source, source.id == Movement.from_place_id)
        .join(target, target.id == Movement.to_place_id)
        .where(Movement.from_place_id.in_(own) | Movement.to_place_id.in_(own))
        .group_by(Lot.item_id, Movement.from_place_id, Movement.to_place_id, source.kind, target.kind, Movement.reason)
    )

    def end(place_id: UUID, kind: str) -> str:
        if place_id in transit:
            return "transit"
        if place_id in custody:
            return "custody"
        return "elsewhere" if kind in {"custody", "transit"} else kind

    return [
        Flow(
            item_id=row.item_id,
            source=end(row.from_place_id, row.source),
            target=end(row.to_place_id, row.target),
            reason=row.reason,
            quantity=int(row.quantity),
        )
        for row in rows
    ]

"""What the paper of a consignment carries, and what comes back on the receiver's: pure values, and their plain form.

The plain form is a list of lists (positions instead of names, so that it fits into few codes) that begins with the
version of its shape. Quantities are whole base units, instants aware, weights grams.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from inventory.core.errors import Name, Refusal
from inventory.core.quantities import QUANTITY_MAX

SHAPE = 1


@dataclass(frozen=True)
class CarriedItem:
    """An item as the sender's catalogue has it: enough to make it where it is not known."""

    code: str
    name: Name
    unit: str
    unit_name: Name
    tracking: str
    major_class: int
    domain: str
    return_class: str
    weight_grams: int


@dataclass(frozen=True)
class CarriedOwner:
    """Who owns goods of the consignment, by code and name."""

    code: str
    name: Name
    kind: str
    level: str


@dataclass(frozen=True)
class CarriedAsset:
    """What is known of a device: a lot of one."""

    label: str
    serial_number: str
    kind: str
    name: Name
    condition: str
    mobility: str


@dataclass(frozen=True)
class CarriedLine:
    """So many base units of one lot; `item` and `owner` are positions (from 0) in the lists of the consignment.

    `order_position` is the line of the order; with the sender's label of the lot it names this line.
    """

    order_position: int
    item: int
    owner: int
    lot_id: UUID
    label: str
    quantity: int
    batch: str = ""
    made_on: dt.date | None = None
    expires_on: dt.date | None = None
    spec: str = ""
    asset: CarriedAsset | None = None


@dataclass(frozen=True)
class Carried:
    """A consignment as its paper carries it. `id` and `number` are those of the sender's books.

    `to_site` is the code of the addressed site; the texts of people (contact, driver) are as they are printed.
    """

    id: UUID
    number: str
    order: str
    revision: int
    node: str
    node_name: Name
    demo: bool
    shipped_at: dt.datetime
    from_unit: Name
    from_place: Name
    to_unit: Name
    to_place: Name
    to_site: str
    contact: str
    vehicle: str
    driver: str
    incident: Name
    incident_number: str
    items: tuple[CarriedItem, ...]
    owners: tuple[CarriedOwner, ...]
    lines: tuple[CarriedLine, ...]


@dataclass(frozen=True)
class BackLine:
    """What came of one line of a consignment, in base units; it is named as on `CarriedLine`."""

    order_position: int
    label: str
    good: int
    damaged: int
    note: str = ""


@dataclass(frozen=True)
class HandedBack:
    """What the receiver signed for: `receipt` is the number of the receiving node, `consignment_id` the sender's."""

    consignment_id: UUID
    consignment: str
    order: str
    sender_node: str
    receipt: str
    node: str
    node_name: Name
    site: Name
    received_at: dt.datetime
    received_by: str
    note: str
    demo: bool
    lines: tuple[BackLine, ...]


@dataclass(frozen=True)
class Taken:
    """What the receiver found of one line of the paper (`line` from 1): good and damaged, in base units."""

    line: int
    good: int
    damaged: int = 0
    note: str = ""


@dataclass(eq=False)
class PaperNotUnderstood(Refusal):
    """The data of a paper are genuine and have a shape that this program does not know."""

    code: ClassVar[str] = "paper_not_understood"
    number: str


def taking_id(consignment_id: UUID) -> UUID:
    """Return the id of the one entry by which a node takes a consignment from its paper."""
    return uuid.uuid5(consignment_id, "taken from its paper")


def handing_back_id(consignment_id: UUID) -> UUID:
    """Return the id of the one entry by which the sender's node takes the receiver's paper."""
    return uuid.uuid5(consignment_id, "handed back on paper")


def carried_facts(carried: Carried) -> list[Any]:
    """Return a consignment in its plain form."""
    return [
        SHAPE,
        carried.id,
        [carried.number, carried.order, carried.revision, carried.node, *_name(carried.node_name), int(carried.demo)],
        _seconds(carried.shipped_at),
        [*_name(carried.from_unit), *_name(carried.from_place)],
        [*_name(carried.to_unit), *_name(carried.to_place), carried.to_site, carried.contact],
        [carried.vehicle, carried.driver, *_name(carried.incident), carried.incident_number],
        [
            [
                *(one.code, *_name(one.name), one.unit, *_name(one.unit_name), one.tracking),
                *(one.major_class, one.domain, one.return_class, one.weight_grams),
            ]
            for one in carried.items
        ],
        [[one.code, *_name(one.name), one.kind, one.level] for one in carried.owners],
        [
            [
                *(one.order_position, one.item, one.owner, one.lot_id, one.label, one.quantity, one.batch),
                *(_day(one.made_on), _day(one.expires_on), one.spec, _asset_facts(one.asset)),
            ]
            for one in carried.lines
        ],
    ]


def carried_of(facts: Any, *, number: str) -> Carried:
    """Return a consignment from its plain form.

    Raises
    ------
    PaperNotUnderstood
        Another version, or a shape that no paper of ours has.
    """
    try:
        shape, key, head, shipped, sender, receiver, way, items, owners, lines = facts
        if shape != SHAPE:
            raise ValueError(shape)
        found = Carried(
            id=UUID(key),
            **_head(head),
            shipped_at=_instant(shipped),
            from_unit=_named(sender[0:2]),
            from_place=_named(sender[2:4]),
            to_unit=_named(receiver[0:2]),
            to_place=_named(receiver[2:4]),
            to_site=_text(receiver[4]),
            contact=_text(receiver[5]),
            vehicle=_text(way[0]),
            driver=_text(way[1]),
            incident=_named(way[2:4]),
            incident_number=_text(way[4]),
            items=tuple(_item(*one) for one in items),
            owners=tuple(CarriedOwner(_text(one[0]), _named(one[1:3]), _text(one[3]), _text(one[4])) for one in owners),
            lines=tuple(_line(*one) for one in lines),
        )
        _check(found, number)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError) as error:
        raise PaperNotUnderstood(number=number) from error
    return found


def back_facts(back: HandedBack) -> list[Any]:
    """Return what was handed back in its plain form."""
    return [
        SHAPE,
        back.consignment_id,
        [back.consignment, back.order, back.sender_node, back.receipt, back.node, *_name(back.node_name)],
        [*_name(back.site), _seconds(back.received_at), back.received_by, back.note, int(back.demo)],
        [[one.order_position, one.label, one.good, one.damaged, one.note] for one in back.lines],
    ]


def back_of(facts: Any, *, number: str) -> HandedBack:
    """Return what was handed back from its plain form.

    Raises
    ------
    PaperNotUnderstood
        Another version, or a shape that no paper of ours has.
    """
    try:
        shape, key, head, receipt, lines = facts
        if shape != SHAPE:
            raise ValueError(shape)
        found = HandedBack(
            consignment_id=UUID(key),
            consignment=_text(head[0]),
            order=_text(head[1]),
            sender_node=_text(head[2]),
            receipt=_text(head[3]),
            node=_text(head[4]),
            node_name=_named(head[5:7]),
            site=_named(receipt[0:2]),
            received_at=_instant(receipt[2]),
            received_by=_text(receipt[3]),
            note=_text(receipt[4]),
            demo=bool(receipt[5]),
            lines=tuple(
                BackLine(_count(one[0], 1), _text(one[1]), _count(one[2]), _count(one[3]), _text(one[4]))
                for one in lines
            ),
        )
        if not found.lines or found.receipt != number:
            raise ValueError(found.receipt)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError) as error:
        raise PaperNotUnderstood(number=number) from error
    return found


def _check(carried: Carried, number: str) -> None:
    """Raise `ValueError` where the parts of a consignment do not fit together."""
    named = {(one.order_position, one.label) for one in carried.lines}
    fits = all(one.item < len(carried.items) and one.owner < len(carried.owners) for one in carried.lines)
    if not carried.lines or len(named) != len(carried.lines) or not fits or carried.number != number:
        raise ValueError(carried.number)


def _head(head: Sequence[Any]) -> dict[str, Any]:
    number, order, revision, node, zh, en, demo = head
    return {
        "number": _text(number),
        "order": _text(order),
        "revision": _count(revision),
        "node": _text(node),
        "node_name": _named((zh, en)),
        "demo": bool(demo),
    }


def _item(
    code: Any, zh: Any, en: Any, unit: Any, unit_zh: Any, unit_en: Any, tracking: Any, major: Any, *rest: Any
) -> CarriedItem:
    domain, return_class, weight = rest
    return CarriedItem(
        code=_text(code),
        name=_named((zh, en)),
        unit=_text(unit),
        unit_name=_named((unit_zh, unit_en)),
        tracking=_text(tracking),
        major_class=_count(major),
        domain=_text(domain),
        return_class=_text(return_class),
        weight_grams=_count(weight),
    )


def _line(
    position: Any, item: Any, owner: Any, lot: Any, label: Any, quantity: Any, batch: Any, *rest: Any
) -> CarriedLine:
    made_on, expires_on, spec, asset = rest
    return CarriedLine(
        order_position=_count(position, 1),
        item=_count(item),
        owner=_count(owner),
        lot_id=UUID(lot),
        label=_text(label),
        quantity=_count(quantity, 1),
        batch=_text(batch),
        made_on=dt.date.fromisoformat(made_on) if made_on else None,
        expires_on=dt.date.fromisoformat(expires_on) if expires_on else None,
        spec=_text(spec),
        asset=_asset(*asset) if asset else None,
    )


def _asset_facts(asset: CarriedAsset | None) -> list[str]:
    if asset is None:
        return []
    return [asset.label, asset.serial_number, asset.kind, *_name(asset.name), asset.condition, asset.mobility]


def _asset(label: Any, serial: Any, kind: Any, zh: Any, en: Any, condition: Any, mobility: Any) -> CarriedAsset:
    return CarriedAsset(_text(label), _text(serial), _text(kind), _named((zh, en)), _text(condition), _text(mobility))


def _name(name: Name) -> tuple[str, str]:
    return name.zh, name.en or ""


def _named(pair: Sequence[Any]) -> Name:
    zh, en = pair
    return Name(_text(zh), _text(en) or None)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= QUANTITY_MAX:
        raise ValueError(value)
    return value


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _seconds(instant: dt.datetime) -> int:
    return int(instant.timestamp())


def _instant(seconds: Any) -> dt.datetime:
    if type(seconds) is not int:
        raise TypeError(seconds)
    return dt.datetime.fromtimestamp(seconds, dt.UTC)

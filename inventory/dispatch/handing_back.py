"""Handing back: what a node signed for from a paper, and its return into the books of the node that sent the goods.

There it is the receipt of the consignment, exactly once: its id follows from the consignment. Where somebody received
the consignment by hand before, the same quantities are done already and others are refused with both shown.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, select

from inventory.core.errors import Name, NotFound, Refusal
from inventory.core.work import Work
from inventory.dispatch import rules
from inventory.dispatch.carried import (
    BackLine,
    Carried,
    HandedBack,
    Taken,
    carried_of,
    handing_back_id,
    taking_id,
)
from inventory.dispatch.receiving import receive_shipment
from inventory.dispatch.rules import Received
from inventory.dispatch.taking import DemoPaper
from inventory.models import Account, DispatchOrder, Journal, Lot, Movement, OrderLine, Shipment, Site
from inventory.people.journal import Done
from inventory.people.queries import here, permit
from inventory.people.rules import FUTURE_MINUTES_MAX, At

NOTE_MAX = 200


@dataclass(eq=False)
class ReceivedOtherwise(Refusal):
    """The consignment was received here before, with other quantities than the paper that comes back."""

    code: ClassVar[str] = "received_otherwise"
    number: str
    receipt: str
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True)
class Taking:
    """A consignment that was taken from its paper: who signed, where, under which receipt, and what came."""

    id: UUID
    carried: Carried
    receipt: str
    site_id: UUID
    site: Name
    at: Any
    by: Name
    note: str
    """What was noted, and why goods that were addressed to somebody else stayed here."""
    fingerprint: str
    lines: tuple[Taken, ...]


def taking(work: Work, *, consignment_id: UUID) -> Taking:
    """Return the taking of a consignment.

    Raises
    ------
    NotFound
    """
    found = _takings(work, Journal.id == taking_id(consignment_id))
    if not found:
        raise NotFound(kind="shipment", key=str(consignment_id))
    return found[0]


def taking_of(work: Work, *, number: str) -> Taking:
    """Return a taking by the number of its receipt, of its consignment or of its order.

    Raises
    ------
    NotFound
    """
    for one in _takings(work):
        if number in (one.receipt, one.carried.number, one.carried.order, str(one.id)):
            return one
    raise NotFound(kind="shipment", key=number[:60])


def takings(work: Work, *, site_ids: Collection[UUID] | None = None, limit: int = 50) -> list[Taking]:
    """Return what was taken from papers, newest first; `site_ids` None is every site."""
    return [one for one in _takings(work) if site_ids is None or one.site_id in site_ids][:limit]


def _takings(work: Work, *conditions: Any) -> list[Taking]:
    rows = work.connection.execute(
        select(Journal.subject_id, Journal.facts, Journal.recorded_at, Account.name_zh, Account.name_en)
        .join(Account, Account.id == Journal.actor_id)
        .where(Journal.kind == "take_paper", *conditions)
        .order_by(Journal.sequence.desc())
    ).all()
    found = []
    for row in rows:
        facts = json.loads(bytes(row.facts))
        asked = facts["asked"]
        site = work.session.get_one(Site, UUID(asked["site"]))
        found.append(
            Taking(
                id=row.subject_id,
                carried=carried_of(asked["consignment"], number=asked["consignment"][2][0]),
                receipt=facts["outcome"]["number"],
                site_id=site.id,
                site=Name(site.name_zh, site.name_en),
                at=row.recorded_at,
                by=Name(row.name_zh, row.name_en),
                note=" ".join(part for part in (asked["note"], asked["reason"]) if part),
                fingerprint=asked["fingerprint"],
                lines=tuple(Taken(**one) for one in asked["lines"]),
            )
        )
    return found


def handed_back(work: Work, *, consignment_id: UUID) -> HandedBack:
    """Return what goes back to the sender about a consignment that was taken here.

    Raises
    ------
    NotFound
    """
    one, node = taking(work, consignment_id=consignment_id), here(work)
    sent = one.carried.lines
    return HandedBack(
        consignment_id=one.id,
        consignment=one.carried.number,
        order=one.carried.order,
        sender_node=one.carried.node,
        receipt=one.receipt,
        node=node.code,
        node_name=node.name,
        site=one.site,
        received_at=one.at.replace(microsecond=0),
        received_by=one.by.zh,
        note=one.note,
        demo=node.demo,
        lines=tuple(
            BackLine(sent[told.line - 1].order_position, sent[told.line - 1].label, told.good, told.damaged, told.note)
            for told in one.lines
        ),
    )


def receive_handed_back(work: Work, *, id: UUID, back: HandedBack, fingerprint: str) -> Done:
    """Receive a consignment of this node by the paper that its receiver signed on another node.

    Parameters
    ----------
    id
        The sender's id of this request; the entry's own id is `handing_back_id` of the consignment.
    back, fingerprint
        What the paper carries, its signature checked, and whose key signed it: that is the other pair of eyes, so
        the person who shipped the goods may bring the paper.

    Returns
    -------
    Done
        That of `receive_shipment`; with `again` when the same quantities had been received before, by hand too.

    Raises
    ------
    NotPermitted, NotFound, DemoPaper, NotOnThisOrder, ReceivedOtherwise, WrongState
    """
    shipment = work.session.get(Shipment, back.consignment_id)
    order = work.session.get(DispatchOrder, shipment.order_id) if shipment else None
    permit(work, "receive_shipment", At(site_id=order.to_site_id) if order else At())
    if shipment is None or order is None or shipment.number != back.consignment:
        raise NotFound(kind="shipment", key=back.consignment[:60])
    if back.demo != here(work).demo:
        raise DemoPaper(number=back.consignment)
    names = _lines_of(work, shipment.id)
    if any((one.order_position, one.label) not in names for one in back.lines):
        raise rules.NotOnThisOrder(order=order.number)
    came = {names[one.order_position, one.label]: (one.good, one.damaged) for one in back.lines}
    before = _received_before(work, shipment.id)
    if before is not None:
        return _again(before, came, names, back)
    return receive_shipment(
        work,
        id=handing_back_id(shipment.id),
        shipment_id=shipment.id,
        seen=shipment.changed_by_id,
        lines=[
            Received(*names[one.order_position, one.label], one.good, one.damaged, one.note[:NOTE_MAX])
            for one in back.lines
        ],
        note=_note(back, fingerprint),
        override_reason=f"{back.receipt} {fingerprint}",
        # A clock that runs ahead is not believed; what it said stands in the note.
        arrived_at=None
        if (back.received_at - work.now).total_seconds() > FUTURE_MINUTES_MAX * 60
        else back.received_at,
    )


def _note(back: HandedBack, fingerprint: str) -> str:
    parts = (back.receipt, back.node, fingerprint, back.received_by, back.received_at.isoformat(), back.note)
    return " ".join(part for part in parts if part)[:NOTE_MAX]


def _lines_of(work: Work, shipment_id: UUID) -> Mapping[tuple[int, str], tuple[UUID, UUID]]:
    """Return (order line, lot) of a consignment by the line's position and the lot's label."""
    rows = work.connection.execute(
        select(OrderLine.position, Lot.label, Movement.order_line_id, Movement.lot_id)
        .join(OrderLine, OrderLine.id == Movement.order_line_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Movement.to_place_id == shipment_id, Movement.reason == "ship")
        .group_by(OrderLine.position, Lot.label, Movement.order_line_id, Movement.lot_id)
    )
    return {(row.position, row.label): (row.order_line_id, row.lot_id) for row in rows}


@dataclass(frozen=True)
class _Before:
    """What was received of a consignment so far: the last entry, its outcome, and the sums by line."""

    entry_id: UUID
    outcome: dict[str, Any]
    sums: Mapping[tuple[UUID, UUID], tuple[int, int]]


def _received_before(work: Work, shipment_id: UUID) -> _Before | None:
    """Return what was received of a consignment, by whatever paper or hand; None when nothing was."""
    rows = work.connection.execute(
        select(Journal.id, Journal.facts)
        .where(Journal.kind == "receive_shipment", Journal.subject_id == shipment_id)
        .order_by(Journal.sequence)
    ).all()
    if not rows:
        return None
    sums: dict[tuple[UUID, UUID], tuple[int, int]] = {}
    outcome: dict[str, Any] = {}
    for row in rows:
        facts = json.loads(bytes(row.facts))
        outcome = facts["outcome"]
        for one in facts["asked"]["lines"]:
            key = (UUID(one["order_line_id"]), UUID(one["lot_id"]))
            good, damaged = sums.get(key, (0, 0))
            sums[key] = (good + one["good"], damaged + one["damaged"])
    return _Before(rows[-1].id, outcome, sums)


def _again(
    before: _Before,
    came: Mapping[tuple[UUID, UUID], tuple[int, int]],
    names: Mapping[tuple[int, str], tuple[UUID, UUID]],
    back: HandedBack,
) -> Done:
    """Answer that it is done already when both say the same of every line; refuse with both when not."""
    nothing = (0, 0)
    if all(before.sums.get(key, nothing) == came.get(key, nothing) for key in names.values()):
        return Done(before.entry_id, before.outcome, again=True)

    def told(figures: Mapping[tuple[UUID, UUID], tuple[int, int]]) -> tuple[str, ...]:
        named = ((label, figures.get(key, nothing)) for (_, label), key in sorted(names.items()))
        return tuple(f"{label}={good},{damaged}" for label, (good, damaged) in named)

    raise ReceivedOtherwise(number=back.consignment, receipt=back.receipt, before=told(before.sums), now=told(came))


def carried_order(work: Work, *, shipment_id: UUID) -> list[Any]:
    """Return what left with a consignment: (position, line, lot, quantity), in the order of the paper."""
    return list(
        work.connection.execute(
            select(OrderLine.position, Movement.lot_id, func.sum(Movement.quantity).label("quantity"))
            .join(OrderLine, OrderLine.id == Movement.order_line_id)
            .where(Movement.to_place_id == shipment_id, Movement.reason == "ship")
            .group_by(OrderLine.position, Movement.lot_id)
            .order_by(OrderLine.position, Movement.lot_id)
        )
    )

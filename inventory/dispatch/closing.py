"""Closing the loop: goods in a receiver's custody are used or come back; nothing is left unexplained."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.work import Work
from inventory.ledger.commands import open_place
from inventory.ledger.posting import post, virtual_place
from inventory.ledger.rules import Line
from inventory.models import Custody, Place
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import At


def use_goods(work: Work, *, id: UUID, custody_id: UUID, lot_id: UUID, quantity: int, note: str = "") -> Done:
    """Record what a receiver used or handed out to people: custody to consumed, in base units."""
    custody = work.session.get(Custody, custody_id)
    asked = {"custody": custody_id, "lot": lot_id, "quantity": quantity, "note": note}
    at = At(site_id=custody.site_id) if custody else At()
    deed = begin(work, id=id, kind="use_goods", asked=asked, at=at)
    if deed.done:
        return deed.done
    if custody is None:
        raise NotFound(kind="custody", key=str(custody_id))
    line = Line(lot_id, custody_id, virtual_place(work, "consumed"), quantity, "used")
    post(work, deed=deed, lines=[line])
    return finish(work, deed, outcome={"quantity": quantity}, subject_id=custody_id, incident_id=custody.incident_id)


def return_goods(
    work: Work, *, id: UUID, custody_id: UUID, lot_id: UUID, quantity: int, site_id: UUID, note: str = ""
) -> Done:
    """Take goods back from a receiver: custody to the quarantine area of a site, to be inspected."""
    custody = work.session.get(Custody, custody_id)
    asked = {"custody": custody_id, "lot": lot_id, "quantity": quantity, "site": site_id, "note": note}
    deed = begin(work, id=id, kind="return_goods", asked=asked, at=At(site_id=site_id))
    if deed.done:
        return deed.done
    if custody is None:
        raise NotFound(kind="custody", key=str(custody_id))
    line = Line(lot_id, custody_id, _quarantine(work, deed, site_id), quantity, "return")
    post(work, deed=deed, lines=[line])
    return finish(work, deed, outcome={"quantity": quantity}, subject_id=custody_id, incident_id=custody.incident_id)


def _quarantine(work: Work, deed: Deed, site_id: UUID) -> UUID:
    found = work.session.scalar(
        select(Place.id)
        .where(Place.site_id == site_id, Place.kind == "quarantine", Place.open)
        .order_by(Place.code)
        .limit(1)
    )
    if found is not None:
        return found
    return open_place(work, deed=deed, id=work.env.new_id(), kind="quarantine", code="QUARANTINE-1", site_id=site_id)

"""Papers of the warehouse: waybill and issue note of a consignment, receipt note of goods in, variance report."""

from __future__ import annotations

from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store
from inventory.dispatch.tracking import shipment
from inventory.errands.papers import paper_print
from ui.parts.downloads import PDF, File, offers


def _file(store: Store, actor: Actor, kind: str, subject_id: UUID, language: str) -> File:
    """Print a paper; its file is named by its own number."""
    made = paper_print(store, actor, kind=kind, subject_id=subject_id, language=language)
    return File(name=f"{made.number}-{kind.replace('_', '-')}.pdf", media_type=PDF, body=made.pdf, missing=made.missing)


def _id(kind: str, key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(kind=kind, key=key[:60]) from None


@offers("waybill", opens=True)
def waybill(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the waybill of a consignment as PDF; `key` is the number of the consignment."""
    found = store.read(actor, lambda work: shipment(work, number=key))
    return _file(store, actor, "waybill", found.id, language)


@offers("issue_note", opens=True)
def issue_note(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the issue note of a consignment as PDF; `key` is the number of the consignment."""
    found = store.read(actor, lambda work: shipment(work, number=key))
    return _file(store, actor, "issue_note", found.id, language)


@offers("receipt_note", opens=True)
def receipt_note(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the receipt note of an entry as PDF; `key` is the id of the entry."""
    return _file(store, actor, "receipt_note", _id("entry", key), language)


@offers("variance_report", opens=True)
def variance_report(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the variance report of a count as PDF; `key` is the id of the count."""
    return _file(store, actor, "variance_report", _id("count", key), language)

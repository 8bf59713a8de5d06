"""Files of an incident and of its requests: record, close-out, requirement sheet, cards, request and demand report."""

from __future__ import annotations

from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store
from inventory.errands.papers import paper_pdf
from inventory.incidents.queries import incident, request
from ui.parts.downloads import PDF, File, offers


def _id(kind: str, key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(kind=kind, key=key[:60]) from None


def _of_incident(store: Store, actor: Actor, kind: str, key: str, language: str) -> File:
    """Return a paper of the incident whose id is `key`."""
    incident_id = _id("incident", key)
    number = store.read(actor, lambda work: incident(work, incident_id=incident_id)).number
    body = paper_pdf(store, actor, kind=kind, subject_id=incident_id, language=language)
    return File(name=f"{number}-{kind}.pdf", media_type=PDF, body=body)


def _of_request(store: Store, actor: Actor, kind: str, key: str, language: str) -> File:
    """Return a paper of the request whose id is `key`."""
    request_id = _id("request", key)
    number = store.read(actor, lambda work: request(work, request_id=request_id)).number
    body = paper_pdf(store, actor, kind=kind, subject_id=request_id, language=language)
    return File(name=f"{number}-{kind}.pdf", media_type=PDF, body=body)


@offers("incident_record", opens=True)
def incident_record(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the record of an incident as PDF; after something happened it is a new revision."""
    return _of_incident(store, actor, "incident_record", key, language)


@offers("close_out", opens=True)
def close_out(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the close-out of an incident's goods as PDF."""
    return _of_incident(store, actor, "close_out", key, language)


@offers("requirement_sheet", opens=True)
def requirement_sheet(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the requirement sheet (fields of ICS 215) of an incident as PDF."""
    return _of_incident(store, actor, "requirement_sheet", key, language)


@offers("resource_cards", opens=True)
def resource_cards(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the cards (ICS 219) of the district's teams, vehicles and devices as PDF."""
    return _of_incident(store, actor, "resource_cards", key, language)


@offers("demand_report", opens=True)
def demand_report(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the demand report of a request as PDF."""
    return _of_request(store, actor, "demand_report", key, language)


@offers("resource_request", opens=True)
def resource_request(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return a request with the fields of ICS 213RR as PDF."""
    return _of_request(store, actor, "resource_request", key, language)

"""Files of an incident for its teams: sheets to be filled in at the telephone, at the gate, at the radio."""

from __future__ import annotations

from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store
from inventory.errands.papers import paper_pdf
from inventory.incidents.queries import incident
from ui.parts.downloads import PDF, File, offers


def _file(store: Store, actor: Actor, kind: str, key: str, language: str) -> File:
    """Return a paper of the incident whose id is `key`."""
    try:
        incident_id = UUID(key)
    except ValueError:
        raise NotFound(kind="incident", key=key[:60]) from None
    number = store.read(actor, lambda work: incident(work, incident_id=incident_id)).number
    body = paper_pdf(store, actor, kind=kind, subject_id=incident_id, language=language)
    return File(name=f"{number}-{kind}.pdf", media_type=PDF, body=body)


@offers("mobilisation", opens=True)
def mobilisation(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the mobilisation sheet as PDF, with every team that can be called."""
    return _file(store, actor, "mobilisation", key, language)


@offers("check_in", opens=True)
def check_in(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the check-in list (fields of ICS 211) as PDF, with the district's teams and rows for others."""
    return _file(store, actor, "check_in", key, language)


@offers("status_change", opens=True)
def status_change(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return an empty sheet for changes of status (fields of ICS 210) as PDF."""
    return _file(store, actor, "status_change", key, language)


@offers("communications_plan", opens=True)
def communications_plan(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return an empty communications plan (fields of ICS 205 and the three cuts) as PDF."""
    return _file(store, actor, "communications_plan", key, language)

"""Files that carry data: the data page of a consignment, the receipt page that goes back to its sender."""

from __future__ import annotations

from inventory.core.work import Actor, Store
from inventory.dispatch.handing_back import taking_of
from inventory.dispatch.tracking import shipment
from inventory.errands.papers import paper_pdf
from ui.parts.downloads import PDF, File, offers


@offers("data_page", opens=True)
def data_page(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the data page of a consignment as PDF: all of it in QR codes, for a machine that never saw the order."""
    found = store.read(actor, lambda work: shipment(work, number=key))
    body = paper_pdf(store, actor, kind="data_page", subject_id=found.id, language=language)
    return File(name=f"{key}-data.pdf", media_type=PDF, body=body)


@offers("hand_back", opens=True)
def hand_back(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the receipt of a consignment that was taken from its paper, for its sender."""
    found = store.read(actor, lambda work: taking_of(work, number=key))
    body = paper_pdf(store, actor, kind="hand_back", subject_id=found.id, language=language)
    return File(name=f"{found.receipt}.pdf", media_type=PDF, body=body)

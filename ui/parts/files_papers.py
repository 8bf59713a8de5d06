"""Files of the warehouse: the dispatch order, its pick list, the receipt of a consignment, the ledger of a lot."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name, NotFound
from inventory.core.words import N_, choose, speaker
from inventory.core.work import Actor, Store, Work
from inventory.dispatch.queries import order
from inventory.dispatch.tracking import shipment
from inventory.documents.drawing.wording import BOTH
from inventory.errands.papers import paper_print
from inventory.exchange.writing import export_table
from inventory.ledger.lots import StoryLine, lot_facts, lot_story
from inventory.people.queries import permit
from inventory.people.rules import At
from ui.parts.downloads import PDF, XLSX, File, offers
from ui.parts.trade import DEEDS, PLACES, REASONS

LEDGER_MAX = 20_000
"""The most movements of one lot that an export carries."""

LEDGER = (
    ("sequence", N_("Entry")),
    ("occurred", N_("Happened")),
    ("recorded", N_("Recorded")),
    ("kind", N_("Step")),
    ("reason", N_("Reason")),
    ("source", N_("From")),
    ("target", N_("To")),
    ("quantity", N_("Quantity")),
    ("unit", N_("Unit")),
    ("actor", N_("Who")),
    ("order", N_("Order")),
    ("why", N_("Why")),
)


@offers("order", opens=True)
def order_paper(store: Store, actor: Actor, key: str, *, language: str, both: str = "") -> File:
    """Return the dispatch order (letter and annex) as PDF; the first time it is issued, later the same comes again.

    With `both` an English letter on pages of its own follows the Chinese one.
    """
    found = store.read(actor, lambda work: order(work, number=key))
    return _file(store, actor, "dispatch_order", found.id, f"{key}.pdf", BOTH if both else language)


@offers("pick_list", opens=True)
def pick_list(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the pick list of an order as PDF."""
    found = store.read(actor, lambda work: order(work, number=key))
    return _file(store, actor, "pick_list", found.id, f"{key}-pick.pdf", language)


@offers("receipt", opens=True)
def receipt(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the receipt of a consignment as PDF: before it arrives a form to fill in, then what was recorded."""
    found = store.read(actor, lambda work: shipment(work, number=key))
    return _file(store, actor, "receipt", found.id, f"{key}.pdf", language)


def _file(store: Store, actor: Actor, kind: str, subject_id: UUID, name: str, language: str) -> File:
    made = paper_print(store, actor, kind=kind, subject_id=subject_id, language=language)
    return File(name=name, media_type=PDF, body=made.pdf, missing=made.missing)


@offers("lot")
def ledger(work: Work, key: str, *, language: str, at: str = "") -> File:
    """Return the movements of a lot, newest first, as a table; `at` (ISO) ends it at a past moment."""
    permit(work, "see_ledger", At(own=True))
    try:
        instant = dt.datetime.fromisoformat(at) if at else None
    except ValueError:
        raise NotFound(kind="entry", key=at[:60]) from None
    try:
        lot = lot_facts(work, lot_id=UUID(key))
    except ValueError:
        lot = lot_facts(work, label=key)
    unit = choose(term_names(work, kind="unit").get(lot.unit, Name(lot.unit)), language)
    story = lot_story(work, lot_id=lot.id, until=instant, limit=LEDGER_MAX)
    rows = [_ledger_row(step, language, unit) for step in story]
    body = export_table(rows, LEDGER, language, "xlsx", title=lot.label)
    return File(name=f"lot-{lot.label}.xlsx", media_type=XLSX, body=body)


def _ledger_row(step: StoryLine, language: str, unit: str) -> dict[str, object]:
    say = speaker(language)

    def place(code: str, kind: str, site: Name | None) -> str:
        words = code if kind == "bin" else say(PLACES.get(kind, kind))
        return f"{choose(site, language)} {words}" if site else words

    return {
        "sequence": step.sequence,
        "occurred": step.occurred_at,
        "recorded": step.recorded_at,
        "kind": say(DEEDS.get(step.kind, step.kind)),
        "reason": say(REASONS.get(step.reason, step.reason)),
        "source": place(step.from_place, step.from_kind, step.from_site),
        "target": place(step.to_place, step.to_kind, step.to_site),
        "quantity": step.quantity,
        "unit": unit,
        "actor": choose(step.actor_name, language) if step.actor_name else step.actor,
        "order": step.order or "",
        "why": str(step.facts.get("why") or step.facts.get("note") or ""),
    }

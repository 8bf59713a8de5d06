"""Papers as they are issued: data frozen on the first print, the same bytes ever after, a new revision for a change.

Shared by the command line and the screens. The first print of a document (and the first after it was changed) is an
entry of the journal, `issue_paper`, with the head of the ledger printed on orders; each print is noted in the access
log with who printed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from inventory.core.canonical import canonical
from inventory.core.work import Actor, Store, Work
from inventory.dispatch.handing_back import taking
from inventory.documents.data.carrying import DataPagePaper, HandBackPaper
from inventory.documents.data.counting import CountSheetPaper
from inventory.documents.data.dispatch import DispatchOrderPaper, PickListPaper, ReceiptPaper
from inventory.documents.data.reviving import revived
from inventory.documents.data.values import LedgerHead, facts_of
from inventory.documents.data.values import Paper as PaperData
from inventory.documents.press import printed
from inventory.documents.sign import PaperKey, load_key, seal
from inventory.errands.carried_facts import data_page_paper, hand_back_paper
from inventory.errands.paper_facts import count_paper, order_paper, pick_list_paper, receipt_paper
from inventory.models import Count, DispatchOrder, Node, Paper, Place, Shipment, SignOff
from inventory.people.access import log_access
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import here, permit
from inventory.people.rules import At

LANGUAGE_OF_RECORD = "zh_CN"
"""The language in which the sha256 of a PDF is kept; in another language the same data are printed."""


@dataclass(frozen=True)
class Form:
    """One kind of paper: the shape of its data, how they are gathered, the table of its subject, where it belongs."""

    kind: str
    shape: type[Any]
    gather: Callable[[Work, UUID], PaperData]
    subject: type[Any]
    site: Callable[[Work, Any], UUID]


def _site_of_shipment(work: Work, row: Any) -> UUID:
    return work.session.get_one(DispatchOrder, row.order_id).from_site_id


def _site_of_taking(work: Work, row: Any) -> UUID:
    return taking(work, consignment_id=row.id).site_id


FORMS: dict[str, Form] = {
    form.kind: form
    for form in (
        Form("dispatch_order", DispatchOrderPaper, order_paper, DispatchOrder, lambda work, row: row.from_site_id),
        Form("pick_list", PickListPaper, pick_list_paper, DispatchOrder, lambda work, row: row.from_site_id),
        Form("receipt", ReceiptPaper, receipt_paper, Shipment, _site_of_shipment),
        Form("data_page", DataPagePaper, data_page_paper, Shipment, _site_of_shipment),
        Form("hand_back", HandBackPaper, hand_back_paper, Place, _site_of_taking),
        Form("count_sheet", CountSheetPaper, count_paper, Count, lambda work, row: row.site_id),
    )
}
"""Kind of paper -> its form."""


def order_pdf(store: Store, actor: Actor, *, order_id: UUID, language: str = LANGUAGE_OF_RECORD) -> bytes:
    """Return a dispatch order (letter and annex) as PDF; raises `NotPermitted`, `NotFound`, `KeyUnusable` …."""
    return paper_pdf(store, actor, kind="dispatch_order", subject_id=order_id, language=language)


def pick_list_pdf(store: Store, actor: Actor, *, order_id: UUID, language: str = LANGUAGE_OF_RECORD) -> bytes:
    """Return the pick list of an order as PDF; raises as `order_pdf`."""
    return paper_pdf(store, actor, kind="pick_list", subject_id=order_id, language=language)


def receipt_pdf(store: Store, actor: Actor, *, shipment_id: UUID, language: str = LANGUAGE_OF_RECORD) -> bytes:
    """Return the hand-over receipt of a consignment as PDF; raises as `order_pdf`."""
    return paper_pdf(store, actor, kind="receipt", subject_id=shipment_id, language=language)


def count_sheet_pdf(store: Store, actor: Actor, *, count_id: UUID, language: str = LANGUAGE_OF_RECORD) -> bytes:
    """Return the blind sheet of a count as PDF; raises as `order_pdf`."""
    return paper_pdf(store, actor, kind="count_sheet", subject_id=count_id, language=language)


def paper_pdf(store: Store, actor: Actor, *, kind: str, subject_id: UUID, language: str = LANGUAGE_OF_RECORD) -> bytes:
    """Return a paper as PDF, issuing it when it is printed for the first time or its document was changed.

    Raises
    ------
    NotPermitted, NotFound, EmptyPaper, BadPaperValue, KeyUnusable, FontUnusable
    """
    form, key = FORMS[kind], load_key(store.env.home)
    draft, last = store.read(actor, lambda work: _look(work, form, subject_id))
    if last is None or _bare(last) != draft:
        store.write(
            actor, lambda work: issue_paper(work, id=store.env.new_id(), kind=kind, subject_id=subject_id, key=key)
        )
        last = store.read(actor, lambda work: _last(work, form, subject_id))
    if last is None:
        raise LookupError(f"{kind} {subject_id} was issued and is not there")
    data = printed(last, key=key, language=language).pdf
    digest = hashlib.sha256(data).digest() if language == LANGUAGE_OF_RECORD else None
    number, revision = last.number, last.revision
    store.write(actor, lambda work: _note_print(work, form, subject_id, number, revision, digest))
    return data


def _note_print(work: Work, form: Form, subject_id: UUID, number: str, revision: int, digest: bytes | None) -> None:
    """Note who printed; the first print in the language of record leaves the sha256 of its bytes with the paper.

    A PDF takes longer to draw than a transaction may last, so this comes after it.
    """
    actor = work.actor
    log_access(work, actor.account_id, actor.login, f"print_{form.kind}", subject_id, "ok", actor.via)
    if digest is not None:
        work.connection.execute(
            update(Paper)
            .where(
                Paper.kind == form.kind,
                Paper.number == number,
                Paper.revision == revision,
                Paper.sha256_pdf.is_(None),
            )
            .values(sha256_pdf=digest)
        )


def issue_paper(work: Work, *, id: UUID, kind: str, subject_id: UUID, key: PaperKey) -> Done:
    """Issue a paper of a document: its data, number, revision, seal and the head of the ledger are kept for good.

    Parameters
    ----------
    kind
        dispatch_order, pick_list, receipt or count_sheet.
    key
        The key of this node, read from its file beforehand.

    Returns
    -------
    Done
        With `paper` (id, None when the last revision is the same), `number` and `revision`.

    Raises
    ------
    NotPermitted, NotFound, EmptyPaper, BadPaperValue
    """
    form = FORMS[kind]
    subject = work.session.get(form.subject, subject_id)
    at = At(site_id=form.site(work, subject)) if subject is not None else At()
    deed = begin(work, id=id, kind="issue_paper", asked={"kind": kind, "subject": subject_id}, at=at)
    if deed.done:
        return deed.done
    draft, last = _look(work, form, subject_id)
    if last is not None and _bare(last) == draft:
        outcome = {"paper": None, "number": last.number, "revision": last.revision}
        return finish(work, deed, outcome=outcome, subject_id=subject_id)
    final = _final(work, draft, revision=last.revision + 1 if last is not None else 1)
    node = work.session.get_one(Node, here(work).id)
    year, sequence = map(int, final.number.rsplit("-", 2)[1:])
    work.connection.execute(
        update(Paper)
        .where(Paper.kind == kind, Paper.subject_id == subject_id, Paper.voided_by_id.is_(None))
        .values(voided_by_id=deed.id)
    )
    values: dict[str, Any] = {
        "id": work.env.new_id(),
        "kind": kind,
        "node_id": node.id,
        "year": year,
        "sequence": sequence,
        "revision": final.revision,
        "number": final.number,
        "subject_id": subject_id,
        "data": canonical(facts_of(final)),
        "sha256_pdf": None,
        "signature": seal(final, key).text.encode(),
        "chain_sequence": node.last_sequence,
        "chain_head": node.head,
        "issued_by_id": deed.id,
        "issued_at": work.now,
    }
    work.connection.execute(insert(Paper), values)
    if kind == "dispatch_order":
        _paper_follows(work, deed_id=deed.id, request_id=getattr(subject, "request_id", None))
    outcome = {"paper": values["id"], "number": final.number, "revision": final.revision}
    return finish(work, deed, outcome=outcome, subject_id=subject_id)


def _paper_follows(work: Work, *, deed_id: UUID, request_id: UUID | None) -> None:
    """Stop the clock of a verbal order: its paper is there now."""
    work.connection.execute(
        update(SignOff)
        .where(SignOff.document_id == request_id, SignOff.paper_due_at.is_not(None), SignOff.paper_entry_id.is_(None))
        .values(paper_entry_id=deed_id)
    )


def _look(work: Work, form: Form, subject_id: UUID) -> tuple[PaperData, PaperData | None]:
    """Return the data as they would be printed now, and those of the last revision."""
    subject = work.session.get(form.subject, subject_id)
    permit(work, "issue_paper", At(site_id=form.site(work, subject)) if subject is not None else At())
    return form.gather(work, subject_id), _last(work, form, subject_id)


def _last(work: Work, form: Form, subject_id: UUID) -> PaperData | None:
    """Return the data of the last revision of a paper."""
    kept = work.connection.execute(
        select(Paper.data)
        .where(Paper.kind == form.kind, Paper.subject_id == subject_id)
        .order_by(Paper.revision.desc())
        .limit(1)
    ).scalar_one_or_none()
    if kept is None:
        return None
    found: PaperData = revived(form.shape, json.loads(kept))
    return found


def _bare(paper: PaperData) -> PaperData:
    """Return a paper without what only its issue adds."""
    if isinstance(paper, DispatchOrderPaper):
        return dataclasses.replace(paper, revision=1, ledger=None)
    return dataclasses.replace(paper, revision=1)


def _final(work: Work, draft: PaperData, *, revision: int) -> PaperData:
    """Return a paper with its revision and, on orders, the head of the ledger before this entry."""
    if isinstance(draft, DispatchOrderPaper):
        node = work.session.get_one(Node, here(work).id)
        head = LedgerHead(node.code, node.last_sequence, node.head.hex())
        return dataclasses.replace(draft, revision=revision, ledger=head)
    return dataclasses.replace(draft, revision=revision)

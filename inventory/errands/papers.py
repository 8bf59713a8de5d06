"""Papers as they are issued: data frozen on the first print, the same bytes ever after, a new revision for a change.

Shared by the command line and the screens. The first print of a document (and the first after it was changed) is an
entry of the journal, `issue_paper`, with the head of the ledger printed on orders; each print is noted in the access
log with who printed.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from inventory.core.canonical import canonical
from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store, Work
from inventory.documents.data.dispatch import DispatchOrderPaper
from inventory.documents.data.reviving import revived
from inventory.documents.data.values import LedgerHead, facts_of
from inventory.documents.data.values import Paper as PaperData
from inventory.documents.pdf_signature import configured_signer
from inventory.documents.sign import PaperKey, load_key, plain_code, seal
from inventory.errands.facts_warehouse import UNNUMBERED
from inventory.errands.paper_forms import FORMS, Form
from inventory.errands.paper_prints import Print, print_of
from inventory.models import Node, Paper, SignOff
from inventory.people.journal import Done, begin, finish
from inventory.people.numbering import number, queue
from inventory.people.queries import here, permit
from inventory.people.rules import At

LANGUAGE_OF_RECORD = "zh_CN"
"""The language that papers are printed in unless another one is asked for."""


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
    """Return a paper as PDF; raises as `paper_print`."""
    return paper_print(store, actor, kind=kind, subject_id=subject_id, language=language).pdf


def paper_print(
    store: Store, actor: Actor, *, kind: str, subject_id: UUID, language: str = LANGUAGE_OF_RECORD
) -> Print:
    """Print a paper, issuing it when it is printed for the first time or its document was changed.

    Raises
    ------
    NotPermitted, NotFound, EmptyPaper, BadPaperValue, KeyUnusable, FontUnusable, and what `print_of` raises
    """
    (paper_id,) = issue_where_due(store, actor, kind=kind, subject_ids=(subject_id,))
    return print_of(store, actor, paper_id=paper_id, language=language)


def issue_where_due(store: Store, actor: Actor, *, kind: str, subject_ids: Sequence[UUID]) -> list[UUID]:
    """Issue papers that are printed for the first time or whose documents were changed; return the ids of the latest.

    All are looked at, and may be refused, before the first is issued.

    Raises
    ------
    NotPermitted, NotFound, EmptyPaper, BadPaperValue, KeyUnusable, CertificateUnusable
    """
    form, key = FORMS[kind], load_key(store.env.home)
    due = store.read(actor, lambda work: [one for one in subject_ids if _due(work, form, one)])
    if due:
        # A certificate that cannot sign is told before anything is issued.
        configured_signer()
    for subject_id in due:
        store.write(actor, partial(issue_paper, id=store.env.new_id(), kind=kind, subject_id=subject_id, key=key))
    return store.read(actor, lambda work: [_last_id(work, kind, one) for one in subject_ids])


def _due(work: Work, form: Form, subject_id: UUID) -> bool:
    """Say whether a paper is to be issued before it is printed."""
    draft, last = _look(work, form, subject_id)
    return last is None or _bare(last) != draft


def revision_print(store: Store, actor: Actor, *, paper_id: UUID, language: str = LANGUAGE_OF_RECORD) -> Print:
    """Print one issued revision: the latest as it was issued, an older one stamped as superseded.

    Raises
    ------
    NotPermitted, NotFound, and what `print_of` raises
    """
    store.read(actor, lambda work: permit_paper(work, paper_id=paper_id))
    return print_of(store, actor, paper_id=paper_id, language=language)


def permit_paper(work: Work, *, paper_id: UUID) -> None:
    """Refuse whom an issued paper is not for.

    Raises
    ------
    NotPermitted, NotFound
    """
    row = work.session.get(Paper, paper_id)
    form = FORMS.get(row.kind) if row is not None else None
    subject = work.session.get(form.subject, row.subject_id) if row is not None and form is not None else None
    _permit(work, form, subject)
    if row is None:
        raise NotFound(kind="paper", key=str(paper_id))


def revision_id(work: Work, kind: str, subject_id: UUID, revision: int) -> UUID:
    """Return the id of an issued revision.

    Raises
    ------
    NotFound
    """
    found: UUID | None = work.connection.execute(
        select(Paper.id).where(Paper.kind == kind, Paper.subject_id == subject_id, Paper.revision == revision)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="paper", key=str(revision))
    return found


def _last_id(work: Work, kind: str, subject_id: UUID) -> UUID:
    """Return the id of the last revision of a paper, which has been issued."""
    query = select(Paper.id).where(Paper.kind == kind, Paper.subject_id == subject_id)
    return work.connection.execute(query.order_by(Paper.revision.desc()).limit(1)).scalar_one()


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
    at = form.at(work, subject)
    deed = begin(work, id=id, kind="issue_paper", asked={"kind": kind, "subject": subject_id}, at=at)
    if deed.done:
        return deed.done
    if form.series:  # Who prints the same for the first time just now must not give it a second number.
        queue(work, form.series)
    draft, last = _look(work, form, subject_id)
    if last is not None and _bare(last) == draft:
        outcome = {"paper": None, "number": last.number, "revision": last.revision}
        return finish(work, deed, outcome=outcome, subject_id=subject_id)
    final = _final(work, form, draft, last)
    sealed = seal(final, key)
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
        "signature": sealed.text.encode(),
        "code": plain_code(sealed.code),
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


def _permit(work: Work, form: Form | None, subject: Any) -> None:
    """Refuse whom a paper of a subject (None: there is none) is not for."""
    at = form.at(work, subject) if form is not None else At()
    permit(work, "issue_paper", at)
    if form is not None and form.also:
        permit(work, form.also, at)


def _look(work: Work, form: Form, subject_id: UUID) -> tuple[PaperData, PaperData | None]:
    """Return the data as they would be printed now, and those of the last revision."""
    subject = work.session.get(form.subject, subject_id)
    _permit(work, form, subject)
    draft, last = form.gather(work, subject_id), _last(work, form, subject_id)
    if isinstance(draft, DispatchOrderPaper) and isinstance(last, DispatchOrderPaper):
        # An order that was issued keeps its manner; what the district has chosen since holds for new ones.
        draft = dataclasses.replace(draft, format=last.format, list_copies=last.list_copies, both_sides=last.both_sides)
    return draft, last


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
    bare = dataclasses.replace(paper, revision=1)
    if FORMS[paper.kind].series:
        bare = dataclasses.replace(bare, number=UNNUMBERED)
    return dataclasses.replace(bare, ledger=None) if isinstance(bare, DispatchOrderPaper) else bare


def _final(work: Work, form: Form, draft: PaperData, last: PaperData | None) -> PaperData:
    """Return a paper with its revision and, where it has one of its own, its number; on orders also the head of the
    ledger before this entry.
    """
    final = dataclasses.replace(draft, revision=last.revision + 1 if last is not None else 1)
    if form.series:
        final = dataclasses.replace(final, number=last.number if last is not None else number(work, form.series)[0])
    if isinstance(final, DispatchOrderPaper):
        node = work.session.get_one(Node, here(work).id)
        return dataclasses.replace(final, ledger=LedgerHead(node.code, node.last_sequence, node.head.hex()))
    return final

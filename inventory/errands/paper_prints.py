"""Prints of an issued paper: the first one is kept and given again; what is not the issued file says so on every page.

Three things can come out. The bytes of the first print, as kept. The paper drawn again because its file is missing or
damaged: where the sums agree these are the same bytes, where they do not (a newer program, another font, a signed
file) every page is stamped. And an older revision, drawn from its data and stamped with the one that replaced it: a
clean copy of it would be taken for an order.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from inventory.core.errors import NotFound
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.documents.data.reviving import revived
from inventory.documents.data.values import Paper as PaperData
from inventory.documents.drawing.blocks import missing_in
from inventory.documents.drawing.engine import stamped
from inventory.documents.drawing.fonts import font_book
from inventory.documents.drawing.wording import BOTH, wordings_of
from inventory.documents.pdf_signature import configured_signer, signed
from inventory.documents.press import PRESSES, printed
from inventory.documents.sign import load_key
from inventory.errands import issued_files
from inventory.models import Paper
from inventory.people.access import log_access

_SUMS = {"zh_CN": Paper.sha256_pdf, "en": Paper.sha256_pdf_en, BOTH: Paper.sha256_pdf_both}
"""Language -> the column with the sha256 of the first print in it."""


@dataclass(frozen=True)
class Print:
    """A PDF of an issued paper; `as_issued` says that its bytes are those of the first print.

    `superseded_by` is the latest revision where this is an older one. `missing` are the code points ("U+2A700") that
    stand on it as 〓, because no font has them: whoever prints is told.
    """

    pdf: bytes
    number: str
    revision: int
    as_issued: bool = True
    superseded_by: int | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Issued:
    """One issued revision: its data, the sum of its first print in a language, and the latest revision there is."""

    id: UUID
    kind: str
    subject_id: UUID
    paper: PaperData
    digest: bytes | None
    latest: int


def issued(work: Work, *, paper_id: UUID, language: str) -> Issued:
    """Return an issued revision.

    Raises
    ------
    NotFound
    """
    row = work.connection.execute(
        select(Paper.kind, Paper.number, Paper.subject_id, Paper.data, _SUMS[language].label("digest")).where(
            Paper.id == paper_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(kind="paper", key=str(paper_id))
    latest = work.connection.execute(
        select(func.max(Paper.revision)).where(Paper.kind == row.kind, Paper.subject_id == row.subject_id)
    ).scalar_one()
    paper: Any = revived(PRESSES[row.kind].shape, json.loads(row.data))
    return Issued(paper_id, row.kind, row.subject_id, paper, row.digest, latest)


def print_of(store: Store, actor: Actor, *, paper_id: UUID, language: str) -> Print:
    """Print an issued revision; whoever calls has asked for permission.

    Raises
    ------
    NotFound, KeyUnusable, FontUnusable, FileUnwritable, CertificateUnusable, SignatureMissing
    """
    one = store.read(actor, lambda work: issued(work, paper_id=paper_id, language=language))
    made = _older(store, one, language) if one.paper.revision < one.latest else _latest(store, one, language)
    store.write(actor, lambda work: note_print(work, one))
    words = wordings_of(language)
    missing = tuple(dict.fromkeys(point for word in words for point in missing_in(one.paper, word, font_book())))
    return replace(made, missing=missing)


def _older(store: Store, one: Issued, language: str) -> Print:
    with stamped(wordings_of(language)[0].text("common.superseded", revision=one.latest)):
        data = printed(one.paper, key=load_key(store.env.home), language=language).pdf
    return Print(data, one.paper.number, one.paper.revision, as_issued=False, superseded_by=one.latest)


def _latest(store: Store, one: Issued, language: str) -> Print:
    data = issued_files.kept(store.env.home, one.digest) if one.digest is not None else None
    if data is not None:
        return Print(data, one.paper.number, one.paper.revision)
    if one.digest is not None:
        return _again(store, one, one.digest, language)
    data = printed(one.paper, key=load_key(store.env.home), language=language).pdf
    signer = configured_signer()
    if signer is not None:
        data = signed(data, signer)
    # The file comes first: a sum without its file would be drawn again for ever.
    ours = issued_files.keep(store.env.home, data)
    digest = store.write(SYSTEM, lambda work: _remember(work, one.id, language, ours))
    if digest == ours:
        return Print(data, one.paper.number, one.paper.revision)
    # Somebody printed it first at the same moment, and signed it a moment apart.
    issued_files.drop(store.env.home, ours)
    return _latest(store, store.read(SYSTEM, lambda work: issued(work, paper_id=one.id, language=language)), language)


def _again(store: Store, one: Issued, digest: bytes, language: str) -> Print:
    """Draw a paper whose file is lost; the same bytes are kept again, others bear a stamp."""
    key = load_key(store.env.home)
    data = printed(one.paper, key=key, language=language).pdf
    if hashlib.sha256(data).digest() == digest:
        issued_files.keep(store.env.home, data)
        return Print(data, one.paper.number, one.paper.revision)
    with stamped(wordings_of(language)[0].text("common.drawn_again")):
        data = printed(one.paper, key=key, language=language).pdf
    return Print(data, one.paper.number, one.paper.revision, as_issued=False)


def _remember(work: Work, paper_id: UUID, language: str, digest: bytes) -> bytes:
    """Leave the sum of the first print with the paper and return the one that stands there, ours or an earlier one."""
    column = _SUMS[language]
    work.connection.execute(update(Paper).where(Paper.id == paper_id, column.is_(None)).values({column.key: digest}))
    return bytes(work.connection.execute(select(column).where(Paper.id == paper_id)).scalar_one() or b"")


def note_print(work: Work, one: Issued) -> None:
    """Note in the access log who printed. A PDF takes longer to draw than a transaction may last: this comes after."""
    actor = work.actor
    log_access(work, actor.account_id, actor.login, f"print_{one.kind}", one.subject_id, "ok", actor.via)

"""Is this paper genuine, and does it still count? One answer to a scanned QR text, a typed code, or number and code.

The answer is *valid* (this exact revision, the latest), *superseded* (genuine, a later revision took its place),
*altered* (the signature fails, or what is signed differs from what is kept here) or *unknown*: no such paper here, a
key that is not trusted, a code that belongs to no paper here, or no text of ours at all, each said apart.

With the keys alone (`checked_offline`) only the signature can be judged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select

from inventory.core.canonical import canonical
from inventory.core.errors import Name
from inventory.core.work import Actor, Store, Work
from inventory.documents.data.reviving import revived
from inventory.documents.data.values import Paper as PaperData
from inventory.documents.press import KIND_OF_MARK, PRESSES
from inventory.documents.sign import (
    DIGEST_BYTES,
    Altered,
    Genuine,
    NotASeal,
    PaperKey,
    TrustedKey,
    UnknownKey,
    code_matches,
    digest_in,
    known_keys,
    load_key,
    plain_code,
    plain_text,
    verify_text,
)
from inventory.errands.paper_forms import FORMS
from inventory.errands.papers import permit_paper
from inventory.models import Account, Journal, Node, Paper
from inventory.people.access import log_access
from inventory.people.queries import permit
from inventory.people.rules import At, NotPermitted

ANSWERS: dict[str, str] = {
    "valid": "valid",
    "genuine": "valid",
    "superseded": "superseded",
    "altered": "altered",
    "differs": "altered",
    "other_contents": "altered",
    "wrong_code": "altered",
    "unknown_paper": "unknown",
    "unknown_key": "unknown",
    "unknown_code": "unknown",
    "not_a_seal": "unknown",
}
"""Code of a verdict -> the answer it belongs to.

genuine: a paper of which no issue is kept (a register); its signature is all there is. altered: the signature fails.
differs: our number under a key that is not ours. other_contents: our own key, but other contents than those kept: the
books were restored or changed since. wrong_code: the number is ours, the code is not one of its revisions'.
unknown_paper: signed by a trusted key, no such paper here. unknown_key, unknown_code: it cannot be told here.
not_a_seal: neither a text of ours nor a code.
"""

TRAVELLING = frozenset({"dispatch_order", "waybill", "issue_note", "receipt", "data_page"})
"""Kinds of paper that go with goods: whoever stands at the gate compares their lines."""

_NUMBER_AND_CODE = re.compile(r"\s*(?P<number>\S*[0-9]{4,})[\s,;:/]+(?P<code>\S.*)")


@dataclass(frozen=True)
class Head:
    """The head of the ledger's chain printed on a paper, and whether our chain has that entry with that hash."""

    node: str
    sequence: int
    hash_hex: str
    in_chain: bool
    recorded_at: dt.datetime | None = None


@dataclass(frozen=True)
class Found:
    """An issued revision kept here: what it is, who issued it, and the latest revision of the same paper.

    `state` is that of its document today, empty where it has none; `may_print` says whether this person may have the
    paper itself. `paper` is what stands on it, to be compared with what is printed: shown to whom it is for, and of
    papers that travel with goods to whoever holds one.
    """

    id: UUID
    kind: str
    subject_id: UUID
    number: str
    revision: int
    issued_at: dt.datetime
    issued_by: Name | None
    latest_revision: int
    latest_at: dt.datetime
    state: str
    paper: PaperData | None
    head: Head | None
    may_print: bool


@dataclass(frozen=True)
class Verdict:
    """The answer, with what the scanned text says of itself; `found` only where the paper itself was recognised."""

    code: str
    number: str = ""
    revision: int = 0
    kind: str = ""
    fingerprint: str = ""
    office: str = ""
    """Whose key signed it: the name it is trusted under, empty for our own or an unknown one."""
    found: Found | None = None

    BY_CODE: ClassVar[dict[str, str]] = ANSWERS

    @property
    def answer(self) -> str:
        """Return "valid", "superseded", "altered" or "unknown"."""
        return self.BY_CODE[self.code]


def verify_paper(store: Store, actor: Actor, *, text: str) -> Verdict:
    """Judge a scanned text, a code, or number and code, and note in the access log that it was asked and answered.

    Raises
    ------
    NotPermitted, KeyUnusable
    """
    keys = known_keys(store.env.home)
    own = load_key(store.env.home) if any(key.own for key in keys) else None
    verdict = store.read(actor, lambda work: verdict_on(work, text=text, keys=keys, own=own))
    subject_id = verdict.found.subject_id if verdict.found else None
    outcome = "ok" if verdict.answer == "valid" else verdict.code
    store.write(
        actor,
        lambda work: log_access(work, actor.account_id, actor.login, "verify_paper", subject_id, outcome, actor.via),
    )
    return verdict


def verdict_on(work: Work, *, text: str, keys: Sequence[TrustedKey], own: PaperKey | None) -> Verdict:
    """Judge a scanned text, a code, or number and code, by the papers kept here.

    Raises
    ------
    NotPermitted
    """
    permit(work, "verify_paper", At(own=True))
    known = {key.fingerprint: key for key in keys}
    scanned = plain_text(text)
    checked = verify_text(scanned, [key.public for key in known.values()])
    if not isinstance(checked, NotASeal):
        return _of_text(work, scanned, checked, known)
    code = plain_code(text)
    if code is not None:
        rows = _by_code(work, code, own)
        return _of_row(work, rows[0], known) if rows else Verdict("unknown_code")
    both = _NUMBER_AND_CODE.fullmatch(unicodedata.normalize("NFKC", text)) if len(text) < 200 else None
    code = plain_code(both["code"]) if both else None
    if both is None or code is None:
        return Verdict("not_a_seal")
    return _of_number(work, both["number"], code, known, own)


def checked_offline(text: str, keys: Sequence[TrustedKey]) -> Genuine | Altered | UnknownKey | NotASeal:
    """Judge the signature of a text by the keys alone; whether it is the latest revision cannot be told."""
    return verify_text(plain_text(text), [key.public for key in keys])


_ROW = (
    select(
        Paper.id,
        Paper.kind,
        Paper.number,
        Paper.revision,
        Paper.subject_id,
        Paper.node_id,
        Paper.data,
        Paper.signature,
        Paper.issued_at,
        Paper.chain_sequence,
        Paper.chain_head,
        Account.name_zh,
        Account.name_en,
        Node.code.label("node"),
    )
    .select_from(Paper)
    .join(Node, Node.id == Paper.node_id)
    .outerjoin(Journal, Journal.id == Paper.issued_by_id)
    .outerjoin(Account, Account.id == Journal.actor_id)
)


def _of_text(work: Work, text: str, checked: Genuine | Altered | UnknownKey, known: dict[str, TrustedKey]) -> Verdict:
    said: dict[str, Any] = {
        "number": checked.number, "revision": checked.revision, "fingerprint": checked.fingerprint,
        "kind": KIND_OF_MARK.get(text.split(":", 2)[1], ""),
        "office": known[checked.fingerprint].office if checked.fingerprint in known else "",
    }  # fmt: skip
    if isinstance(checked, Altered):
        return Verdict("altered", **said)
    # Few papers share a number, all share a kind: left to itself, SQLite may look for the kind.
    of_number = work.connection.execute(_ROW.where(Paper.number == checked.number)).all()
    row = next((one for one in of_number if (one.kind, one.revision) == (said["kind"], checked.revision)), None)
    if row is None and isinstance(checked, UnknownKey):
        return Verdict("unknown_key", **said)
    if row is None:
        kept = said["kind"] not in PRESSES or PRESSES[said["kind"]].shape.kept
        return Verdict("unknown_paper" if kept else "genuine", **said)
    if isinstance(checked, Genuine) and not known[checked.fingerprint].own and checked.fingerprint != _signer(row):
        # Another office whose node has our code gives out the same numbers; its paper is no forgery of ours.
        return Verdict("unknown_paper", **said)
    # Signed by a strange key in the name of a paper that was issued here: that is no other office's paper. Only the
    # very text that was issued is ours, should our own key have been lost since.
    ours = bytes(row.signature or b"") == text.encode()
    if not ours and isinstance(checked, UnknownKey):
        return Verdict("differs", **said)
    if not ours and isinstance(checked, Genuine) and checked.digest != _digest(row):
        return Verdict("other_contents", **said)
    return _of_row(work, row, known)


def _of_number(work: Work, number: str, code: str, known: dict[str, TrustedKey], own: PaperKey | None) -> Verdict:
    """Judge a code that was read together with the number it belongs to."""
    there = work.connection.execute(select(Paper.id).where(Paper.number == number).limit(1)).first()
    rows = [row for row in _by_code(work, code, own) if row.number == number]
    if rows:
        return _of_row(work, rows[0], known)
    return Verdict("wrong_code" if there else "unknown_code", number=number)


def _by_code(work: Work, code: str, own: PaperKey | None) -> list[Any]:
    """Return the revisions with a code: by the index, else among those issued before codes were kept."""
    rows = list(work.connection.execute(_ROW.where(Paper.code == code)))
    if rows or own is None:
        return rows
    older = work.connection.execute(select(Paper.id, Paper.kind, Paper.data).where(Paper.code.is_(None)))
    ids = [row.id for row in older if code_matches(code, _digest(row), own)]
    return list(work.connection.execute(_ROW.where(Paper.id.in_(ids)))) if ids else []


def _signer(row: Any) -> str:
    """Return the fingerprint of the key that signed a kept paper."""
    return (bytes(row.signature or b"").decode("ascii", "replace").split(":") + [""] * 6)[5]


def _digest(row: Any) -> bytes:
    """Return the digest of what is kept, from the very facts: a shape may have gained fields since."""
    facts = {"kind": PRESSES[row.kind].shape.mark, "paper": json.loads(row.data)}
    return hashlib.sha256(canonical(facts)).digest()[:DIGEST_BYTES]


def _of_row(work: Work, row: Any, known: dict[str, TrustedKey]) -> Verdict:
    """Judge a revision that was recognised: it is the latest or not, and what is kept must still fit its own seal."""
    seal = bytes(row.signature or b"").decode("ascii", "replace")
    kept = verify_text(seal, [key.public for key in known.values()])
    said: dict[str, Any] = {"number": row.number, "revision": row.revision, "kind": row.kind}
    if not isinstance(kept, NotASeal):
        said |= {"fingerprint": kept.fingerprint}
        said |= {"office": known[kept.fingerprint].office if kept.fingerprint in known else ""}
    if isinstance(kept, (Altered, NotASeal)) or digest_in(seal) != _digest(row):
        return Verdict("other_contents", **said)
    found = _found(work, row)
    return Verdict("valid" if found.latest_revision == row.revision else "superseded", **said, found=found)


def _found(work: Work, row: Any) -> Found:
    of_number = work.connection.execute(
        select(Paper.kind, Paper.node_id, Paper.revision, Paper.issued_at).where(Paper.number == row.number)
    ).all()
    latest = max(
        (one for one in of_number if (one.kind, one.node_id) == (row.kind, row.node_id)), key=lambda one: one.revision
    )
    try:
        permit_paper(work, paper_id=row.id)
        may_print = True
    except NotPermitted:
        may_print = False
    paper: Any = revived(PRESSES[row.kind].shape, json.loads(row.data))
    return Found(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        number=row.number,
        revision=row.revision,
        issued_at=row.issued_at,
        issued_by=Name(row.name_zh, row.name_en) if row.name_zh else None,
        latest_revision=latest.revision,
        latest_at=latest.issued_at,
        state=_state(work, row),
        paper=paper if may_print or row.kind in TRAVELLING else None,
        head=_head(work, row, paper),
        may_print=may_print,
    )


def _state(work: Work, row: Any) -> str:
    """Return the state of the document today: goods are not handed over on the paper of a cancelled order."""
    form = FORMS.get(row.kind)
    subject = work.session.get(form.subject, row.subject_id) if form is not None else None
    return form.state(work, subject) if form is not None and subject is not None else ""


def _head(work: Work, row: Any, paper: Any) -> Head | None:
    """Return the head of the ledger as it is printed on the paper, compared with our chain."""
    printed = getattr(paper, "ledger", None)
    if printed is None:
        return None
    entry = work.connection.execute(
        select(Journal.hash, Journal.recorded_at)
        .join(Node, Node.id == Journal.node_id)
        .where(Node.code == printed.node, Journal.sequence == printed.sequence)
    ).first()
    there = entry is not None and bytes(entry.hash).hex() == printed.hash_hex
    return Head(printed.node, printed.sequence, printed.hash_hex, there, entry.recorded_at if entry else None)

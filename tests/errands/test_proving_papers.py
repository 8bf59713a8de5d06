"""One answer to a scanned text or a typed code: valid, superseded, altered, unknown; on both databases."""

from __future__ import annotations

import dataclasses
import json
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from inventory.core.canonical import canonical
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.dispatch.picking import cancel_order
from inventory.documents.data.dispatch import DispatchOrderPaper
from inventory.documents.data.reviving import revived
from inventory.documents.data.values import LedgerHead, facts_of
from inventory.documents.sign import PaperKey, load_key, plain_code, seal
from inventory.errands.papers import paper_print
from inventory.errands.proving_papers import ANSWERS, Verdict
from inventory.errands.verdicts import TITLES, VERDICTS, say_more, say_verdict
from inventory.models import AccessLog, Paper
from inventory.people.rules import NotPermitted
from tests.dispatch.steps import seen_of
from tests.errands.trust import changed, issued_order, judged, print_order, rewrite, rows, seal_of
from tests.support.district import District

STRANGER = PaperKey(b"\x07" * 32)
Issued = tuple[District, UUID]


@pytest.fixture
def issued(store: Store) -> Issued:
    """A district and its one issued order."""
    return issued_order(store)


def paper_of(district: District) -> DispatchOrderPaper:
    """Return the data of the latest revision."""
    return revived(DispatchOrderPaper, json.loads(rows(district)[-1].data))


def sloppy(code: str) -> list[str]:
    """Return ways in which people type a code that they heard or read."""
    groups = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in groups)
    return [
        code,
        groups,
        f"  {groups.lower()}\n",
        groups.replace("-", " \u2014 "),
        code.replace("0", "o").replace("1", "l"),
        groups.replace("0", "O").replace("1", "I"),
        full_width,
        ".".join(code),
    ]


def test_the_latest_revision_is_valid_by_text_and_by_code(issued: Issued) -> None:
    """The QR text and the code alone find the paper, who issued it and what stands on it; the head is in our chain."""
    district, order_id = issued
    [row] = rows(district)
    for text in (seal_of(row), f" {seal_of(row).lower()[:80]}\r\n{seal_of(row).lower()[80:]} ", *sloppy(row.code)):
        verdict = judged(district, text)
        assert (verdict.answer, verdict.number, verdict.revision) == ("valid", row.number, 1), text
        found = verdict.found
        assert found is not None
        assert (found.subject_id, found.latest_revision, found.issued_at) == (order_id, 1, row.issued_at)
        assert found.issued_by is not None
        assert found.issued_by.zh == "commander"
        assert found.paper == paper_of(district)
        assert found.head is not None
        assert found.head.in_chain
        assert found.state == "issued"


def test_number_and_code_together_tell_a_forged_code_apart(issued: Issued) -> None:
    """With the number before it a code that fits no revision is a forgery; alone it is only unknown."""
    district, _order_id = issued
    [row] = rows(district)
    other = ("0" if row.code[0] != "0" else "1") + row.code[1:]
    assert judged(district, f"{row.number} {row.code[:4]} {row.code[4:8]} {row.code[8:].lower()}").code == "valid"
    assert judged(district, f"{row.number} {other}").code == "wrong_code"
    assert judged(district, f"{row.number[:-1]}9 {other}").code == "unknown_code"
    assert judged(district, other).code == "unknown_code"


def test_an_older_revision_is_superseded_by_the_latest(issued: Issued) -> None:
    """The first paper is told to be genuine and old, with the number of the revision that counts; so is its code."""
    district, order_id = issued
    changed(district)
    assert print_order(district, order_id).revision == 2
    first, second = rows(district)
    for text in (seal_of(first), first.code, f"{first.number} {first.code}"):
        verdict = judged(district, text)
        assert (verdict.answer, verdict.revision) == ("superseded", 1)
        assert verdict.found is not None
        assert (verdict.found.latest_revision, verdict.found.latest_at) == (2, second.issued_at)
    assert judged(district, seal_of(second)).answer == "valid"
    assert judged(district, second.code).revision == 2


def test_whatever_was_altered_is_said_to_be(issued: Issued) -> None:
    """An altered digit, an altered signature, our number under a strange key, our key under other contents."""
    district, _order_id = issued
    [row] = rows(district)
    text = seal_of(row)
    assert judged(district, text.replace("000001", "000007")).code == "altered"
    assert judged(district, text.replace(":1:", ":2:")).code == "altered"
    assert judged(district, text[:-1] + ("A" if text[-1] != "A" else "B")).code == "altered"
    assert judged(district, seal(paper_of(district), STRANGER).text).code == "differs"
    own = load_key(district.store.env.home)
    other = seal(dataclasses.replace(paper_of(district), vehicle="B-2"), own)
    assert judged(district, other.text).code == "other_contents"
    assert plain_code(other.code) != row.code


def test_what_is_unknown_is_said_apart(issued: Issued) -> None:
    """Another district's paper, a trusted office's paper, a paper of ours that is gone, and no code at all."""
    district, _order_id = issued
    [row] = rows(district)
    theirs = dataclasses.replace(paper_of(district), number="DB-HS-2026-000003")
    sealed = seal(theirs, STRANGER)
    unknown = judged(district, sealed.text)
    assert (unknown.code, unknown.fingerprint) == ("unknown_key", STRANGER.fingerprint)
    assert judged(district, sealed.code).code == "unknown_code"
    (district.store.env.home / "keys" / "Heishan.pub").write_text(STRANGER.public.hex())
    trusted = judged(district, sealed.text)
    assert (trusted.code, trusted.office) == ("unknown_paper", "Heishan")
    ours = seal(dataclasses.replace(paper_of(district), number="DB-TS-2026-000099"), load_key(district.store.env.home))
    assert (judged(district, ours.text).code, judged(district, ours.text).office) == ("unknown_paper", "")
    for text in ("", "nonsense", row.number, row.code[:11], row.code + "0", f"U{row.code[1:]}", "\ud800", "x" * 9000):
        assert judged(district, text).code == "not_a_seal", text


def test_two_offices_may_give_out_the_same_number(issued: Issued) -> None:
    """A trusted office whose node has our code: its paper is genuine and not kept here, no forgery of ours."""
    district, _order_id = issued
    other = seal(dataclasses.replace(paper_of(district), vehicle="B-7"), STRANGER)
    assert judged(district, other.text).code == "differs"
    (district.store.env.home / "keys" / "Heishan.pub").write_text(STRANGER.public.hex())
    verdict = judged(district, other.text)
    assert (verdict.code, verdict.office) == ("unknown_paper", "Heishan")


def test_what_stands_on_a_paper_is_shown_to_whom_it_concerns(issued: Issued) -> None:
    """An order's lines to whoever holds it; those of a pick list only to whom it may be printed for."""
    district, order_id = issued
    keeper = district.people["keeper"]
    paper_print(district.store, keeper, kind="pick_list", subject_id=order_id)
    [pick_list] = [row for row in rows(district) if row.kind == "pick_list"]
    for who, shown in (("keeper", True), ("receiver", False)):
        found = judged(district, pick_list.code, who=who).found
        assert found is not None
        assert (found.paper is not None) == found.may_print == shown


def test_a_record_that_was_changed_no_longer_fits_its_seal(issued: Issued) -> None:
    """The database refuses the change; where somebody gets past it, the paper is not told to be valid."""
    district, _order_id = issued
    [row] = rows(district)
    for values in ({"data": b"{}"}, {"signature": b"x"}, {"code": "0" * 12}):
        with pytest.raises(DBAPIError):
            district.store.write(
                SYSTEM, lambda work, values=values: work.connection.execute(update(Paper).values(values)) and None
            )
    more = dataclasses.replace(paper_of(district), vehicle="B-9")
    rewrite(district, row, data=canonical(facts_of(more)))
    assert judged(district, seal_of(row)).code == "other_contents"
    assert judged(district, row.code).code == "other_contents"


def test_a_paper_from_before_codes_were_kept_is_found_by_its_code(issued: Issued) -> None:
    """Its code follows from our key and its contents."""
    district, _order_id = issued
    [row] = rows(district)
    rewrite(district, row, code=None)
    assert judged(district, row.code).answer == "valid"
    assert judged(district, "0" * 12).code == "unknown_code"


def test_a_lost_key_leaves_our_own_papers_valid(issued: Issued) -> None:
    """The very text that was issued is known to us, though the key that signed it is gone; any other is not."""
    district, _order_id = issued
    [row] = rows(district)
    (district.store.env.home / "keys" / "paper.key").unlink()
    assert judged(district, seal_of(row)).answer == "valid"
    assert judged(district, seal(paper_of(district), STRANGER).text).code == "differs"


def test_a_head_that_is_not_in_our_chain_is_said(issued: Issued) -> None:
    """A paper whose printed head the books do not have tells that they were changed or restored."""
    district, _order_id = issued
    [row] = rows(district)
    paper = paper_of(district)
    assert paper.ledger is not None
    strange = dataclasses.replace(paper, ledger=LedgerHead(paper.ledger.node, paper.ledger.sequence, "00" * 32))
    sealed = seal(strange, load_key(district.store.env.home))
    facts = {"data": canonical(facts_of(strange)), "signature": sealed.text.encode(), "code": plain_code(sealed.code)}
    rewrite(district, row, **facts)
    verdict = judged(district, sealed.text)
    assert verdict.found is not None
    assert verdict.found.head is not None
    assert not verdict.found.head.in_chain
    assert (False, "Ledger head") in [(good, words[:11]) for good, words in say_more(verdict, "en")]


def test_the_paper_of_a_cancelled_order_is_no_green_light(issued: Issued) -> None:
    """It stays genuine and the latest, but the answer says that the order was stopped."""
    district, order_id = issued
    [row] = rows(district)
    district.do("commander", cancel_order, order_id=order_id, seen=seen_of(district, order_id), why="The road is open")
    verdict = judged(district, seal_of(row))
    assert verdict.found is not None
    assert (verdict.answer, verdict.found.state) == ("valid", "cancelled")
    assert not say_more(verdict, "en")[0][0]


def test_every_question_stands_in_the_access_log_and_needs_a_role(issued: Issued) -> None:
    """Who asked and what was answered is kept; whoever has no role is refused; only whom it is for may print it."""
    district, _order_id = issued
    [row] = rows(district)
    judged(district, "nonsense", who="auditor")
    keeper, receiver = (judged(district, row.code, who=who).found for who in ("keeper", "receiver"))
    assert keeper is not None
    assert receiver is not None
    assert (keeper.may_print, receiver.may_print) == (True, False)
    query = select(AccessLog.login, AccessLog.outcome).where(AccessLog.action == "verify_paper").order_by(AccessLog.at)
    told = district.store.read(SYSTEM, lambda work: [tuple(one) for one in work.connection.execute(query)])
    assert told == [("auditor", "not_a_seal"), ("keeper", "ok"), ("receiver", "ok")]
    district.people["nobody"] = Actor(UUID(int=5), "nobody")
    with pytest.raises(NotPermitted):
        judged(district, row.code, who="nobody")


def test_the_code_is_found_by_an_index(issued: Issued) -> None:
    """The plan of the question names the index, on both databases."""
    district, _order_id = issued
    [row] = rows(district)

    def plan(work: Work) -> str:
        if work.on_postgresql:
            work.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        head = "EXPLAIN " if work.on_postgresql else "EXPLAIN QUERY PLAN "
        return str(work.connection.exec_driver_sql(head + f"SELECT id FROM paper WHERE code = '{row.code}'").all())

    assert "ix_paper_code" in district.store.read(SYSTEM, plan)
    assert district.store.read(SYSTEM, lambda work: work.connection.scalar(select(func.count(Paper.id)))) == 1


def test_every_verdict_has_its_words_in_both_languages() -> None:
    """No verdict is told in the wrong language or with a fact left open."""
    assert set(VERDICTS) == set(ANSWERS)
    assert set(TITLES) == set(ANSWERS.values())
    for code in set(ANSWERS) - {"valid", "superseded"}:
        verdict = Verdict(code, "DB-1", 2, "dispatch_order", "ABCD1234", "Heishan")
        chinese, english = (say_verdict(verdict, language) for language in ("zh_CN", "en"))
        assert chinese.what != english.what
        assert not any("%(" in part for said in (chinese, english) for part in (said.what, said.why, said.then))
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese.what)

"""What the check of a paper found, in words: for the terminal and the page alike."""

from __future__ import annotations

from typing import Any

from inventory.core.words import N_, Sentence
from inventory.errands.proving_papers import Verdict
from inventory.speech import Said, say_sentence, state_word

VERDICTS: dict[str, Sentence] = {
    "valid": Sentence(
        what=N_("Valid: %(kind)s %(number)s, revision %(revision)s."),
        why=N_("It is the latest revision, issued %(issued_at)s by %(issued_by)s."),
        then=N_("Compare what is printed with what is shown here."),
    ),
    "genuine": Sentence(
        what=N_("Genuine: %(kind)s %(number)s, revision %(revision)s."),
        why=N_(
            "Such papers are not kept: what they list stands in the books. "
            "Signed with the key %(fingerprint)s%(office)s."
        ),
        then=N_("Print it anew if it is to be compared with today."),
    ),
    "superseded": Sentence(
        what=N_("Superseded: %(kind)s %(number)s, revision %(revision)s."),
        why=N_("It is genuine, but revision %(latest_revision)s took its place on %(latest_at)s."),
        then=N_("Do not act on this paper. Ask for revision %(latest_revision)s."),
    ),
    "altered": Sentence(
        what=N_("Altered or forged: %(number)s, revision %(revision)s."),
        why=N_("It names the key %(fingerprint)s, but the signature does not fit."),
        then=N_("Do not hand anything over. Keep the paper and call the issuing office."),
    ),
    "differs": Sentence(
        what=N_("Altered or forged: %(number)s, revision %(revision)s."),
        why=N_("The number was issued here, but with our key and not with %(fingerprint)s."),
        then=N_("Do not hand anything over. Keep the paper and call the issuing office."),
    ),
    "other_contents": Sentence(
        what=N_("Not what is kept here: %(number)s, revision %(revision)s."),
        why=N_("Other contents stand in the books under this number: they were restored from a backup, or changed."),
        then=N_("Do not hand anything over. Keep the paper, and have the books proven (self-check)."),
    ),
    "wrong_code": Sentence(
        what=N_("Altered or forged: the code does not belong to %(number)s."),
        why=N_("The number was issued here, but none of its revisions has this code."),
        then=N_("Have the code read once more, sign by sign. If it stays, hand nothing over and keep the paper."),
    ),
    "unknown_paper": Sentence(
        what=N_("Unknown: no %(number)s, revision %(revision)s, is kept here."),
        why=N_("The signature fits the trusted key %(fingerprint)s%(office)s, so the paper is genuine."),
        then=N_("Ask the issuing office whether it is the latest revision."),
    ),
    "unknown_key": Sentence(
        what=N_("Unknown: %(number)s, revision %(revision)s, was signed by a key that is not trusted here."),
        why=N_("Nothing can be said of the key %(fingerprint)s: another office's, or a forger's."),
        then=N_("Call the office on the number you know. Its public key can be taken in on this page."),
    ),
    "unknown_code": Sentence(
        what=N_("Unknown: no paper kept here has this code."),
        why=N_("A sign was misread, or another office issued the paper: only that office knows its codes."),
        then=N_("Have the code read once more, with the number before it; or ask the issuing office."),
    ),
    "not_a_seal": Sentence(
        what=N_("This is not the code of one of our papers."),
        why=N_("The text of the square code begins with TD1; a code to read aloud has 12 letters and digits."),
        then=N_("Scan the square code at the top of the paper again."),
    ),
}

TITLES: dict[str, str] = {
    "valid": N_("Valid"),
    "superseded": N_("Superseded"),
    "altered": N_("Altered"),
    "unknown": N_("Unknown"),
}
"""Answer -> its one word."""

STOPPED = frozenset({"cancelled", "declined", "reversed"})
"""States of a document in which its paper, genuine or not, no longer orders anything."""

_DOCUMENT = {
    "dispatch_order": "order",
    "pick_list": "order",
    "count_sheet": "count",
    "variance_report": "count",
    "receipt_note": "entry",
    "resource_request": "request",
    "demand_report": "request",
}
"""Kind of paper -> the kind of document whose states have words."""
_THE_PROGRAM = N_("the program")
_OF = N_(" of %(office)s")
_STATE = N_("The document is in state “%(state)s” today.")
_STOPPED = N_("The document was stopped since (%(state)s): nothing is to be done on this paper any more.")
_IN_CHAIN = N_("Ledger head %(node)s no. %(sequence)s: in our chain, recorded %(recorded_at)s.")
_NOT_IN_CHAIN = N_("Ledger head %(node)s no. %(sequence)s: NOT in our chain. The books were changed, or restored.")


def facts_of(verdict: Verdict) -> dict[str, Any]:
    """Return the facts of a verdict for programs."""
    facts: dict[str, Any] = {
        "answer": verdict.answer,
        "code": verdict.code,
        "genuine": verdict.code in ("valid", "genuine", "superseded", "unknown_paper"),
        "kind": verdict.kind,
        "number": verdict.number,
        "revision": verdict.revision,
        "fingerprint": verdict.fingerprint,
        "office": verdict.office,
    }
    found = verdict.found
    if found is None:
        return facts
    head = found.head
    return facts | {
        "issued_at": found.issued_at,
        "issued_by": found.issued_by,
        "latest_revision": found.latest_revision,
        "latest_at": found.latest_at,
        "state": found.state,
        "head": head and {"node": head.node, "sequence": head.sequence, "hash": head.hash_hex, "found": head.in_chain},
    }


def say_verdict(verdict: Verdict, language: str) -> Said:
    """Return a verdict in words."""
    facts = facts_of(verdict) | {"revision": str(verdict.revision)}
    facts["latest_revision"] = str(facts.get("latest_revision", ""))
    office = say_sentence(Sentence(what=_OF), {"office": verdict.office}, language).what if verdict.office else ""
    by = facts.get("issued_by") or say_sentence(Sentence(what=_THE_PROGRAM), {}, language).what
    return say_sentence(VERDICTS[verdict.code], facts | {"office": office, "issued_by": by}, language)


def say_more(verdict: Verdict, language: str) -> list[tuple[bool, str]]:
    """Return what else is to be known of a paper that was recognised: (good, sentence) each."""
    found = verdict.found
    if found is None:
        return []
    told = []
    if found.kind in _DOCUMENT and found.state:
        stopped = found.state in STOPPED
        state = state_word(_DOCUMENT[found.kind], found.state, language)
        words = say_sentence(Sentence(what=_STOPPED if stopped else _STATE), {"state": state}, language)
        told.append((not stopped, words.what))
    if head := found.head:
        facts = {"node": head.node, "sequence": str(head.sequence), "recorded_at": head.recorded_at or ""}
        told.append(
            (
                head.in_chain,
                say_sentence(Sentence(what=_IN_CHAIN if head.in_chain else _NOT_IN_CHAIN), facts, language).what,
            )
        )
    return told

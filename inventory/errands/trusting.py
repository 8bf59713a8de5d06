"""Trust from a terminal: `verify-paper` judges a paper, `key` shows, hands out and takes in the keys behind it.

`verify-paper` asks the database where there is one. Where there is none, or with `--offline`, it judges by the keys in
the data folder alone and says what it cannot know: whether the paper is the latest revision, and any code read aloud.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from inventory.core.database import sqlite_file
from inventory.core.errors import DatabaseUnavailable
from inventory.core.words import N_
from inventory.core.work import SYSTEM
from inventory.documents.press import KIND_OF_MARK
from inventory.documents.sentences import CHECKS
from inventory.documents.sign import Genuine, NotASeal, known_keys, long_fingerprint_of, plain_code, plain_text
from inventory.errands import paper_keys
from inventory.errands.frame import Answer, Errand, Terminal, deed_id, table, who
from inventory.errands.proving_papers import checked_offline, verify_paper
from inventory.errands.rules import NotFounded
from inventory.errands.verdicts import facts_of, say_more, say_verdict
from inventory.people.accounts import actor_of
from inventory.speech import say_sentence
from inventory.upkeep.rules import DatabaseBehind, DatabaseNewer

_NO_BOOKS = N_("Checked by the keys alone: whether it is the latest revision can only be told by the issuing office.")
_NO_CODES = N_("A code to read aloud can only be checked by the office that issued the paper, in its database.")


def verify(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Judge a paper by its QR text, its code, or number and code."""
    text = " ".join(asked.text)
    file = sqlite_file(terminal.settings.url)
    if asked.offline or (file is not None and not file.exists()):
        return _offline(terminal, text)
    try:
        with terminal.store() as store:
            actor = actor_of(store, asked.login, via="cli") if asked.login else SYSTEM
            verdict = verify_paper(store, actor, text=text)
    except (NotFounded, DatabaseUnavailable, DatabaseBehind, DatabaseNewer):
        # A machine at a road block has the keys and nothing else; that the books were not asked is said.
        return _offline(terminal, text)
    said = say_verdict(verdict, terminal.language)
    lines = [said.what, said.why, *(line for _, line in say_more(verdict, terminal.language)), said.then]
    facts = facts_of(verdict) | {"offline": False}
    return Answer(facts, tuple(filter(None, lines)), problem=verdict.answer != "valid")


def _offline(terminal: Terminal, text: str) -> Answer:
    checked = checked_offline(text, known_keys(terminal.settings.home))
    genuine = isinstance(checked, Genuine)
    answer = {"genuine": "genuine", "altered": "altered"}.get(checked.code, "unknown")
    facts: dict[str, Any] = {"answer": answer, "code": checked.code, "genuine": genuine, "offline": True}
    told: dict[str, Any] = {}
    if not isinstance(checked, NotASeal):
        kind = KIND_OF_MARK.get(plain_text(text).split(":", 2)[1], "")
        told = {"number": checked.number, "revision": str(checked.revision), "fingerprint": checked.fingerprint}
        facts |= told | {"revision": checked.revision, "kind": kind}
    elif plain_code(text):
        facts |= {"answer": "unknown", "code": "unknown_code"}
        return Answer(facts, (terminal.say(_NO_CODES),), problem=True)
    said = say_sentence(CHECKS[checked.code], told, terminal.language)
    lines = (said.what, said.why, terminal.say(_NO_BOOKS) if genuine else "", said.then)
    return Answer(facts, tuple(filter(None, lines)), problem=not genuine)


def list_keys(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """List our own public key and those of other offices; no database is opened."""
    keys = known_keys(terminal.settings.home)
    rows = [
        {
            "office": key.office,
            "own": key.own,
            "fingerprint": key.fingerprint,
            "long_fingerprint": long_fingerprint_of(key.public),
            "public_key": key.public.hex(),
        }
        for key in keys
    ]
    heads = [terminal.say(text) for text in (N_("Office"), N_("On papers"), N_("Fingerprint"))]
    ours = terminal.say(N_("our own"))
    cells = [[key.office or ours, key.fingerprint, long_fingerprint_of(key.public)] for key in keys]
    lines = table(heads, cells) if keys else [terminal.say(N_("There is no key yet; it is made with the first paper."))]
    return Answer({"keys": rows}, tuple(lines))


def export_key(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Write our public key into a file for other offices."""
    with terminal.store() as store:
        data = paper_keys.own_key_file(store, SYSTEM)
        fingerprint = long_fingerprint_of(paper_keys.own_key(store).public)
    if asked.file == "-":
        return Answer({"fingerprint": fingerprint}, raw=data)
    terminal.write_file(asked.file, data)
    lines = (
        terminal.say(N_("Written: %(file)s"), file=asked.file),
        terminal.say(
            N_("Its fingerprint, to be read out over the telephone: %(fingerprint)s"), fingerprint=fingerprint
        ),
    )
    return Answer({"file": asked.file, "fingerprint": fingerprint}, lines)


def trust(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Take in the public key of another office, after its fingerprint was compared."""
    public = paper_keys.read_public_key(terminal.read_file(asked.file, size_max=10_000), file=Path(asked.file).name)
    with terminal.store() as store:
        done = paper_keys.trust(
            store,
            who(store, asked),
            id=deed_id(store, asked),
            office=asked.office,
            public_key=public,
            fingerprint=asked.fingerprint,
        )
    line = terminal.say(N_("Papers of %(office)s are believed from now on (%(fingerprint)s)."), **done.outcome)
    return Answer({"id": done.id, "again": done.again, **done.outcome}, (line,))


def forget(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Believe the papers of an office no longer."""
    with terminal.store() as store:
        done = paper_keys.forget(store, who(store, asked), id=deed_id(store, asked), office=asked.office)
    line = terminal.say(N_("Papers of %(office)s are no longer believed."), **done.outcome)
    return Answer({"id": done.id, "again": done.again, **done.outcome}, (line,))


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text", metavar="TEXT", nargs="+", help=N_("what the QR code says; or the code of 12 signs, or number and code")
    )
    parser.add_argument("--offline", action="store_true", help=N_("judge by the keys alone, open no database"))
    parser.add_argument("--as", dest="login", metavar="LOGIN", help=N_("who asks; noted in the access log"))


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=N_("where to write it, - for standard output"))


def _trust_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("office", metavar="NAME", help=N_("whose key it is"))
    parser.add_argument("file", metavar="FILE", help=N_("the file that the office has written"))
    parser.add_argument(
        "--fingerprint", metavar="SIGNS", required=True, help=N_("the 24 signs as the office reads them out")
    )


def _forget_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("office", metavar="NAME", help=N_("whose key it is"))


ERRANDS = (
    Errand("verify-paper", N_("Judge a paper: valid, superseded, altered or unknown."), verify, _verify_arguments),
    Errand("key list", N_("List the keys that papers are checked with."), list_keys),
    Errand("key export", N_("Write our public key into a file for other offices."), export_key, _export_arguments),
    Errand("key trust", N_("Believe the papers of another office."), trust, _trust_arguments, True),
    Errand("key forget", N_("Believe the papers of an office no longer."), forget, _forget_arguments, True),
)

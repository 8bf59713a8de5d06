"""The words of refusals and faults, made at the edge from code and facts.

Every room keeps its own in `sentences.py`: `SENTENCES` (code of a refusal -> sentence), `FAULTS` (code of a fault in a
file -> one sentence) and `WORDS` (codes that stand as facts, by group). This module brings them together. Nothing in
the rooms imports it.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from inventory.core.errors import BrokenInvariant, Fault, Refusal
from inventory.core.words import Sentence, fill, speaker

ROOMS = (
    "core",
    "planner",
    "people",
    "catalogue",
    "places",
    "ledger",
    "stockpiles",
    "stocktaking",
    "teams",
    "comms",
    "incidents",
    "allocation",
    "dispatch",
    "documents",
    "exchange",
    "sync",
    "upkeep",
    "errands",
)
"""Rooms that may have a sentences.py, in the order of the floors."""

GROUPS: dict[str, str] = {
    "kind": "kind",
    "state": "state",
    "wanted": "state",
    "role": "role",
    "other_role": "role",
    "roles": "role",
    "problems": "problem",
    "field": "field",
    "reason": "reason",
}
"""Fact -> the group of `WORDS` in which its codes are looked up; a state first in that of its `kind` (order_state)."""


@dataclass(frozen=True)
class Said:
    """A refusal in words: what did not happen, why, what to do now. `why` and `then` may be empty."""

    what: str
    why: str
    then: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.then) if part)


@cache
def _rooms() -> tuple[ModuleType, ...]:
    """Return the sentences of the rooms that have any."""
    found = []
    for room in ROOMS:
        package = f"inventory.{room}"
        spec = importlib.util.find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            continue
        if importlib.util.find_spec(f"{package}.sentences") is not None:
            found.append(importlib.import_module(f"{package}.sentences"))
    return tuple(found)


@cache
def sentences() -> dict[str, Sentence]:
    """Return every refusal's sentence by code; two rooms that tell one code differently raise `BrokenInvariant`."""
    return _gather("SENTENCES")


@cache
def fault_sentences() -> dict[str, str]:
    """Return every fault's sentence (a msgid) by code."""
    return _gather("FAULTS")


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the words for codes that stand as facts: group -> code -> msgid."""
    found: dict[str, dict[str, str]] = {}
    for room in _rooms():
        for group, entries in getattr(room, "WORDS", {}).items():
            found.setdefault(group, {}).update(entries)
    return found


def _gather(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for room in _rooms():
        for code, told in getattr(room, name, {}).items():
            if found.setdefault(code, told) != told:
                raise BrokenInvariant(f"{code} is told in two ways, the second in {room.__name__}")
    return found


def state_word(kind: str, state: str, language: str) -> str:
    """Return the word for a state of an order, request, incident or count; the bare code where there is none."""
    known = words().get(f"{kind}_state", {}) or words()["state"]
    return speaker(language)(known[state]) if state in known else state


def _readable(fact: str, value: Any, language: str, kind: object) -> Any:
    """Return a fact with its codes in words, where they have any; the states of each kind have words of their own."""
    group = GROUPS.get(fact, "")
    known = words().get(group, {})
    if group == "state":
        known = words().get(f"{kind}_state", known)
    if isinstance(value, str) and value in known:
        return speaker(language)(known[value])
    if isinstance(value, (list, tuple)):
        return tuple(_readable(fact, item, language, kind) for item in value)
    return value


def _told(facts: dict[str, Any], language: str) -> dict[str, Any]:
    return {fact: _readable(fact, value, language, facts.get("kind")) for fact, value in facts.items()}


def say(refusal: Refusal, language: str) -> Said:
    """Return a refusal in words; `language` is "zh_CN" or "en".

    A code without a sentence is told as "not done" with the bare code and facts, so that nothing is hidden.
    """
    sentence = sentences().get(refusal.code)
    if sentence is None:
        return Said(fill(sentences()["refused"].what, {}, language), str(refusal), "")
    return say_sentence(sentence, refusal.facts, language)


def say_sentence(sentence: Sentence, facts: dict[str, Any], language: str) -> Said:
    """Return a sentence that is no refusal (the outcome of a check) in words, its facts told as those of refusals."""
    told = _told(facts, language)
    return Said(*(fill(part, told, language) for part in (sentence.what, sentence.why, sentence.then)))


def say_fault(fault: Fault, language: str) -> str:
    """Return one fault of a file in words, without its row and column."""
    msgid = fault_sentences().get(fault.code)
    if msgid is None:
        return f"{fault.code}: {fault.facts}"
    return fill(msgid, _told(fault.facts, language), language)

"""The words: both catalogues complete, and a sentence for every refusal and every fault of a file."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import inventory
from inventory import speech
from inventory.core.errors import NeedsConfirmation, Refusal
from inventory.core.words import LANGUAGES, Sentence
from tools import words

PARENTS = (Refusal, NeedsConfirmation)
"""Raised only as one of their children."""


@pytest.fixture(scope="module")
def modules() -> list[ModuleType]:
    """Every module of the program; running it as a program apart."""
    found = pkgutil.walk_packages(inventory.__path__, "inventory.")
    return [importlib.import_module(info.name) for info in found if not info.name.endswith("__main__")]


@pytest.fixture(scope="module")
def msgids() -> set[str]:
    """What the source says, in English."""
    return set(words.extracted())


@pytest.fixture(scope="module")
def sentences_by_room(modules: list[ModuleType]) -> dict[str, dict[str, Sentence]]:
    """The sentences of each room by the code of their refusal."""
    rooms = [module for module in modules if module.__name__.endswith(".sentences")]
    return {module.__name__: getattr(module, "SENTENCES", {}) for module in rooms}


@pytest.fixture(scope="module")
def sentences(sentences_by_room: dict[str, dict[str, Sentence]]) -> dict[str, Sentence]:
    """All sentences by the code of their refusal."""
    return {code: said for room in sentences_by_room.values() for code, said in room.items()}


def kinds(parent: type[Refusal] = Refusal) -> set[type[Refusal]]:
    """Return all refusals of the program below `parent`; tests declare some of their own."""
    children = {kind for child in parent.__subclasses__() for kind in (child, *kinds(child))}
    return {kind for kind in children if kind.__module__.startswith("inventory.") and kind not in PARENTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_complete(language: str, msgids: set[str]) -> None:
    """Every msgid of the source has its words, and nothing is left over, fuzzy or empty."""
    entries = words.entries(language)
    assert sorted(msgids - {str(entry.id) for entry in entries}) == []
    assert sorted({str(entry.id) for entry in entries} - msgids) == []
    assert [entry.id for entry in entries if entry.fuzzy or not str(entry.string).strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_carries_the_same_facts(language: str) -> None:
    """A translation names the facts of its msgid, all of them and no other, and can be filled."""
    texts = words.translations(language).items()
    assert [(msgid, why) for msgid, text in texts if (why := words.wrong_facts(msgid, text))] == []


def test_english_says_what_the_source_says(msgids: set[str]) -> None:
    """The msgid is the English text."""
    assert {msgid for msgid, text in words.translations("en").items() if msgid != text} == set()


def test_every_refusal_has_its_sentence(modules: list[ModuleType], sentences: dict[str, Sentence]) -> None:
    """Codes are unique, each has one sentence, no sentence is without its refusal."""
    codes = [kind.code for kind in kinds()]
    assert sorted(code for code in codes if codes.count(code) > 1) == []
    assert sorted(set(codes) - set(sentences)) == []
    assert sorted(set(sentences) - set(codes) - {kind.code for kind in PARENTS}) == []


def test_the_edge_knows_the_sentences_of_every_room(modules: list[ModuleType], sentences: dict[str, Sentence]) -> None:
    """What a room says reaches whoever asks `inventory.speech`."""
    assert speech.sentences() == sentences
    rooms = [module for module in modules if module.__name__.endswith(".sentences")]
    told = {code: msgid for module in rooms for code, msgid in getattr(module, "FAULTS", {}).items()}
    assert speech.fault_sentences() == told


def test_one_room_tells_a_refusal(sentences_by_room: dict[str, dict[str, Sentence]]) -> None:
    """Two rooms with a sentence for one code would disagree one day."""
    codes = [code for room in sentences_by_room.values() for code in room]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_sentences_speak_of_facts_that_the_refusal_has(
    modules: list[ModuleType], sentences: dict[str, Sentence]
) -> None:
    """A sentence that names a fact the refusal does not carry could not be said."""
    wrong = []
    for kind in kinds():
        said = sentences.get(kind.code)
        named = words.facts(said.what + said.why + said.then) if said else set()
        carried = set(getattr(kind, "__dataclass_fields__", {}))
        wrong += [(kind.code, name) for name in sorted(named - carried)]
    assert wrong == []


def test_every_sentence_is_in_the_catalogue(sentences: dict[str, Sentence], msgids: set[str]) -> None:
    """A sentence that is not marked with `N_` would be shown in English only."""
    texts = {text for said in sentences.values() for text in (said.what, said.why, said.then) if text}
    assert sorted(texts - msgids) == []


def test_every_fault_has_its_sentence() -> None:
    """Each code that the source gives to a `Fault` is told by some room."""
    assert sorted(fault_codes() - set(speech.fault_sentences())) == []


def fault_codes() -> set[str]:
    """Return the literal codes where faults are made: `…Fault(code)`, `_fault(line, code)`, `faults.add(code)`."""
    codes: set[str] = set()
    for path in Path(inventory.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for value in _code_of_fault(node):
                    codes |= _literals(value)
    return codes


def _code_of_fault(call: ast.Call) -> list[ast.expr]:
    """Return what a call gives as the code of a fault; nothing when it makes none."""
    name = _name(call.func)
    if name == "add" and isinstance(call.func, ast.Attribute) and _name(call.func.value).lower().endswith("faults"):
        return call.args[:1]
    if name == "_fault":
        return call.args[1:2]
    if name in ("Fault", "CellFault"):
        return [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
    return []


def _name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _literals(node: ast.expr) -> set[str]:
    """Return the text that an argument can be: a literal, or one of two."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) | _literals(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_merging_takes_words_in_and_tells_what_is_wrong(tmp_path: Path) -> None:
    """Words for a text of the source come in; an unknown text, wrong facts and a missing one are told."""
    root, locale = tmp_path, tmp_path / "locale"
    (root / "inventory").mkdir()
    (root / "ui").mkdir()
    (root / "inventory" / "a.py").write_text('N_("Two\\nlines"); N_("%(count)s left"); _("Save")', encoding="utf-8")
    table = tmp_path / "a.tsv"
    table.write_text("Two\\nlines\t两\\n行\n%(count)s left\t剩 %(number)s\nGone\t没了\n", encoding="utf-8")
    told = "\n".join(words.merge([table], root=root, locale=locale))
    assert words.translations("zh_CN", locale)["Two\nlines"] == "两\n行"
    assert words.translations("en", locale)["Save"] == "Save"
    for part in ("not in the source: 'Gone'", "facts differ", "missing: 'Save'"):
        assert part in told
    first = words.path_of("zh_CN", locale).read_bytes()
    words.merge([], root=root, locale=locale)
    assert words.path_of("zh_CN", locale).read_bytes() == first

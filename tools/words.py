"""Keep the catalogues: `python -m tools.words [--merge FILE.tsv …]` (also `make words`).

The msgids are taken from the source (`_()` and `N_()`), both catalogues are brought up to them: new ones come in,
those no longer used go out, English repeats the msgid. `--merge` takes Chinese from tables of `msgid<TAB>Chinese`
(`\\n` for a line break). What is still missing in Chinese is listed, and the exit code is 1 while anything is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "inventory" / "locale"
LANGUAGES = ("zh_CN", "en")
FOLDERS = ("inventory", "ui")
KEYWORDS = {"_": None, "N_": None}
_FACT = re.compile(r"%\((\w+)\)")
_BIRTH = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
"""One date for all headers: a catalogue changes when its words do, not when it is written."""


def extracted(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the msgids of the source, each with the files it stands in, sorted."""
    found: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for name, _line, msgid, *_ in extract_from_dir(root / folder, keywords=KEYWORDS):
            if isinstance(msgid, str) and msgid:
                found.setdefault(msgid, set()).add(f"{folder}/{name}")
    return {msgid: sorted(found[msgid]) for msgid in sorted(found)}


def path_of(language: str, locale: Path = LOCALE) -> Path:
    """Return the file of a language's catalogue."""
    return locale / language / "LC_MESSAGES" / "inventory.po"


def translations(language: str, locale: Path = LOCALE) -> dict[str, str]:
    """Return msgid and translation of a catalogue; nothing when there is none yet."""
    return {str(entry.id): str(entry.string) for entry in entries(language, locale)}


def entries(language: str, locale: Path = LOCALE) -> list[Message]:
    """Return the entries of a catalogue without its header, obsolete ones included as they stand."""
    path = path_of(language, locale)
    if not path.exists():
        return []
    with path.open("rb") as source:
        return [entry for entry in read_po(source, locale=language, abort_invalid=True) if entry.id]


def facts(text: str) -> set[str]:
    """Return the names of the facts in a text."""
    return set(_FACT.findall(text))


def read_table(path: Path) -> dict[str, str]:
    """Read `msgid<TAB>Chinese` lines; a wrong line raises `ValueError` with its place."""
    table: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        msgid, tab, chinese = line.partition("\t")
        if not tab or not chinese.strip():
            raise ValueError(f"{path}:{number}: msgid, tab and Chinese are needed: {line!r}")
        key, value = _unescaped(msgid), _unescaped(chinese.strip())
        if table.get(key, value) != value:
            raise ValueError(f"{path}:{number}: {key!r} is translated twice, and differently")
        table[key] = value
    return table


def wrong_facts(msgid: str, string: str) -> str | None:
    """Return why a translation does not carry the facts of its msgid; None when it does."""
    if facts(msgid) != facts(string):
        return f"facts differ: {sorted(facts(msgid))} and {sorted(facts(string))}"
    if facts(msgid):
        for text in (msgid, string):
            try:
                text % dict.fromkeys(facts(msgid), "1")
            except (ValueError, TypeError, KeyError) as error:
                return f"cannot be filled ({error}): {text!r}"
    return None


def update(language: str, known: dict[str, str], found: dict[str, list[str]], locale: Path = LOCALE) -> None:
    """Write the catalogue of a language: exactly the msgids of the source, with the words that are known."""
    catalogue = Catalog(
        locale=language,
        project="Tongdiao",
        version="1",
        copyright_holder="the authors of Tongdiao",
        msgid_bugs_address="-",
        creation_date=_BIRTH,
        revision_date=_BIRTH,
        last_translator="Tongdiao",
        language_team=language,
        fuzzy=False,
        header_comment="# Words of Tongdiao. Kept by `make words`.",
    )
    for msgid, files in found.items():
        flags = ["python-format"] if facts(msgid) else []
        catalogue.add(msgid, known.get(msgid, ""), locations=[(file, 0) for file in files], flags=flags)
    path = path_of(language, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue, width=110, sort_output=True, include_lineno=False)


def merge(tables: Iterable[Path], *, root: Path = ROOT, locale: Path = LOCALE) -> list[str]:
    """Bring both catalogues up to the source and take in the tables; return what is wrong or missing."""
    found = extracted(root)
    known = translations("zh_CN", locale)
    told: list[str] = []
    taken: dict[str, str] = {}
    for path in tables:
        table = read_table(path)
        told += [f"{path.name}: not in the source: {msgid!r}" for msgid in table if msgid not in found]
        told += [
            f"{path.name}: other words than an earlier table: {msgid!r}"
            for msgid, chinese in table.items()
            if taken.get(msgid, chinese) != chinese
        ]
        taken |= table
    known |= taken
    told += [
        f"zh_CN: {why}: {msgid!r}" for msgid in found if known.get(msgid) and (why := wrong_facts(msgid, known[msgid]))
    ]
    told += [f"zh_CN: missing: {msgid!r} ({files[0]})" for msgid, files in found.items() if not known.get(msgid)]
    update("zh_CN", known, found, locale)
    update("en", {msgid: msgid for msgid in found}, found, locale)
    print(f"{len(found)} msgids in the source, {sum(bool(known.get(msgid)) for msgid in found)} of them in Chinese")
    return told


def _unescaped(text: str) -> str:
    return re.sub(r"\\([nt\\])", lambda match: {"n": "\n", "t": "\t", "\\": "\\"}[match[1]], text)


def main() -> int:
    """Update, merge, tell; return 1 while something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE.tsv", help="Chinese to take in")
    told = merge(parser.parse_args().merge)
    for line in told:
        print(line)
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main())

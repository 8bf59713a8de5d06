"""How the tables that we give out are known again: a hidden sheet about the file and a hidden mark in every row.

The mark of a row is `CHECK-CELLS-IDENTITY`: two checks of ten characters, keyed with a secret of this node, and what
the row is about (the label of a count line, the code of an item). The first says that the mark itself was given out
here for this table, the second that the cells which say what the row is about are still those it was given out with.
So an edited mark, a mark moved to another row, and a sheet of another count or district are told apart. It guards
against mistakes; who may do what is decided by roles, never by a file.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inventory.core.canonical import canonical
from inventory.core.errors import Fault, Name
from inventory.core.words import N_, speaker
from inventory.exchange.readers import normal
from inventory.exchange.workbook import COPY_SHEET

if TYPE_CHECKING:
    from inventory.exchange.columns import Line, TableKind

KEY_HEADING = N_("Row mark")
CHECK_CHARACTERS = 10
FOREIGN = frozenset({"wrong_template", "meta_altered", "other_district", "other_key", "other_task"})
"""Faults after which nothing else in the file needs to be looked at."""

_MARK = re.compile(r"([0-9A-Z]{10})-([0-9A-Z]{10})-(.{1,200})")


@dataclass(frozen=True)
class Mark:
    """The mark of a row as it stands in a file."""

    check: str
    cells: str
    identity: str


@dataclass(frozen=True)
class TableSeal:
    """Who gives tables out: the node's code and name, and a secret of its own (32 bytes), never shown."""

    node: str
    name: Name
    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Return eight characters that name the secret without telling it."""
        return self._check("fingerprint")[:8]

    def about(
        self,
        *,
        schema: str,
        version: int,
        title: str,
        task: str = "",
        identities: Sequence[str] = (),
        sheets: Mapping[str, str],
    ) -> dict[str, str]:
        """Return what a table says about itself, in plain words and sealed as a whole.

        Parameters
        ----------
        schema, version, title
            The kind of table, its version, and its name for people.
        task
            The document it belongs to (the number of a count); empty for the district's own lists.
        identities
            What its rows are about; empty for a blank template.
        sheets
            The names of the sheet to fill in ("sheet") and of the one that explains it ("guide").
        """
        facts = {
            "schema": schema,
            "version": str(version),
            "title": title,
            "node": self.node,
            "name_zh": self.name.zh,
            "name_en": self.name.en or self.name.zh,
            "task": task,
            "rows": str(len(identities)),
            "keys": self._check("keys", *sorted(identities)),
            "key": self.fingerprint,
            **sheets,
        }
        return facts | {"seal": self.seal_of(facts)}

    def seal_of(self, facts: Mapping[str, str]) -> str:
        """Return the seal over what a table says about itself."""
        told = sorted((name, value) for name, value in facts.items() if name not in ("seal", COPY_SHEET))
        return self._check("about", *[text for pair in told for text in pair])

    def mark(self, schema: str, task: str, identity: str, cells: Sequence[str]) -> str:
        """Return the mark of a row."""
        check = self._check("row", schema, task, identity)
        return f"{check}-{self._check('cells', schema, task, identity, *cells)}-{identity}"

    def genuine(self, mark: Mark, schema: str, task: str) -> bool:
        """Return whether the mark was given out here, for this table."""
        return hmac.compare_digest(mark.check, self._check("row", schema, task, mark.identity))

    def untouched(self, mark: Mark, schema: str, task: str, cells: Sequence[str]) -> bool:
        """Return whether the cells of the row are those the mark was given out with."""
        return hmac.compare_digest(mark.cells, self._check("cells", schema, task, mark.identity, *cells))

    def _check(self, *texts: str) -> str:
        digest = hmac.new(self.secret, canonical([self.node, *texts]), hashlib.sha256).digest()
        return base64.b32encode(digest).decode()[:CHECK_CHARACTERS]


def seal_for(node: str, name: Name, secret: bytes) -> TableSeal:
    """Return the seal of a node, its secret derived from that with which the node signs its papers."""
    return TableSeal(node, name, hashlib.sha256(b"tongdiao table keys" + secret).digest())


def read_mark(text: str) -> Mark | None:
    """Return the mark that a cell holds, None where it is none of ours."""
    match = _MARK.fullmatch(text.strip())
    return Mark(*match.groups()) if match else None


def plain_cell(value: Any) -> str:
    """Return a value as the check of a row covers it: what looks the same is the same."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ",".join(plain_cell(part) for part in value)
    return normal(str(value))


def about_faults(meta: Mapping[str, str], kind: TableKind, seal: TableSeal | None, task: str) -> list[Fault]:
    """Compare what the file says about itself with what is asked for; files that are not ours pass."""
    schema = meta.get("schema", "")
    if not schema:
        return []
    if schema != kind.key:
        title = Name(zh=speaker("zh_CN")(kind.title), en=speaker("en")(kind.title))
        return [Fault("wrong_template", facts={"found": meta.get("title") or schema, "wanted": title})]
    if seal is not None and meta.get("node", seal.node) != seal.node:
        here = Name(seal.name.zh, seal.name.en)
        found = Name(meta.get("name_zh", meta["node"]), meta.get("name_en"))
        return [Fault("other_district", facts={"found": found, "here": here})]
    if seal is not None and meta.get("key") not in (None, seal.fingerprint):
        return [Fault("other_key")]
    if seal is not None and meta.get("seal") != seal.seal_of(meta):
        return [Fault("meta_altered")]
    if meta.get("task", task) != task:
        return [Fault("other_task", facts={"found": meta["task"], "wanted": task})]
    version = re.sub(r"\.0$", "", meta.get("version", ""))
    if version != str(kind.version):
        return [Fault("other_template_version", facts={"found": version, "wanted": str(kind.version)})]
    return []


class Marking:
    """Compares the hidden marks of the rows of one file with what they stand beside."""

    def __init__(self, kind: TableKind, seal: TableSeal, task: str) -> None:
        self.kind = kind
        self.seal = seal
        self.task = task
        self.seen: dict[str, int] = {}

    def faults(self, line: Line, text: str | None, *, readable: bool) -> list[Fault]:
        """Return what is wrong with the mark of a row; its cells are compared when they could all be read."""
        if text is None:
            return [Fault("mark_missing", line.number)] if self.kind.closed else []
        mark = read_mark(text)
        if mark is None or not self.seal.genuine(mark, self.kind.key, self.task):
            return [Fault("mark_altered", line.number)]
        first = self.seen.setdefault(mark.identity, line.number)
        if first != line.number:
            return [Fault("mark_twice", line.number, "", {"first": first, "of": mark.identity})]
        if readable and not self._belongs(mark, line):
            return [Fault("mark_of_another_row", line.number, "", {"of": mark.identity})]
        return []

    def _belongs(self, mark: Mark, line: Line) -> bool:
        return self.seal.untouched(mark, self.kind.key, self.task, self.kind.printed_of(line.values))

"""What upkeep refuses, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Refusal


@dataclass(eq=False)
class DatabaseNewer(Refusal):
    """The database was made by a newer program than this one."""

    code: ClassVar[str] = "database_newer"
    revision: str
    known: str


@dataclass(eq=False)
class DatabaseBehind(Refusal):
    """The database waits for a migration."""

    code: ClassVar[str] = "database_behind"
    revision: str
    wanted: str


@dataclass(eq=False)
class NotOurs(Refusal):
    """The database holds tables, but none of ours: it belongs to something else."""

    code: ClassVar[str] = "database_not_ours"
    tables: tuple[str, ...]


@dataclass(eq=False)
class NoWayBack(Refusal):
    """Migrations only go forward."""

    code: ClassVar[str] = "no_way_back"
    revision: str


@dataclass(eq=False)
class BackupFailed(Refusal):
    """The backup could not be made; what it was to protect was not begun."""

    code: ClassVar[str] = "backup_failed"
    reason: str


@dataclass(eq=False)
class ToolMissing(Refusal):
    """PostgreSQL is backed up and restored with its own tools, and this one is not on this machine."""

    code: ClassVar[str] = "tool_missing"
    tool: str
    command: str


@dataclass(eq=False)
class FileExists(Refusal):
    """A file of that name is there already and is not overwritten."""

    code: ClassVar[str] = "file_exists"
    file: str


@dataclass(eq=False)
class NotABackup(Refusal):
    """The file cannot be restored: it is not one of our databases, or it is damaged."""

    code: ClassVar[str] = "not_a_backup"
    file: str
    reason: str


@dataclass(eq=False)
class ChainBroken(Refusal):
    """The hash chain of the journal does not hold: rows were changed past the program, or the disk lost some."""

    code: ClassVar[str] = "chain_broken"
    sequence: int
    faults: int


@dataclass(eq=False)
class DemoNotWhole(Refusal):
    """The loading of the demo district was stopped half-way, or still goes on elsewhere."""

    code: ClassVar[str] = "demo_not_whole"
    database: str


@dataclass(eq=False)
class InUse(Refusal):
    """A server or another program has the database open."""

    code: ClassVar[str] = "database_in_use"
    file: str


@dataclass(eq=False)
class RulesMissing(Refusal):
    """Triggers that keep the ledger from being changed are not there."""

    code: ClassVar[str] = "rules_missing"
    names: tuple[str, ...]


@dataclass(eq=False)
class SqliteTooOld(Refusal):
    """This SQLite can corrupt a database in WAL mode."""

    code: ClassVar[str] = "sqlite_too_old"
    version: str
    wanted: str


@dataclass(eq=False)
class AlreadyFounded(Refusal):
    """The database has its district already."""

    code: ClassVar[str] = "already_founded"
    name: str


@dataclass(eq=False)
class BadNodeCode(Refusal):
    """The code of a node is 2 to 12 capitals and digits: it stands in paper numbers."""

    code: ClassVar[str] = "bad_node_code"
    code_given: str


@dataclass(eq=False)
class BadDistrictName(Refusal):
    """The name of the organisation that runs the node is missing or too long for the node's row."""

    code: ClassVar[str] = "bad_district_name"
    length: int
    length_max: int


@dataclass(eq=False)
class CatalogueNotEmpty(Refusal):
    """The starter catalogue goes only into a catalogue without items: it must not mix with the district's own."""

    code: ClassVar[str] = "catalogue_not_empty"
    items: int

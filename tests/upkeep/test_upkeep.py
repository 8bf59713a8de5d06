"""Founding, backing up, restoring, checking at start; and that every refusal has words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from inventory.core.env import Env
from inventory.core.settings import Settings
from inventory.core.work import SYSTEM, Store
from inventory.models import Journal, Node, Place, Term
from inventory.people.chain import verify_chain
from inventory.people.commands import change_setting
from inventory.people.passwords import hash_password
from inventory.people.rules import BadLogin
from inventory.people.settings import number_setting
from inventory.people.signing_in import person_for, sign_in
from inventory.upkeep import Administrator, backup, check_start, found_district, restore
from inventory.upkeep.rules import (
    AlreadyFounded,
    BadDistrictName,
    BadNodeCode,
    ChainBroken,
    FileExists,
    InUse,
    NotABackup,
    RulesMissing,
)

POSTGRESQL = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def found(store: Store, **facts: Any) -> Any:
    """Found a district."""
    facts = {"id": uuid4(), "node_code": "WS", "name_zh": "万盛", **facts}
    return store.write(SYSTEM, lambda work: found_district(work, **facts))


def set_hours(store: Store, value: int, seen: Any = None) -> Any:
    """Change a setting, as a thing that a backup must bring back."""
    facts = {"key": "session_hours", "value": str(value), "seen": seen}
    return store.write(SYSTEM, lambda work: change_setting(work, id=uuid4(), **facts)).id


def hours(store: Store) -> int:
    """Return the setting."""
    return store.read(SYSTEM, lambda work: number_setting(work, "session_hours"))


@pytest.fixture
def settings(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of this test's database."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("INVENTORY_LOCK_SECONDS", "1")
    return Settings()


def test_a_district_is_founded_as_one_entry(store: Store) -> None:
    """One entry, the first of the chain; its places, terms and administrator are there, and he can sign in."""
    id = uuid4()
    administrator = Administrator("Admin", "管理员", hash_password("Correct-horse-7"))
    facts = {"id": id, "administrator": administrator, "division_code": "500110"}
    done = found(store, **facts)
    with store.reading(SYSTEM) as work:
        (entry,) = work.session.scalars(select(Journal)).all()
        assert (entry.id, entry.kind, entry.sequence, entry.actor_id) == (
            id,
            "found_district",
            1,
            None,
        )
        floors = {row.kind: row.floor for row in work.session.scalars(select(Place))}
        kinds = set(work.connection.execute(select(Term.kind)).scalars())
        assert verify_chain(work) == []
    assert {kind for kind, floor in floors.items() if floor == 0} == {"consumed", "scrap"}
    assert {kind for kind, floor in floors.items() if floor < 0} == {
        "supplier",
        "lost_found",
        "conversion",
    }
    assert kinds == {"unit", "reason", "hazard"}
    assert set(done.outcome["places"]) == set(floors)
    token = sign_in(store, login="admin", password="Correct-horse-7", address="a").token
    person = person_for(store, token)
    assert person is not None
    assert {held.role for held in person.roles} == {"system_admin", "security_admin"}
    assert found(store, **facts).again
    check_start(store)


def test_a_district_is_founded_once(store: Store) -> None:
    """A second founding, a bad code and a bad login are refused, and leave nothing."""
    for code in ("", "W", "ws", "WS-1", "W" * 13, "\u8c03\u8fd0"):
        with pytest.raises(BadNodeCode):
            found(store, node_code=code)
    for name in ("", "名" * 41):
        with pytest.raises(BadDistrictName):
            found(store, name_zh=name)
    with pytest.raises(BadLogin):
        found(store, administrator=Administrator("no good", "x", "x"))
    with store.reading(SYSTEM) as work:
        assert work.connection.execute(select(Node.id)).all() == []
    found(store)
    with pytest.raises(AlreadyFounded) as refused:
        found(store)
    assert refused.value.name == "万盛"


def test_a_backup_brings_everything_back(store: Store, settings: Settings, home: Path, env: Env) -> None:
    """What was done after the backup is gone, what was done before is back; what was replaced is kept."""
    found(store)
    seen = set_hours(store, 8)
    file = backup(store, home / "stick" / "backup")
    set_hours(store, 20, seen)
    with pytest.raises(FileExists):
        backup(store, file)
    store.close()
    report = restore(file, settings)
    opened = Store(settings.url, env)
    assert hours(opened) == 8
    assert (report.entries, report.migrated) == (2, False)
    assert report.replaced is not None
    assert report.replaced.exists()
    check_start(opened)
    set_hours(opened, 9, seen)
    opened.close()
    restore(report.replaced, settings)
    opened = Store(settings.url, env)
    assert hours(opened) == 20
    opened.close()


@SQLITE
def test_a_backup_is_one_sound_file_while_others_write(store: Store, home: Path, env: Env) -> None:
    """Entries are written while the copy is made: the copy holds a whole prefix of them, and no side files."""
    found(store)
    seen = set_hours(store, 1)
    for turn in range(10):
        copy = backup(store, home / f"{turn}.db")
        seen = set_hours(store, turn + 2, seen)
        other = Store(f"sqlite:///{copy}", env)
        assert hours(other) == turn + 1
        with other.reading(SYSTEM) as work:
            assert verify_chain(work) == []
        other.close()


@SQLITE
def test_a_restore_waits_for_nobody(store: Store, settings: Settings, home: Path, env: Env) -> None:
    """While this or another process has the database open, nothing is replaced."""
    found(store)
    file = backup(store, home / "backup.db")
    with pytest.raises(InUse):
        restore(file, settings)
    store.close()
    script = (
        "import sys; from pathlib import Path; from inventory.core.env import Env;"
        "from inventory.core.work import Store;"
        "store = Store(sys.argv[1], Env.real(Path('.'))); print('open', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", script, settings.url]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(InUse):
            restore(file, settings)
        other.communicate("")
    restore(file, settings)


def damage_nothing(file: Path) -> None:
    """Something else entirely."""
    file.write_bytes(b"not a database at all" * 500)


def damage_empty(file: Path) -> None:
    """An empty file."""
    file.write_bytes(b"")


def damage_half(file: Path) -> None:
    """The stick was pulled out half way."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def damage_garbled(file: Path) -> None:
    """A stretch in the middle was written wrongly."""
    body = bytearray(file.read_bytes())
    middle = len(body) // 2 // 4096 * 4096
    body[middle : middle + 40_000] = b"\xa5" * 40_000
    file.write_bytes(bytes(body))


def run_sql(file: Path, *statements: str) -> None:
    """Change a database past the program."""
    from pysqlite3 import dbapi2

    connection = dbapi2.connect(str(file), isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def damage_entry(file: Path) -> None:
    """Somebody changed an entry and put the rule back."""
    import re

    from pysqlite3 import dbapi2

    connection = dbapi2.connect(str(file))
    (rule,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_no_update'").fetchone()
    connection.close()
    assert re.match("CREATE TRIGGER", rule)
    run_sql(
        file,
        "DROP TRIGGER journal_no_update",
        "UPDATE journal SET via = 'api' WHERE sequence = 1",
        rule,
    )


def damage_rules(file: Path) -> None:
    """Somebody took a rule away; a restore puts it back, since it migrates, and proves the chain."""
    run_sql(file, "DROP TRIGGER journal_no_update")


def damage_foreign(file: Path) -> None:
    """A database of another program."""
    file.unlink()
    run_sql(file, "CREATE TABLE somebody (n integer)")


DAMAGES: dict[Callable[[Path], None], type[Exception] | None] = {
    damage_nothing: NotABackup,
    damage_empty: NotABackup,
    damage_half: NotABackup,
    damage_garbled: NotABackup,
    damage_entry: ChainBroken,
    damage_foreign: NotABackup,
    damage_rules: None,
}


@SQLITE
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_backup_replaces_nothing(
    store: Store, settings: Settings, home: Path, env: Env, damage: Callable[[Path], None]
) -> None:
    """It is looked over first; the database in use stays byte for byte, and nothing is left lying about."""
    found(store)
    set_hours(store, 8)
    file = backup(store, home / "backup.db")
    store.close()
    damage(file)
    target = Path(make_url(settings.url).database or "")
    before = target.read_bytes()
    wanted = DAMAGES[damage]
    if wanted is None:
        restore(file, settings)
    else:
        with pytest.raises(wanted):
            restore(file, settings)
        assert target.read_bytes() == before
    assert not [path.name for path in home.iterdir() if "restoring" in path.name]
    opened = Store(settings.url, env)
    check_start(opened)
    assert hours(opened) == 8
    opened.close()


@SQLITE
def test_a_damaged_database_can_be_replaced(store: Store, settings: Settings, home: Path, env: Env) -> None:
    """When the database in use cannot be read any more, its bytes are kept and the backup takes its place."""
    found(store)
    set_hours(store, 8)
    file = backup(store, home / "backup.db")
    store.close()
    target = Path(make_url(settings.url).database or "")
    target.write_bytes(b"\x00" * 100_000)
    report = restore(file, settings)
    assert report.replaced is not None
    assert report.replaced.read_bytes() == b"\x00" * 100_000
    opened = Store(settings.url, env)
    assert hours(opened) == 8
    opened.close()


@POSTGRESQL
def test_postgresql_takes_nothing_that_is_not_ours(store: Store, settings: Settings, home: Path, env: Env) -> None:
    """Rubbish, another program's archive, a broken chain, or a server still running: nothing changes."""
    found(store)
    seen = set_hours(store, 8)
    sound = backup(store, home / "sound")
    with pytest.raises(InUse):
        restore(sound, settings)
    with store.reader.connect() as connection, connection.begin():
        connection.execute(text("ALTER TABLE journal DISABLE TRIGGER journal_no_change"))
        connection.execute(text("UPDATE journal SET via = 'api' WHERE sequence = 1"))
        connection.execute(text("ALTER TABLE journal ENABLE TRIGGER journal_no_change"))
    tampered = backup(store, home / "tampered")
    with store.reader.connect() as connection, connection.begin():
        connection.execute(text("ALTER TABLE journal RENAME TO diary"))
    foreign = backup(store, home / "foreign")
    store.close()
    rubbish = home / "rubbish"
    rubbish.write_bytes(b"PGDMP nonsense")
    with pytest.raises(NotABackup):
        restore(foreign, settings)
    with pytest.raises(NotABackup):
        restore(rubbish, settings)
    with store.reader.connect() as connection, connection.begin():
        connection.execute(text("ALTER TABLE diary RENAME TO journal"))
    store.close()
    restore(sound, settings)
    with pytest.raises(ChainBroken):
        restore(tampered, settings)
    opened = Store(settings.url, env)
    check_start(opened)
    assert hours(opened) == 8
    with opened.reading(SYSTEM) as work:
        assert verify_chain(work) == []
    set_hours(opened, 9, seen)
    opened.close()


def test_no_such_file(settings: Settings, home: Path) -> None:
    """A name that leads nowhere is refused."""
    with pytest.raises(NotABackup):
        restore(home / "nothing", settings)


def test_a_start_on_a_cut_chain(store: Store) -> None:
    """The node's row names another last entry than the journal has: do not work on it."""
    found(store)
    with store.reader.connect() as connection, connection.begin():
        connection.execute(text("UPDATE node SET last_sequence = 2"))
    with pytest.raises(ChainBroken):
        check_start(store)


def test_a_start_without_a_rule(store: Store) -> None:
    """A missing trigger is named."""
    with store.reader.connect() as connection, connection.begin():
        connection.execute(text("DROP TRIGGER lot_frozen" + ("" if store.file else " ON lot")))
    with pytest.raises(RulesMissing) as missing:
        check_start(store)
    assert missing.value.names == ("lot_frozen",)

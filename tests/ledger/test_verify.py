"""The proof of the books finds each kind of planted damage, and nothing where there is none; rows resist change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from inventory.core.append_only import create_rules
from inventory.core.database import open_engine
from inventory.core.work import SYSTEM
from inventory.ledger.rules import Free, Line, NewHold
from inventory.ledger.verify import violations
from inventory.models import APPEND_ONLY, FROZEN_COLUMNS
from tests.support.small_district import District

MIDDLE = "(SELECT id FROM journal WHERE sequence = (SELECT max(sequence) - 2 FROM journal))"
WITH_MOVEMENTS = "(SELECT entry_id FROM movement ORDER BY entry_id LIMIT 1)"
DAMAGE: dict[str, tuple[list[str], set[str]]] = {
    "a balance": (
        ["UPDATE balance SET quantity = quantity + 1 WHERE quantity > 0"],
        {"balance_differs_from_movements", "lot_does_not_sum_to_zero"},
    ),
    "a balance gone": (
        ["DELETE FROM balance WHERE quantity = 240"],
        {"movements_without_balance", "lot_does_not_sum_to_zero"},
    ),
    "what is held": (["UPDATE balance SET held = held + 1 WHERE held > 0"], {"held_differs_from_holds"}),
    "a hold": (
        ["UPDATE hold SET used = used - 1, remaining = remaining + 1 WHERE used > 0"],
        {"held_differs_from_holds", "hold_used_differs_from_movements"},
    ),
    "what is overdrawn": (
        ["UPDATE balance SET overdrawn = 3 WHERE quantity = 240"],
        {"overdrawn_differs_from_discrepancies"},
    ),
    "a floor": (["UPDATE balance SET floor = -100 WHERE quantity = 240"], {"floor_differs_from_place"}),
    "a movement's quantity": (
        ["UPDATE movement SET quantity = quantity + 1 WHERE quantity = 240"],
        {"balance_differs_from_movements", "movement_differs_from_entry"},
    ),
    "a movement's time": (
        ["UPDATE movement SET occurred_at = '2026-01-01 00:00:00.000000' WHERE quantity = 240"],
        {"movement_differs_from_entry"},
    ),
    "a movement's reason": (
        ["UPDATE movement SET reason = 'gift' WHERE quantity = 240"],
        {"movement_differs_from_entry"},
    ),
    "a movement gone": (
        ["DELETE FROM movement WHERE quantity = 240"],
        {"balance_differs_from_movements", "movement_differs_from_entry"},
    ),
    "two movements changed about": (
        [
            f"UPDATE movement SET line = 99 WHERE entry_id = {WITH_MOVEMENTS} AND line = 0",
            f"UPDATE movement SET line = 0 WHERE entry_id = {WITH_MOVEMENTS} AND line = 1",
            f"UPDATE movement SET line = 1 WHERE entry_id = {WITH_MOVEMENTS} AND line = 99",
        ],
        {"movement_differs_from_entry"},
    ),
    "movement and balance together": (
        [
            "UPDATE balance SET quantity = 239 WHERE quantity = 240",
            "UPDATE balance SET quantity = -239 WHERE quantity = -240",
            "UPDATE movement SET quantity = 239 WHERE quantity = 240",
        ],
        {"movement_differs_from_entry"},
    ),
    "a fact": (
        [f"UPDATE journal SET facts = {{bytes}} WHERE id = {MIDDLE}"],
        {"chain_broken", "movement_differs_from_entry"},
    ),
    "who did it": ([f"UPDATE journal SET actor_id = NULL WHERE id = {MIDDLE}"], {"chain_broken"}),
    "a missing entry": (
        [f"DELETE FROM movement WHERE entry_id = {MIDDLE}", f"DELETE FROM journal WHERE id = {MIDDLE}"],
        {"chain_broken", "balance_differs_from_movements"},
    ),
    "an entry whose movements stay": (
        [f"DELETE FROM journal WHERE id = {MIDDLE}"],
        {"chain_broken", "movement_without_entry"},
    ),
    "the last entry": (
        ["DELETE FROM journal WHERE sequence = (SELECT last_sequence FROM node)"],
        {"chain_head_differs"},
    ),
    "two entries changed about": (
        [
            "UPDATE journal SET sequence = 9999 WHERE sequence = 5",
            "UPDATE journal SET sequence = 5 WHERE sequence = 6",
            "UPDATE journal SET sequence = 6 WHERE sequence = 9999",
        ],
        {"chain_broken"},
    ),
    "the head": (["UPDATE node SET head = {digest}"], {"chain_head_differs"}),
}


@pytest.fixture
def worked(district: District) -> District:
    """The district after some work: a hold partly used and partly freed, moves."""
    lot, bins = district.lots()["T1"], district.bins()
    hold = UUID(int=77)
    district.post(holds=[NewHold(hold, lot, bins["A-01"], 30)])
    district.post(lines=[Line(lot, bins["A-01"], bins["STAGING"], 12, "pick", hold_id=hold)])
    district.post(lines=[Line(lot, bins["A-01"], bins["A-03"], 9, "move")])
    district.post(frees=[Free(hold, 8)])
    return district


def _attack(url: str, attack: Callable[[Connection], None]) -> None:
    """Change the database past the program."""
    engine = open_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
        attack(connection)
        connection.commit()
    engine.dispose()


def _without_rules(connection: Connection, statements: list[str]) -> None:
    """Run the statements with the triggers off, then bring the rules back as a careful attacker would."""
    binary = {"bytes": "X'7B7D'", "digest": "zeroblob(32)"}
    if connection.dialect.name == "postgresql":
        binary = {"bytes": "'{}'::bytea", "digest": "sha256('forged')"}
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    else:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for statement in statements:
        changed = connection.exec_driver_sql(statement.format(**binary))
        assert changed.rowcount > 0, statement
    if connection.dialect.name == "sqlite":
        create_rules(connection, APPEND_ONLY, FROZEN_COLUMNS)


@pytest.mark.parametrize("damage", DAMAGE)
def test_planted_damage_is_found(worked: District, damage: str) -> None:
    """Each damage is told by the checks that are meant for it; before it there is nothing to tell."""
    assert worked.read(violations) == []
    statements, expected = DAMAGE[damage]
    _attack(worked.store.url, lambda connection: _without_rules(connection, statements))
    found = worked.read(violations)
    assert expected <= {one.code for one in found}, found
    assert all(one.count > 0 and one.example for one in found)


def test_a_missing_rule_is_found(worked: District) -> None:
    """A trigger that is gone is told by its name."""
    on = " ON journal" if worked.store.file is None else ""
    name = "journal_no_change" if worked.store.file is None else "journal_no_update"
    _attack(worked.store.url, lambda connection: connection.exec_driver_sql(f"DROP TRIGGER {name}{on}"))
    assert [(one.code, one.example) for one in worked.read(violations)] == [("missing_rule", name)]


ATTACKS = [
    "UPDATE movement SET quantity = 1",
    "DELETE FROM movement",
    "UPDATE journal SET via = 'cli'",
    "DELETE FROM journal",
    "DELETE FROM movement WHERE quantity = 240",
    "UPDATE lot SET item_id = (SELECT id FROM item WHERE code = 'radio')",
    "UPDATE balance SET quantity = -1 WHERE quantity = 240",
    "UPDATE balance SET held = quantity + 1 WHERE quantity = 240",
    "UPDATE hold SET remaining = remaining + 1",
    "INSERT INTO movement SELECT * FROM movement",
]
ONLY = {
    "sqlite": ["INSERT OR REPLACE INTO movement SELECT * FROM movement", "REPLACE INTO journal SELECT * FROM journal"],
    "postgresql": ["TRUNCATE movement CASCADE", "TRUNCATE journal CASCADE"],
}


def test_the_database_itself_refuses(worked: District, database_kind: str) -> None:
    """Rows of the ledger are neither changed, deleted, replaced nor truncated, and no balance goes below its floor."""
    engine = open_engine(worked.store.url)
    for attack in [*ATTACKS, *ONLY[database_kind]]:
        with engine.connect() as connection:
            with pytest.raises(DBAPIError):
                connection.execute(text(attack))
            connection.rollback()
    engine.dispose()
    assert worked.read(violations) == []


def test_reading_cannot_write(worked: District) -> None:
    """A command on a reading transaction is refused, and what a reader changes is rolled back."""
    with worked.store.reading(SYSTEM) as work:
        work.connection.execute(text("UPDATE setting SET unit = 'x'"))
    assert worked.read(violations) == []
    assert worked.store.env.now.instant.tzinfo is dt.UTC

"""Targets: who may set them, what is refused, and that the gap list follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from inventory.core.errors import NotFound, StalePage
from inventory.core.work import SYSTEM, Store
from inventory.models import Item, Site, Target
from inventory.people.rules import NotPermitted
from inventory.stockpiles import commands, queries, rules
from inventory.teams.rules import resource_reasons
from tests.support.demo import person


def key(store: Store, table: Any, code: str) -> UUID:
    """Return the id of a row by its code."""
    with store.reading(SYSTEM) as work:
        found: UUID = work.connection.scalars(select(table.id).where(table.code == code)).one()
        return found


def save(store: Store, *, login: str = "manager", **facts: Any) -> UUID:
    """Save a target of bottled water and return its id."""
    usual = {"item_id": key(store, Item, "T016"), "kind": "standard", "quantity": 100, "source": "own plan"}
    done = store.write(
        person(store, login), lambda work: commands.save_target(work, id=work.env.new_id(), **(usual | facts))
    )
    return UUID(done.outcome["target"])


def test_a_target_changes_the_gap_list(store: Store) -> None:
    """A new standard shows the shortage at once; changed with the page that was seen, refused with an old one."""
    site_id = key(store, Site, "F01")
    with store.reading(SYSTEM) as work:
        before = next(gap for gap in queries.gaps(work, site_id=site_id) if gap.item_code == "T016")
        seen = work.connection.scalars(
            select(Target.changed_by_id).where(
                Target.site_id == site_id, Target.item_id == before.item_id, Target.kind == "standard"
            )
        ).one()
    save(store, site_id=site_id, quantity=before.usable + 25, seen=seen)
    with store.reading(SYSTEM) as work:
        after = next(gap for gap in queries.gaps(work, site_id=site_id) if gap.item_code == "T016")
    assert after.short_of_standard == 25
    assert after.minimum == before.minimum
    with pytest.raises(StalePage):
        save(store, site_id=site_id, quantity=1, seen=seen)
    with pytest.raises(StalePage):
        save(store, site_id=site_id, quantity=1)


def test_short_only_lists_what_is_short(store: Store) -> None:
    """The filter keeps exactly the rows that are below a target."""
    with store.reading(SYSTEM) as work:
        everything = queries.gaps(work)
        short = queries.gaps(work, short_only=True)
    assert short == [gap for gap in everything if gap.short_of_minimum or gap.short_of_standard]
    assert all(gap.usable <= gap.on_hand for gap in everything)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "wish"}, "target_kind"),
        ({"season": "monsoon"}, "season"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": 10**9}, "quantity"),
        ({"site_id": None}, "scope"),
        ({"source": ""}, "source"),
        ({"confidence": "sure"}, "confidence"),
    ],
)
def test_bad_targets_are_refused(store: Store, change: dict[str, Any], field: str) -> None:
    """Unknown kinds and seasons, impossible quantities, no scope, no source: refused by name."""
    with pytest.raises(rules.BadTarget) as refused:
        save(store, **({"site_id": key(store, Site, "D02")} | change))
    assert refused.value.field == field


def test_only_managers_set_targets(store: Store) -> None:
    """A clerk may not; an item that is not there cannot have one."""
    site_id = key(store, Site, "D02")
    with pytest.raises(NotPermitted):
        save(store, login="clerk", site_id=site_id)
    with pytest.raises(NotFound):
        save(store, site_id=site_id, item_id=UUID(int=5))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 1000), st.integers(1, 10**6))
def test_cover_days(on_hand: int, quantity_milli: int, per_persons: int, people: int) -> None:
    """Stock lasts the days stated and not one more."""
    days = rules.cover_days(on_hand, quantity_milli=quantity_milli, per_persons=per_persons, people=people)
    assert days is not None
    assert days * quantity_milli * people <= on_hand * 1000 * per_persons < (days + 1) * quantity_milli * people


def test_reasons_of_resources() -> None:
    """Available and standby can be given a task; any other state is itself the reason."""
    assert [resource_reasons(state) for state in ("available", "standby", "resting")] == [(), (), ("resting",)]

"""Days are those at home: from midnight to eight in Beijing UTC still writes yesterday; the oldest comes first."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from inventory.core.env import Env
from inventory.dispatch import tracking
from inventory.dispatch.proposals import plan_view
from inventory.dispatch.receiving import receive_shipment
from inventory.dispatch.rules import Received
from inventory.ledger.lots import lot_facts
from tests.dispatch.steps import approved, asked_for, fastest, opened, shipped
from tests.support.district import District

EVENING = dt.datetime(2026, 7, 1, 20, 0, tzinfo=dt.UTC)
"""Four in the morning of 2 July in Beijing."""


def _travel(env: Env, instant: dt.datetime) -> None:
    env.now.instant = instant  # type: ignore[attr-defined]


def test_what_expired_yesterday_is_not_planned_at_four_in_the_morning(district: District, env: Env) -> None:
    """A lot that was good until 1 July cannot go out on 2 July, although UTC still writes 1 July."""
    district.stock("WATER", "CENTRAL", 50, expires_on=dt.date(2026, 7, 1))
    _travel(env, EVENING)
    good = district.stock("WATER", "CENTRAL", 20, expires_on=dt.date(2026, 8, 1))
    plan_id, _seen = fastest(district, asked_for(district, opened(district), {"WATER": 40}))
    view = district.ask(plan_view, plan_id=plan_id)
    label = district.ask(lot_facts, lot_id=good).label
    assert {line.lot for one in view.consignments for line in one.lines} == {label}
    assert [row.short for row in view.shortages] == [20]


def test_goods_come_in_on_the_day_it_is_at_home(district: District, env: Env) -> None:
    """What is received at four in the morning of 2 July came in on 2 July."""
    _travel(env, EVENING)
    lot = district.stock("TENT", "CENTRAL", 5)
    assert district.ask(lot_facts, lot_id=lot).entered_on == dt.date(2026, 7, 2)


def test_discrepancies_stand_oldest_first(district: District, env: Env) -> None:
    """Four receipts, each one short: they are listed as they happened."""
    district.stock("TENT", "CENTRAL", 30)
    incident_id, told = opened(district), []
    for _turn in range(4):
        (order_id,) = approved(district, asked_for(district, incident_id, {"TENT": 5}))
        shipment_id = shipped(district, order_id)
        told.append(shipment_id)
        row = next(one for one in district.ask(tracking.shipments) if one.id == shipment_id)
        lines = [
            Received(line.order_line_id, line.lot_id, good=line.quantity - 1)
            for line in district.ask(tracking.carried_lines, shipment_id=shipment_id)
        ]
        district.do("receiver", receive_shipment, shipment_id=shipment_id, seen=row.seen, lines=lines)
    listed: list[UUID | None] = [one.shipment_id for one in district.ask(tracking.discrepancies)]
    assert listed == told

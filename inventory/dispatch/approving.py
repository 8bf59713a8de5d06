"""Approving a plan: the checker passes it against today's balances, then orders are made and stock is held.

Stock is held at this moment and never before; a verbal approval starts the clock for its paper.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from inventory.allocation import read_stock_key, snapshot
from inventory.core.canonical import canonical
from inventory.core.errors import Name, NotFound, StalePage, WrongState
from inventory.core.work import Work
from inventory.dispatch import rules
from inventory.dispatch.rules import Consignment
from inventory.ledger.posting import post
from inventory.ledger.rules import NewHold
from inventory.models import (
    Account,
    DispatchOrder,
    Item,
    OrderLine,
    Plan,
    Problem,
    Request,
    RequestLine,
    Site,
)
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.numbering import number
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.people.signing_off import sign_off
from inventory.planner.check import check
from inventory.planner.scenario import Scenario, read_scenario


def approve_plan(
    work: Work,
    *,
    id: UUID,
    plan_id: UUID,
    seen: UUID,
    verbal_by: str | None = None,
    override_reason: str | None = None,
    note: str = "",
) -> Done:
    """Approve a plan: orders with numbers, one per sender and receiver, and firm holds on their stock.

    Parameters
    ----------
    seen
        `changed_by_id` of the plan as the screen showed it.
    verbal_by
        Who gave the order by word of mouth; its paper is due within 48 hours.
    override_reason
        Why the requester may approve the own request in an emergency; it is logged and printed.

    Raises
    ------
    NotPermitted, NotFound, StalePage, WrongState, FourEyes, PlanTooOld, PlanStale, PlanUnsound, NothingToOrder,
    NotEnoughStock
    """
    plan = work.session.get(Plan, plan_id)
    request = work.session.get(Request, plan.request_id) if plan else None
    asked = {"plan": plan_id, "verbal_by": verbal_by, "override_reason": override_reason, "note": note}
    at = At(site_id=request.deliver_site_id) if request else At()
    deed = begin(work, id=id, kind="approve_plan", asked=asked, at=at)
    if deed.done:
        return deed.done
    if plan is None or request is None:
        raise NotFound(kind="plan", key=str(plan_id))
    _check_states(plan, request, seen)
    problem = work.session.get_one(Problem, plan.problem_sha256)
    body: dict[str, Any] = json.loads(zlib.decompress(plan.body))
    scenario = read_scenario(zlib.decompress(problem.body))
    if work.now - scenario.now > dt.timedelta(hours=rules.PLAN_HOURS_MAX):
        raise rules.PlanTooOld(planned_at=scenario.now, hours_max=rules.PLAN_HOURS_MAX)
    found = rules.consignments(body)
    if not found:
        raise rules.NothingToOrder()
    for sender in sorted({consignment.from_site_id for consignment in found}):
        # The order is given by the level that owns the stock or one above it: the scope must cover every sender.
        permit(work, "approve_plan", At(site_id=sender))
    _check_today(work, request, scenario, body)
    _sign(work, deed, request.id, verbal_by, override_reason)
    orders, holds = _write_orders(work, deed, plan, request, scenario, found)
    post(work, deed=deed, lines=[], holds=holds)
    work.connection.execute(
        update(Plan)
        .where(Plan.request_id == request.id, Plan.id != plan.id, Plan.state.in_(("proposed", "submitted")))
        .values(state="superseded", changed_by_id=deed.id)
    )
    plan.state, plan.changed_by_id = "approved", deed.id
    request.state, request.changed_by_id = "in_fulfilment", deed.id
    outcome = {"orders": orders, "holds": [hold.id for hold in holds], "request": request.id}
    return finish(work, deed, outcome=outcome, subject_id=request.id, incident_id=request.incident_id)


def _check_states(plan: Plan, request: Request, seen: UUID) -> None:
    if plan.changed_by_id != seen:
        raise StalePage(kind="plan", key=request.number)
    if "approved" not in rules.PLAN_STEPS[plan.state]:
        raise WrongState(kind="plan", key=request.number, state=plan.state, wanted="approved")
    if request.state not in {"submitted", "approved", "in_fulfilment"}:
        raise WrongState(kind="request", key=request.number, state=request.state, wanted="approved")


def _check_today(work: Work, request: Request, scenario: Scenario, body: Mapping[str, Any]) -> None:
    """Let the independent checker judge the plan: against its own question, then against today's books."""
    unsound = check(scenario, body)
    if unsound:
        raise rules.PlanUnsound(faults=len(unsound), first=f"{unsound[0].code} {unsound[0].path}")
    today = snapshot(
        work,
        request_ids=[request.id],
        now=scenario.now,
        reserve_open_to_priority=scenario.policy.reserve_open_to_priority,
    ).scenario
    wrong = [one for one in check(today, body, same_scenario=False) if one.code not in _OF_THE_OLD_SNAPSHOT]
    if wrong:
        raise _stale(work, request, scenario, today, body, len(wrong))


_OF_THE_OLD_SNAPSHOT = frozenset({"plan_wrong_objective"})
"""What a plan states of the snapshot it was made on may differ from today without making it less feasible."""


def _stale(
    work: Work, request: Request, scenario: Scenario, today: Scenario, body: Mapping[str, Any], faults: int
) -> rules.PlanStale:
    """Name the stock row of the plan that today's books no longer carry (or, failing that, the first line)."""
    free = {row.id: row.quantity for row in today.stock}
    drawn: dict[str, int] = {}
    for row in body["consignments"]:
        for line in row["lines"]:
            drawn[line["stock"]] = drawn.get(line["stock"], 0) + line["quantity"]
    key = next((key for key, asked in drawn.items() if asked > free.get(key, 0)), next(iter(drawn)))
    source = next(row for row in scenario.stock if row.id == key)
    item = work.session.get_one(Item, UUID(source.item))
    site = work.session.get_one(Site, UUID(source.place))
    return rules.PlanStale(
        plan=request.number,
        planned_at=scenario.now,
        faults=faults,
        item=Name(item.name_zh, item.name_en),
        site=Name(site.name_zh, site.name_en),
        asked=drawn[key],
        available=free.get(key, 0),
    )


def _sign(work: Work, deed: Deed, document_id: UUID, verbal_by: str | None, override_reason: str | None) -> None:
    """Record who approved; the requester of the same document is refused unless the override says why."""
    if verbal_by is not None and not verbal_by.strip():
        raise rules.VerbalNeedsName()
    sign_off(
        work,
        deed=deed,
        document_id=document_id,
        capacity="recorder" if verbal_by else "approver",
        override_reason=override_reason,
        verbal_by=verbal_by,
        paper_due_at=work.now + dt.timedelta(hours=rules.PAPER_HOURS) if verbal_by else None,
    )


def _write_orders(
    work: Work,
    deed: Deed,
    plan: Plan,
    request: Request,
    scenario: Scenario,
    found: list[Consignment],
) -> tuple[list[dict[str, Any]], list[NewHold]]:
    """Write one order per sender and receiver, one line per request line, one hold per stock row."""
    decider = request.asked_id
    if work.actor.account_id is not None:
        decider = work.session.get_one(Account, work.actor.account_id).organisation_id
    orders: list[dict[str, Any]] = []
    holds: list[NewHold] = []
    for consignment in found:
        order_id = work.env.new_id()
        text, _, _ = number(work, "order")
        receiver = work.session.get_one(Site, consignment.to_site_id)
        work.session.add(
            DispatchOrder(
                id=order_id,
                number=text,
                plan_id=plan.id,
                request_id=request.id,
                incident_id=request.incident_id,
                decider_id=decider,
                from_site_id=consignment.from_site_id,
                to_site_id=consignment.to_site_id,
                receiver_id=receiver.organisation_id,
                contact=f"{receiver.contact} {receiver.phone}".strip(),
                mode=consignment.mode,
                state="issued",
                issued_at=work.now,
                depart_at=scenario.now + dt.timedelta(minutes=consignment.depart_minutes),
                due_at=scenario.now + dt.timedelta(minutes=consignment.arrive_minutes),
                changed_by_id=deed.id,
            )
        )
        work.session.flush()
        holds += _write_order_lines(work, deed, order_id, consignment)
        orders.append({"id": order_id, "number": text})
    return orders, holds


def _write_order_lines(work: Work, deed: Deed, order_id: UUID, consignment: Consignment) -> list[NewHold]:
    holds: list[NewHold] = []
    lines: dict[UUID, OrderLine] = {}
    why: dict[UUID, list[Any]] = {}
    for planned in consignment.lines:
        line = lines.get(planned.request_line_id)
        if line is None:
            line = lines[planned.request_line_id] = OrderLine(
                id=work.env.new_id(),
                order_id=order_id,
                position=len(lines) + 1,
                request_line_id=planned.request_line_id,
                item_id=planned.item_id,
                quantity=0,
                shipped=0,
                received=0,
                closed_short=0,
            )
        line.quantity += planned.quantity
        why.setdefault(planned.request_line_id, []).append(dict(planned.why))
        lot_id, place_id = read_stock_key(planned.stock)
        holds.append(NewHold(work.env.new_id(), lot_id, place_id, planned.quantity, line.id))
    for request_line_id, line in lines.items():
        line.why = canonical(why[request_line_id]).decode()
        work.session.add(line)
        # The order is for no more than was asked; the request line's CHECK stands behind this.
        work.connection.execute(
            update(RequestLine)
            .where(RequestLine.id == request_line_id)
            .values(approved=RequestLine.quantity, ordered=RequestLine.ordered + line.quantity, changed_by_id=deed.id)
        )
    work.session.flush()
    return holds

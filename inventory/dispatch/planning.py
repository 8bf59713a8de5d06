"""Asking for plans: read the books, solve outside any write transaction, keep the checked proposals."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from inventory.allocation import propose_plans as solve_plans
from inventory.allocation import snapshot
from inventory.core.errors import NotFound, StalePage, WrongState
from inventory.core.work import Actor, Store, Work
from inventory.dispatch import rules
from inventory.models import Plan, Problem, Request
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.planner.plan import ALTERNATIVES, write_plan
from inventory.planner.scenario import scenario_sha256, write_scenario


def plan_request(
    store: Store,
    actor: Actor,
    *,
    id: UUID,
    request_id: UUID,
    alternatives: Sequence[str] = ALTERNATIVES,
    seconds: int | None = 10,
    reserve_open_to_priority: int = -1,
    step: Callable[[str], object] = str,
) -> Done:
    """Compute plans for a request and keep them: snapshot, solve, check, then one short write.

    The solver never runs inside a write transaction. The same `id` again answers what was kept the first time.
    `step` is told "snapshot", "solve", "check" and "keep" when each begins.

    Raises
    ------
    NotPermitted, NotFound, WrongState, BrokenInvariant
    """

    def look(work: Work) -> Any:
        request = work.session.get(Request, request_id)
        permit(work, "propose_plans", At(site_id=request.deliver_site_id) if request else At())
        if request is None:
            raise NotFound(kind="request", key=str(request_id))
        if request.state not in {"submitted", "approved", "in_fulfilment"}:
            raise WrongState(kind="request", key=request.number, state=request.state, wanted="submitted")
        return snapshot(work, request_ids=[request_id], reserve_open_to_priority=reserve_open_to_priority)

    step("snapshot")
    seen = store.read(actor, look)
    plans = solve_plans(seen.scenario, alternatives=alternatives, seconds=seconds, step=step)
    step("keep")
    return store.write(
        actor,
        lambda work: propose_plans(
            work,
            id=id,
            request_id=request_id,
            problem=write_scenario(seen.scenario),
            problem_sha256=bytes.fromhex(scenario_sha256(seen.scenario)),
            seen=seen.seen,
            plans=plans,
        ),
    )


def propose_plans(
    work: Work,
    *,
    id: UUID,
    request_id: UUID,
    problem: bytes,
    problem_sha256: bytes,
    seen: dict[str, int],
    plans: Sequence[dict[str, Any]],
) -> Done:
    """Keep checked plans as proposals of a request; earlier proposals of it are superseded.

    Parameters
    ----------
    problem, problem_sha256
        The frozen question, an `inventory-scenario/1` file and its hash.
    seen
        Last journal sequence by node when the question was asked: what came later may make the plans stale.

    Raises
    ------
    NotPermitted, NotFound
    """
    request = work.session.get(Request, request_id)
    at = At(site_id=request.deliver_site_id) if request else At()
    deed = begin(work, id=id, kind="propose_plans", asked={"request": request_id}, at=at)
    if deed.done:
        return deed.done
    if request is None:
        raise NotFound(kind="request", key=str(request_id))
    _keep_problem(work, problem, problem_sha256, seen)
    version = work.session.scalar(select(func.max(Plan.version)).where(Plan.request_id == request_id)) or 0
    work.connection.execute(
        update(Plan)
        .where(Plan.request_id == request_id, Plan.state.in_(("proposed", "submitted")))
        .values(state="superseded", changed_by_id=deed.id)
    )
    kept = []
    for plan in plans:
        plan_id = work.env.new_id()
        kept.append(plan_id)
        work.session.add(
            Plan(
                id=plan_id,
                request_id=request_id,
                problem_sha256=problem_sha256,
                alternative=plan["alternative"],
                version=version + 1,
                state="proposed",
                body=zlib.compress(write_plan(plan)),
                certified=plan["certified"],
                checked_at=work.now,
                seed=plan["solver"]["seed"],
                versions=json.dumps(plan["solver"], sort_keys=True),
                changed_by_id=deed.id,
            )
        )
    outcome = {
        "plans": [
            {"id": plan_id, "alternative": plan["alternative"], "unmet": plan["objective"]["unmet_by_priority"]}
            for plan_id, plan in zip(kept, plans, strict=True)
        ],
        "version": version + 1,
    }
    return finish(work, deed, outcome=outcome, subject_id=request_id, incident_id=request.incident_id)


def _keep_problem(work: Work, problem: bytes, problem_sha256: bytes, seen: dict[str, int]) -> None:
    """Keep the frozen question once, however many plans answer it."""
    if work.session.get(Problem, problem_sha256) is None:
        work.session.add(
            Problem(
                sha256=problem_sha256,
                body=zlib.compress(problem),
                seen=json.dumps(seen, sort_keys=True),
                made_at=work.now,
            )
        )
        work.session.flush()


def reject_plan(work: Work, *, id: UUID, plan_id: UUID, seen: UUID, why: str) -> Done:
    """Reject a proposed plan with a reason."""
    plan = work.session.get(Plan, plan_id)
    request = work.session.get(Request, plan.request_id) if plan else None
    at = At(site_id=request.deliver_site_id) if request else At()
    deed = begin(work, id=id, kind="reject_plan", asked={"plan": plan_id, "why": why}, at=at)
    if deed.done:
        return deed.done
    if plan is None or request is None:
        raise NotFound(kind="plan", key=str(plan_id))
    if plan.changed_by_id != seen:
        raise StalePage(kind="plan", key=request.number)
    if "rejected" not in rules.PLAN_STEPS[plan.state]:
        raise WrongState(kind="plan", key=request.number, state=plan.state, wanted="rejected")
    plan.state, plan.changed_by_id = "rejected", deed.id
    return finish(work, deed, outcome={"state": "rejected"}, subject_id=request.id, incident_id=request.incident_id)

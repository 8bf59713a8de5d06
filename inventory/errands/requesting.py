"""From the first report to approved orders: `incident`, `request`, `propose`, `approve`."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from typing import Any
from uuid import UUID

from inventory.core.quantities import read_quantity
from inventory.core.words import N_
from inventory.core.work import SYSTEM, Work
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.planning import plan_request
from inventory.dispatch.proposals import plan_view, plans_of
from inventory.errands.deeds import Desk, desk
from inventory.errands.finding import find_in
from inventory.errands.frame import Answer, Errand, Terminal, table
from inventory.errands.rules import NoSuchPlan
from inventory.incidents.commands import change_incident, close_incident, open_incident, submit_request
from inventory.incidents.queries import incident as incident_row
from inventory.incidents.queries import incidents, proposed_needs
from inventory.incidents.rules import Affected, NeedLine
from inventory.models import Account
from inventory.people.queries import here
from inventory.people.stories import entry
from inventory.planner.plan import ALTERNATIVES

_AFFECTED = re.compile(r"(?P<site>[^=]+)=(?P<people>\d+)(?:/(?P<households>\d+))?(?::(?P<cuts>[a-z,]+))?")
_LINE = re.compile(r"(?P<item>[^=@]+)=(?P<quantity>[^@:]+)(?:@(?P<site>[^:]+))?(?::(?P<priority>[0-2]))?")
CUTS = ("network", "power", "road")
"""What can be cut at a place: the three cuts."""


def affected_text(text: str) -> dict[str, Any]:
    """Read `SITE=PEOPLE[/HOUSEHOLDS][:CUT,CUT]`; a wrong form is a `ValueError`."""
    found = _AFFECTED.fullmatch(text.strip())
    cuts = (found["cuts"] or "").split(",") if found else []
    if found is None or any(cut and cut not in CUTS for cut in cuts):
        raise ValueError(text)
    return {
        "site": found["site"],
        "people": int(found["people"]),
        "households": int(found["households"] or 0),
        "cuts": tuple(cut for cut in CUTS if cut in cuts),
    }


def line_text(text: str) -> dict[str, Any]:
    """Read `ITEM=QUANTITY[@SITE][:PRIORITY]`; a wrong form is a `ValueError`."""
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    priority = int(found["priority"]) if found["priority"] else 1
    return {"item": found["item"], "quantity": found["quantity"], "site": found["site"], "priority": priority}


affected_text.__name__, line_text.__name__ = "SITE=PEOPLE", "ITEM=QUANTITY"


def open_one(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Open an incident."""
    with desk(terminal, asked) as at:
        affected = [
            Affected(
                at.find("site", one["site"]),
                people=one["people"],
                households=one["households"],
                cut_network="network" in one["cuts"],
                cut_power="power" in one["cuts"],
                cut_road="road" in one["cuts"],
            )
            for one in asked.at
        ]
        done = at.do(
            open_incident,
            name_zh=asked.name,
            name_en=asked.name_en,
            hazard=asked.hazard,
            level=asked.level,
            division_id=at.find("division", asked.division),
            affected=affected,
            began_at=asked.began,
            drill=asked.drill,
            note=asked.note,
        )
        number = done.outcome["number"]
        return at.answer(
            done,
            at.say(N_("Incident %(number)s is open."), number=number),
            at.say(N_("Next: python -m inventory request --incident %(number)s --norms --as LOGIN"), number=number),
        )


def step_one(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Bring an incident into its next state, or close it."""
    with desk(terminal, asked) as at:
        incident_id = at.find("incident", asked.number)
        seen = at.ask(incident_row, incident_id=incident_id).seen
        if asked.state == "closed":
            done = at.do(close_incident, incident_id=incident_id, seen=seen)
        else:
            done = at.do(change_incident, incident_id=incident_id, seen=seen, state=asked.state)
        state = at.ask(incident_row, incident_id=incident_id).state
        line = at.say(
            N_("Incident %(number)s is now: %(state)s."),
            number=asked.number,
            state=at.terminal.state("incident", state),
        )
        return at.answer(done, line, number=asked.number, state=state)


def list_incidents(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """List incidents, newest first."""
    with terminal.store() as store, store.reading(SYSTEM) as work:
        rows = incidents(work, limit=200)
    facts = [
        {"number": one.number, "name": one.name, "level": one.level, "state": one.state, "people": one.people}
        for one in rows
    ]
    heads = [terminal.say(text) for text in (N_("Number"), N_("Name"), N_("Level"), N_("State"), N_("People"))]
    cells = [
        [
            one.number,
            terminal.name(one.name),
            str(one.level),
            terminal.state("incident", one.state),
            terminal.tell(one.people),
        ]
        for one in rows
    ]
    return Answer({"incidents": facts}, tuple(table(heads, cells)))


def request(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Submit a request: lines given one by one, proposed by the norms, or both."""
    with desk(terminal, asked) as at:
        incident_id = at.find("incident", asked.incident)
        row = at.ask(incident_row, incident_id=incident_id)
        site_id = at.find("site", asked.site) if asked.site else row.sites[0].site_id
        needed_by = _needed_by(at, asked.hours)
        lines = _lines(at, asked, row, site_id, needed_by)
        own = at.ask(_organisations)
        done = at.do(
            submit_request,
            incident_id=incident_id,
            asker_id=at.find("organisation", asked.asker) if asked.asker else own[0],
            asked_id=at.find("organisation", asked.asked) if asked.asked else own[1],
            deliver_site_id=site_id,
            days=asked.days,
            needed_by=needed_by,
            lines=lines,
            note=asked.note,
        )
        number = done.outcome["number"]
        return at.answer(
            done,
            at.say(N_("Request %(number)s is submitted with %(lines)s lines."), number=number, lines=len(lines)),
            at.say(N_("Next: python -m inventory propose %(number)s --as LOGIN"), number=number),
            lines=len(lines),
        )


def _organisations(work: Work) -> tuple[UUID, UUID]:
    """Return the organisation of the person, and that of this node."""
    node = find_in(work, "organisation", here(work).code)
    if work.actor.account_id is None:
        return node, node
    account = work.session.get_one(Account, work.actor.account_id)
    return account.organisation_id, node


def _needed_by(at: Desk, hours: int | None) -> dt.datetime | None:
    """Return the deadline; a repeated deed keeps the one it was first sent with when the hours are the same."""
    if hours is None:
        return None
    before = at.ask(entry, id=at.id)
    start = before.recorded_at if before else at.store.env.now()
    wanted: dt.datetime = start + dt.timedelta(hours=hours)
    told = before.asked.get("needed_by") if before else None
    if told:
        earlier = dt.datetime.fromisoformat(told.replace("Z", "+00:00"))
        if abs(wanted - earlier) < dt.timedelta(minutes=5):
            return earlier
    return wanted


def _lines(
    at: Desk, asked: argparse.Namespace, row: Any, site_id: UUID, needed_by: dt.datetime | None
) -> list[NeedLine]:
    """Return the lines asked for; a line given by hand takes the place of the norm's for the same item and site."""
    found: dict[tuple[UUID, UUID], NeedLine] = {}
    if asked.norms:
        affected = [Affected(one.site_id, people=one.people) for one in row.sites if one.people]
        for one in at.ask(proposed_needs, affected=affected, hazard=row.hazard, days=asked.days):
            need = one.need
            found[need.item_id, need.site_id] = NeedLine(
                need.item_id, need.site_id, need.quantity, need.priority, deadline_at=needed_by, basis=need.basis
            )
    for one in asked.line:
        item_id = at.find("item", one["item"])
        there = at.find("site", one["site"]) if one["site"] else site_id
        quantity = read_quantity(one["quantity"])
        before = found.get((item_id, there))
        basis = before.basis | {"edited": True} if before else {}
        found[item_id, there] = NeedLine(item_id, there, quantity, one["priority"], deadline_at=needed_by, basis=basis)
    return [line for line in found.values() if line.quantity]


def propose(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Compute and keep plans for a request."""
    with desk(terminal, asked) as at:
        request_id = at.find("request", asked.number)
        done = plan_request(
            at.store,
            at.actor,
            id=at.id,
            request_id=request_id,
            seconds=asked.seconds,
            reserve_open_to_priority=asked.reserve_open_to_priority,
        )
        plans = at.ask(plans_of, request_id=request_id, states=("proposed",))
        facts = [_plan_facts(one) for one in plans]
        heads = [terminal.say(text) for text in (N_("Plan"), N_("Short"), N_("Last arrival"), N_("Consignments"))]
        cells = [
            [
                one.alternative,
                terminal.tell(one.unmet_by_priority),
                terminal.tell(one.last_arrival_at),
                str(one.consignment_count),
            ]
            for one in plans
        ]
        following = at.say(
            N_("Next: python -m inventory approve %(number)s --alternative fastest --as LOGIN"), number=asked.number
        )
        head = at.say(N_("Plans for %(number)s, checked; nothing is held yet:"), number=asked.number)
        return at.answer(done, head, *table(heads, cells), following, number=asked.number, plans=facts)


def _plan_facts(row: Any) -> dict[str, Any]:
    return {
        "plan": row.id,
        "alternative": row.alternative,
        "version": row.version,
        "certified": row.certified,
        "unmet_by_priority": row.unmet_by_priority,
        "consignments": row.consignment_count,
        "first_arrival_at": row.first_arrival_at,
        "last_arrival_at": row.last_arrival_at,
    }


def approve(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Approve a plan of a request: orders with numbers, stock held from now on."""
    with desk(terminal, asked) as at:
        request_id = at.find("request", asked.number)
        before = at.ask(entry, id=at.id)
        plans = at.ask(plans_of, request_id=request_id, states=() if before else ("proposed", "submitted"))
        chosen = [one for one in plans if one.alternative == asked.alternative]
        if before:
            chosen = [one for one in chosen if str(one.id) == before.asked.get("plan")] or chosen
        if not chosen:
            raise NoSuchPlan(request=asked.number, alternative=asked.alternative)
        done = at.do(
            approve_plan,
            plan_id=chosen[0].id,
            seen=chosen[0].seen,
            verbal_by=asked.verbal_by,
            override_reason=asked.override,
            note=asked.note,
        )
        short = [
            {"item": one.item, "site": one.site, "short": one.short, "reason": one.reason}
            for one in at.ask(plan_view, plan_id=chosen[0].id).shortages
        ]
        orders = done.outcome["orders"]
        lines = [at.say(N_("Order %(number)s is issued."), number=one["number"]) for one in orders]
        lines += [at.say(N_("Short: %(item)s %(short)s"), item=one["item"], short=one["short"]) for one in short]
        lines.append(at.say(N_("Next: python -m inventory order %(number)s"), number=orders[0]["number"]))
        return at.answer(done, lines[0], *lines[1:], shortages=short)


def _instant(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


_instant.__name__ = "TIME"


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--name", required=True, metavar="NAME", help=N_("what it is called"))
    add("--name-en", metavar="NAME", help=N_("the same in English"))
    add("--hazard", required=True, metavar="CODE", help=N_("kind of hazard, as in the list of terms: flood, fire …"))
    add("--level", type=int, choices=(1, 2, 3, 4), required=True, help=N_("1 (highest) to 4"))
    add("--division", required=True, metavar="CODE", help=N_("code or name of the town or district"))
    add(
        "--at",
        action="append",
        required=True,
        type=affected_text,
        metavar="SITE=PEOPLE[/HOUSEHOLDS][:CUTS]",
        help=N_("a place with its people and what is cut there (network,power,road); may be repeated"),
    )
    add("--began", type=_instant, metavar="TIME", help=N_("when it began, with its offset; by default now"))
    add("--drill", action="store_true", help=N_("it is an exercise"))
    add("--note", default="", metavar="TEXT", help=N_("a note"))


def _step_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the incident"))
    parser.add_argument(
        "state", metavar="STATE", help=N_("the next state, for example demobilizing, reconciling, closed")
    )


def _request_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--incident", required=True, metavar="NUMBER", help=N_("number of the incident"))
    add("--site", metavar="SITE", help=N_("where it is delivered; by default the first place of the incident"))
    add("--days", type=int, default=3, metavar="N", help=N_("days of supply, 1 to 90; 3 by default"))
    add("--norms", action="store_true", help=N_("propose lines from the needs norms"))
    add(
        "--line",
        action="append",
        default=[],
        type=line_text,
        metavar="ITEM=QUANTITY[@SITE][:PRIORITY]",
        help=N_(
            "a line: item code, base units, place, priority 0 (highest) to 2; may be repeated, 0 units strike it out"
        ),
    )
    add("--hours", type=int, metavar="H", help=N_("needed within so many hours"))
    add("--asker", metavar="CODE", help=N_("organisation that asks; by default that of the account"))
    add("--asked", metavar="CODE", help=N_("organisation that is asked; by default that of this node"))
    add("--note", default="", metavar="TEXT", help=N_("a note"))


def _number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the request"))


def _propose_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    parser.add_argument("--seconds", type=int, default=10, metavar="S", help=N_("limit of the search, 10 by default"))
    parser.add_argument(
        "--reserve-open-to-priority",
        type=int,
        choices=(-1, 0, 1, 2),
        default=-1,
        help=N_("open the reserves to priorities up to this one; -1 (default) to nobody"),
    )


def _approve_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    add = parser.add_argument
    add("--alternative", choices=ALTERNATIVES, default=ALTERNATIVES[0], help=N_("which plan"))
    add("--verbal-by", metavar="NAME", help=N_("who gave the order by word of mouth; its paper is due within 48 hours"))
    add("--override", metavar="WHY", help=N_("why the requester may approve the own request; logged and printed"))
    add("--note", default="", metavar="TEXT", help=N_("a note"))


ERRANDS = (
    Errand("incident open", N_("Open an incident."), open_one, _open_arguments, writes=True),
    Errand("incident step", N_("Bring an incident into its next state."), step_one, _step_arguments, writes=True),
    Errand("incident list", N_("List incidents, newest first."), list_incidents),
    Errand("request", N_("Submit a request for an incident."), request, _request_arguments, writes=True),
    Errand(
        "propose", N_("Compute checked plans for a request; nothing is held."), propose, _propose_arguments, writes=True
    ),
    Errand("approve", N_("Approve a plan: numbered orders, stock held."), approve, _approve_arguments, writes=True),
)

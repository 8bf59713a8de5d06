"""Opening and changing incidents, submitting requests. Every command is one entry."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from inventory.core.canonical import canonical
from inventory.core.errors import Name, NotFound, StalePage, WrongState
from inventory.core.work import Work
from inventory.incidents import queries, rules
from inventory.incidents.asking import own_stated
from inventory.incidents.rules import Affected, NeedLine
from inventory.models import Incident, IncidentSite, Request, RequestLine, Site
from inventory.people.journal import Done, begin, finish
from inventory.people.numbering import number
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.people.signing_off import sign_off


def open_incident(
    work: Work,
    *,
    id: UUID,
    name_zh: str,
    hazard: str,
    level: int,
    division_id: UUID,
    affected: Sequence[Affected],
    name_en: str | None = None,
    began_at: dt.datetime | None = None,
    drill: bool = False,
    note: str = "",
    demo: bool = False,
) -> Done:
    """Open an incident with the sites it affects; it is active at once and has a number.

    Parameters
    ----------
    level
        1 (highest) to 4, as the response levels of 突发事件应对法(2024).
    began_at
        When it began, as reported; by default now. It may lie further back than other entries.

    Raises
    ------
    NotPermitted, NoPeople, NotFound
    """
    asked = {
        "name_zh": name_zh,
        "name_en": name_en,
        "hazard": hazard,
        "level": level,
        "division": division_id,
        "affected": [asdict(place) for place in affected],
        "began_at": began_at,
        "drill": drill,
        "note": note,
        "demo": demo,
    }
    deed = begin(work, id=id, kind="open_incident", asked=asked, at=At(division_id=division_id))
    if deed.done:
        return deed.done
    if not affected:
        raise rules.NoPeople(people=0)
    _check_sites(work, affected)
    incident_id = work.env.new_id()
    text, _, _ = number(work, "incident")
    work.session.add(
        Incident(
            id=incident_id,
            number=text,
            name_zh=name_zh.strip(),
            name_en=(name_en or "").strip() or None,
            hazard=hazard,
            level=level,
            division_id=division_id,
            state="active",
            drill=drill,
            began_at=began_at or work.now,
            note=note,
            demo=demo,
            changed_by_id=deed.id,
        )
    )
    work.session.flush()
    _write_sites(work, incident_id, affected, deed.id)
    outcome = {"incident": incident_id, "number": text}
    return finish(work, deed, outcome=outcome, subject_id=incident_id, incident_id=incident_id, drill=drill)


def _check_sites(work: Work, affected: Sequence[Affected]) -> None:
    for place in affected:
        rules.check_people(place.people)
    wanted = {place.site_id for place in affected}
    known = set(work.session.scalars(select(Site.id).where(Site.id.in_(wanted))))
    if known != wanted:
        raise NotFound(kind="site", key=str(next(iter(wanted - known))))


def _write_sites(work: Work, incident_id: UUID, affected: Sequence[Affected], entry_id: UUID) -> None:
    before = {
        row.site_id: row
        for row in work.session.scalars(select(IncidentSite).where(IncidentSite.incident_id == incident_id))
    }
    for place in affected:
        row = before.get(place.site_id)
        if row is None:
            row = IncidentSite(id=work.env.new_id(), incident_id=incident_id, site_id=place.site_id, since_at=work.now)
            work.session.add(row)
        row.people, row.households = place.people, place.households
        row.cut_network, row.cut_power, row.cut_road = place.cut_network, place.cut_power, place.cut_road
        row.changed_by_id = entry_id


def change_incident(
    work: Work,
    *,
    id: UUID,
    incident_id: UUID,
    seen: UUID,
    level: int | None = None,
    state: str | None = None,
    affected: Sequence[Affected] = (),
    note: str | None = None,
) -> Done:
    """Change the level, the state, the people or the cuts of an incident; sites not named stay as they are.

    Raises
    ------
    NotFound, StalePage, WrongState, NoPeople
    """
    row = work.session.get(Incident, incident_id)
    division = row.division_id if row else None
    asked = {
        "incident": incident_id,
        "level": level,
        "state": state,
        "affected": [asdict(place) for place in affected],
        "note": note,
    }
    deed = begin(work, id=id, kind="change_incident", asked=asked, at=At(division_id=division))
    if deed.done:
        return deed.done
    if row is None:
        raise NotFound(kind="incident", key=str(incident_id))
    if row.changed_by_id != seen:
        raise StalePage(kind="incident", key=row.number)
    if state is not None:
        if state == "closed" or state not in rules.INCIDENT_STEPS[row.state]:
            raise WrongState(kind="incident", key=row.number, state=row.state, wanted=state)
        row.state = state
    row.level = level if level is not None else row.level
    row.note = note if note is not None else row.note
    row.changed_by_id = deed.id
    _check_sites(work, affected)
    _write_sites(work, incident_id, affected, deed.id)
    return finish(
        work,
        deed,
        outcome={"state": row.state},
        subject_id=incident_id,
        incident_id=incident_id,
        drill=row.drill,
    )


def close_incident(work: Work, *, id: UUID, incident_id: UUID, seen: UUID) -> Done:
    """Close an incident for good: only when nothing of it is on the way or in custody (I7).

    Raises
    ------
    NotFound, StalePage, WrongState, IncidentStillOpen
    """
    row = work.session.get(Incident, incident_id)
    division = row.division_id if row else None
    deed = begin(work, id=id, kind="close_incident", asked={"incident": incident_id}, at=At(division_id=division))
    if deed.done:
        return deed.done
    if row is None:
        raise NotFound(kind="incident", key=str(incident_id))
    if row.changed_by_id != seen:
        raise StalePage(kind="incident", key=row.number)
    if "closed" not in rules.INCIDENT_STEPS[row.state]:
        raise WrongState(kind="incident", key=row.number, state=row.state, wanted="closed")
    on_the_way, in_custody = queries.outstanding(work, incident_id=incident_id)
    if on_the_way or in_custody:
        raise rules.IncidentStillOpen(
            incident=Name(row.name_zh, row.name_en), on_the_way=on_the_way, in_custody=in_custody
        )
    row.state, row.closed_by_id, row.changed_by_id = "closed", deed.id, deed.id
    return finish(work, deed, outcome={"state": "closed"}, subject_id=incident_id, incident_id=incident_id)


def submit_request(
    work: Work,
    *,
    id: UUID,
    asker_id: UUID,
    asked_id: UUID,
    deliver_site_id: UUID,
    lines: Sequence[NeedLine],
    incident_id: UUID | None = None,
    kind: str = "incident",
    days: int = 3,
    needed_by: dt.datetime | None = None,
    own_total: dict[str, int] | None = None,
    own_used: dict[str, int] | None = None,
    note: str = "",
) -> Done:
    """Submit a request: what is needed where, by when, with the arithmetic of each line.

    `own_total` and `own_used` are base units by item code that the asker holds and has used (P07 asks for both); by
    default as the books say.

    Raises
    ------
    NotPermitted, NothingAsked, BadNeed, BadPeriod, NotFound, WrongState
    """
    own = {"own_total": own_total or {}, "own_used": own_used or {}}
    asked: dict[str, Any] = {
        "asker": asker_id,
        "asked": asked_id,
        "deliver_site": deliver_site_id,
        "lines": [asdict(line) for line in lines],
        "incident": incident_id,
        "kind": kind,
        "days": days,
        "needed_by": needed_by,
        "note": note,
    }
    deed = begin(work, id=id, kind="submit_request", asked=asked | own, at=At(site_id=deliver_site_id))
    if deed.done:
        return deed.done
    for site_id in sorted({line.site_id for line in lines} - {deliver_site_id}):
        permit(work, "submit_request", At(site_id=site_id))
    rules.check_lines(lines)
    rules.check_period(days)
    _check_incident(work, incident_id)
    request_id, text = work.env.new_id(), number(work, "request")[0]
    books = own_stated(work, incident_id, deliver_site_id, {line.item_id for line in lines})
    work.session.add(
        Request(
            id=request_id,
            number=text,
            incident_id=incident_id,
            kind=kind,
            asker_id=asker_id,
            asked_id=asked_id,
            deliver_site_id=deliver_site_id,
            days=days,
            needed_by=needed_by,
            **{name: json.dumps(amounts or books[name], ensure_ascii=False) for name, amounts in own.items()},
            state="submitted",
            note=note,
            changed_by_id=deed.id,
        )
    )
    work.session.flush()
    _write_lines(work, request_id, lines, needed_by, deed.id)
    sign_off(work, deed=deed, document_id=request_id, capacity="requester")
    outcome = {"request": request_id, "number": text}
    return finish(work, deed, outcome=outcome, subject_id=request_id, incident_id=incident_id)


def _check_incident(work: Work, incident_id: UUID | None) -> None:
    """Refuse a request for an incident that does not exist or is over."""
    if incident_id is None:
        return
    happened = work.session.get(Incident, incident_id)
    if happened is None:
        raise NotFound(kind="incident", key=str(incident_id))
    if happened.state not in {"active", "demobilizing"}:
        raise WrongState(kind="incident", key=happened.number, state=happened.state, wanted="active")


def _write_lines(
    work: Work, request_id: UUID, lines: Sequence[NeedLine], needed_by: dt.datetime | None, entry_id: UUID
) -> None:
    for position, line in enumerate(lines, start=1):
        work.session.add(
            RequestLine(
                id=work.env.new_id(),
                request_id=request_id,
                position=position,
                kind="item",
                item_id=line.item_id,
                site_id=line.site_id,
                quantity=line.quantity,
                priority=line.priority,
                deadline_at=line.deadline_at or needed_by,
                use_until=line.use_until,
                basis=canonical(line.basis).decode(),
                approved=0,
                cancelled=0,
                ordered=0,
                changed_by_id=entry_id,
            )
        )


def resubmit_request(
    work: Work,
    *,
    id: UUID,
    request_id: UUID,
    seen: UUID,
    quantities: Mapping[UUID, int],
    note: str | None = None,
) -> Done:
    """Submit a request again that was sent back, with its lines corrected.

    Parameters
    ----------
    quantities
        By request line, base units; 0 takes a line out, lines that are not named stay as they are.

    Raises
    ------
    NotPermitted, NotFound, StalePage, WrongState, BadNeed, NothingAsked
    """
    row = work.session.get(Request, request_id)
    told = {str(key): quantity for key, quantity in quantities.items()}
    asked = {"request": request_id, "quantities": told, "note": note}
    at = At(site_id=row.deliver_site_id) if row else At()
    deed = begin(work, id=id, kind="resubmit_request", asked=asked, at=at)
    if deed.done:
        return deed.done
    if row is None:
        raise NotFound(kind="request", key=str(request_id))
    if row.changed_by_id != seen:
        raise StalePage(kind="request", key=row.number)
    if row.state != "returned":
        raise WrongState(kind="request", key=row.number, state=row.state, wanted="submitted")
    kept = _correct_lines(work, request_id, quantities, deed.id)
    if not kept:
        raise rules.NothingAsked()
    row.note = note if note is not None else row.note
    row.state, row.changed_by_id = "submitted", deed.id
    return finish(work, deed, outcome={"lines": kept}, subject_id=request_id, incident_id=row.incident_id)


def _correct_lines(work: Work, request_id: UUID, quantities: Mapping[UUID, int], entry_id: UUID) -> int:
    """Set the quantities of a request's lines, take out those at 0, and return how many stay."""
    lines = {
        line.id: line for line in work.session.scalars(select(RequestLine).where(RequestLine.request_id == request_id))
    }
    for key, quantity in quantities.items():
        line = lines.get(key)
        if line is None:
            raise NotFound(kind="request_line", key=str(key))
        if quantity == 0:
            work.session.delete(lines.pop(key))
            continue
        rules.check_need(quantity=quantity, priority=line.priority)
        line.quantity, line.changed_by_id = quantity, entry_id
    return len(lines)


def return_request(work: Work, *, id: UUID, request_id: UUID, seen: UUID, why: str) -> Done:
    """Send a submitted request back to be completed."""
    return _step_request(
        work, id=id, kind="return_request", request_id=request_id, seen=seen, state="returned", why=why
    )


def cancel_request(work: Work, *, id: UUID, request_id: UUID, seen: UUID, why: str) -> Done:
    """Cancel an open request; what is already ordered goes its way."""
    return _step_request(
        work, id=id, kind="cancel_request", request_id=request_id, seen=seen, state="cancelled", why=why
    )


def _step_request(work: Work, *, id: UUID, kind: str, request_id: UUID, seen: UUID, state: str, why: str) -> Done:
    row = work.session.get(Request, request_id)
    at = At(site_id=row.deliver_site_id) if row else At()
    deed = begin(work, id=id, kind=kind, asked={"request": request_id, "why": why}, at=at)
    if deed.done:
        return deed.done
    if row is None:
        raise NotFound(kind="request", key=str(request_id))
    if state not in rules.REQUEST_STEPS[row.state]:
        raise WrongState(kind="request", key=row.number, state=row.state, wanted=state)
    changed = work.connection.execute(
        update(Request)
        .where(Request.id == request_id, Request.changed_by_id == seen, Request.state == row.state)
        .values(state=state, changed_by_id=deed.id)
    )
    if changed.rowcount != 1:
        raise StalePage(kind="request", key=row.number)
    return finish(work, deed, outcome={"state": state}, subject_id=request_id, incident_id=row.incident_id)

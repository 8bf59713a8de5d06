"""The sheets of an incident for its teams, on both databases: what is written in, what is left, who prints."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from inventory.core.errors import Name, NotFound
from inventory.core.work import SYSTEM, Store, Work
from inventory.errands.facts_teams import check_in_paper, communications_paper, mobilisation_paper, status_change_paper
from inventory.errands.papers import paper_pdf
from inventory.models import Paper, Resource, Team, Term
from inventory.people.journal import begin, finish
from inventory.people.rules import DISTRICT, NotPermitted
from tests.dispatch.steps import opened
from tests.support.district import District, found

SHEETS = ("mobilisation", "check_in", "status_change", "communications_plan")
TEAMS = (
    ("T-2", "Town crew", "flood", 3, 24, 20, "Luo", "138-0000-0007", "on_site"),
    ("T-1", "Squad", "water", 1, 18, 30, "Linghu", "136-0000-0003", "available"),
    ("T-3", "Retired", "mine", 2, 9, 60, "", "", "out_of_service"),
)
"""Code, name, discipline, level, people, minutes to assemble, leader, telephone, state."""


@pytest.fixture
def district(store: Store) -> District:
    """A founded district with two teams that can be called and one that cannot."""
    return found(store)


@pytest.fixture
def incident_id(district: District) -> UUID:
    """An incident in the town east."""
    district.store.write(SYSTEM, lambda work: raise_teams(work, district))
    return opened(district)


def raise_teams(work: Work, district: District) -> None:
    """Write the teams."""
    deed = begin(work, id=work.env.new_id(), kind="load_demo", asked={"teams": 3}, at=DISTRICT)
    term = {"name_zh": "水上搜救", "name_en": "Water search and rescue", "changed_by_id": deed.id}
    work.session.add(Term(kind="discipline", code="water", **term))
    for code, name, discipline, level, people, minutes, leader, phone, state in TEAMS:
        key = work.env.new_id()
        work.session.add(
            Resource(
                id=key,
                kind="team",
                code=code,
                name_zh=name,
                name_en=name,
                organisation_id=district.organisations["east"],
                home_site_id=district.sites["VILLAGE"],
                state=state,
                changed_by_id=deed.id,
            )
        )
        work.session.flush()
        work.session.add(
            Team(
                id=key,
                discipline=discipline,
                level=level,
                legal_kind="professional",
                people=people,
                assembly_local_minutes=minutes,
                leader=leader,
                phone=phone,
            )
        )
    finish(work, deed, outcome={})


def kept(district: District, kind: str, incident_id: UUID) -> list[dict[str, Any]]:
    """Return what was kept of a paper, by revision."""

    def look(work: Work) -> list[dict[str, Any]]:
        query = select(Paper.data).where(Paper.kind == kind, Paper.subject_id == incident_id).order_by(Paper.revision)
        return [json.loads(data) for data in work.connection.scalars(query)]

    return district.ask(look)


def pdf(district: District, kind: str, incident_id: UUID, who: str = "duty") -> bytes:
    """Print a sheet as somebody."""
    return paper_pdf(district.store, district.people[who], kind=kind, subject_id=incident_id)


def test_the_mobilisation_sheet_has_every_team_that_can_be_called(district: District, incident_id: UUID) -> None:
    """By code, with strength, leader and promised minutes; nothing has happened; what is out of service is left out."""
    paper = district.ask(mobilisation_paper, incident_id=incident_id)
    assert [line.team.zh for line in paper.lines] == ["Squad", "Town crew"]
    first = paper.lines[0]
    assert (first.people, first.assembly_minutes, first.home.zh) == (18, 30, "VILLAGE")
    assert (first.leader.name, first.leader.phone) == ("Linghu", "136-0000-0003")
    assert first.team_kind == Name("水上搜救1级", "Water search and rescue, level 1")
    for line in paper.lines:
        assert (line.alerted_at, line.assembled_at, line.present, line.departed_at) == (None, None, None, None)
    assert paper.blank_lines > 0
    assert (paper.issued_at, paper.incident.zh) == (None, "Flood")


def test_the_check_in_list_leaves_to_the_gate_who_came(district: District, incident_id: UUID) -> None:
    """Who a team is stands there; whether, when, how and with how many it came is written by hand."""
    paper = district.ask(check_in_paper, incident_id=incident_id)
    line = paper.lines[0]
    assert (line.resource.zh, line.agency.zh, line.home_unit.zh) == ("Squad T-1", "east", "VILLAGE")
    assert line.state == Name("root")
    assert (line.checked_in_at, line.people, line.departed_at, line.reported_at) == (None, None, None, None)
    assert (line.travel, line.assignment, line.departed_from) == (Name(""), Name(""), Name(""))
    assert (paper.place, paper.starts_at) == (None, None)
    assert paper.blank_lines > 0


def test_the_empty_sheets_know_their_incident(district: District, incident_id: UUID) -> None:
    """Nothing but the head is written in."""
    for gather in (status_change_paper, communications_paper):
        paper: Any = district.ask(gather, incident_id=incident_id)
        assert (paper.incident.zh, paper.incident_number, paper.number) == ("Flood", paper.number, paper.number)
        assert paper.lines == ()
        assert paper.blank_lines > 0


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_is_the_same_until_a_team_changes(district: District, incident_id: UUID, kind: str) -> None:
    """Printed again it is the same file, one revision; a team back in service is a new one where teams are listed."""
    first = pdf(district, kind, incident_id)
    assert pdf(district, kind, incident_id, "commander") == first
    assert len(kept(district, kind, incident_id)) == 1

    def back(work: Work) -> None:
        work.connection.execute(update(Resource).where(Resource.code == "T-3").values(state="available"))

    district.store.write(SYSTEM, back)
    second = pdf(district, kind, incident_id)
    listed = kind in ("mobilisation", "check_in")
    assert (second != first) == listed
    data = kept(district, kind, incident_id)
    assert [one["revision"] for one in data] == ([1, 2] if listed else [1])
    if listed:
        assert len(data[1]["lines"]) == len(data[0]["lines"]) + 1


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_is_for_whoever_may_print_in_that_town(district: District, incident_id: UUID, kind: str) -> None:
    """The town's requester may; a clerk of one store or an administrator may not; an unknown incident is not found."""
    assert pdf(district, kind, incident_id, "receiver").startswith(b"%PDF")
    for who in ("clerk_store", "system"):
        with pytest.raises(NotPermitted):
            pdf(district, kind, incident_id, who)
    with pytest.raises(NotFound):
        pdf(district, kind, uuid4())

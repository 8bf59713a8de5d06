"""From the database to the papers of teams: sheets for an incident, to be filled in by hand.

Nothing here says that a team was called or came: that is written by hand, at the telephone and at the gate. So only
what the register of teams knows is filled in, and a team that is out of service is not listed. Printed again the
sheets are the same, unless the register or the incident was changed.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.documents.data.communications import CommunicationsPlanPaper
from inventory.documents.data.teams import (
    CheckInLinePaper,
    CheckInPaper,
    MobilisationLinePaper,
    MobilisationPaper,
    StatusChangePaper,
)
from inventory.documents.data.values import NO_NAME, Contact
from inventory.errands.paper_facts import both, named
from inventory.incidents.queries import incident
from inventory.incidents.rules import LEVEL_SIGNS
from inventory.models import Division
from inventory.people.queries import here
from inventory.teams.queries import TeamView, teams

CALLED_BY_HAND = 4
"""Rows left empty on a mobilisation sheet, for teams of others."""

ARRIVING_BESIDES = 12
"""Rows left empty on a check-in list, for people, vehicles and teams of others."""

CHANGES = 17
CHANNELS = 6
"""Rows of a change of status and of a communications plan: what one page holds."""

_EVERY_TEAM = 1_000_000
_LEVEL = N_("Response level %(level)s")
_TEAM_LEVEL = N_("%(discipline)s, level %(level)s")
_LEVEL_ALONE = N_("Level %(level)s")
_TEAM = N_("team")


def mobilisation_paper(work: Work, incident_id: UUID) -> MobilisationPaper:
    """Return the mobilisation sheet of an incident: every team that can be called, times and signatures to write in.

    Raises
    ------
    NotFound
    """
    row = incident(work, incident_id=incident_id)
    disciplines = term_names(work, kind="discipline")
    return MobilisationPaper(
        number=row.number,
        revision=1,
        issuer=here(work).name,
        incident=row.name,
        incident_number=row.number,
        level=both(_LEVEL, level=LEVEL_SIGNS[row.level]),
        lines=tuple(
            MobilisationLinePaper(
                team=team.name,
                unit=team.organisation,
                team_kind=_kind(team, disciplines),
                home=team.home_site,
                leader=Contact(team.leader, team.phone),
                people=team.people,
                assembly_minutes=team.assembly_local_minutes,
            )
            for team in _callable(work)
        ),
        blank_lines=CALLED_BY_HAND,
        drill=row.drill,
        demo=here(work).demo,
    )


def check_in_paper(work: Work, incident_id: UUID) -> CheckInPaper:
    """Return the check-in list of an incident with the fields of ICS 211: the district's teams, and rows for others.

    How many came, when and how is counted at the gate: fields 7, 9 and 12 to 16 are empty, whatever the register says.

    Raises
    ------
    NotFound
    """
    row = incident(work, incident_id=incident_id)
    disciplines, home = term_names(work, kind="discipline"), _district(work)
    return CheckInPaper(
        number=row.number,
        revision=1,
        incident=row.name,
        incident_number=row.number,
        lines=tuple(
            CheckInLinePaper(
                resource=Name(f"{team.name.zh} {team.code}", f"{team.name.en} {team.code}" if team.name.en else None),
                state=home,
                agency=team.organisation,
                category=both(_TEAM),
                resource_kind=disciplines.get(team.discipline, Name(team.discipline)),
                resource_type=both(_LEVEL_ALONE, level=team.level),
                leader=team.leader,
                contact=team.phone,
                home_unit=team.home_site,
            )
            for team in _callable(work)
        ),
        blank_lines=ARRIVING_BESIDES,
        drill=row.drill,
        demo=here(work).demo,
    )


def status_change_paper(work: Work, incident_id: UUID) -> StatusChangePaper:
    """Return an empty sheet for changes of status in an incident, with the fields of ICS 210; raises as above."""
    row = incident(work, incident_id=incident_id)
    return StatusChangePaper(
        number=row.number,
        revision=1,
        incident=row.name,
        incident_number=row.number,
        lines=(),
        blank_lines=CHANGES,
        drill=row.drill,
        demo=here(work).demo,
    )


def communications_paper(work: Work, incident_id: UUID) -> CommunicationsPlanPaper:
    """Return an empty communications plan of an incident, with the fields of ICS 205; raises as above."""
    row = incident(work, incident_id=incident_id)
    return CommunicationsPlanPaper(
        number=row.number,
        revision=1,
        incident=row.name,
        incident_number=row.number,
        lines=(),
        blank_lines=CHANNELS,
        drill=row.drill,
        demo=here(work).demo,
    )


def _callable(work: Work) -> list[TeamView]:
    """Return the teams that are not out of service, by code; a team that is out already can still be called back."""
    return [team for team in teams(work, limit=_EVERY_TEAM) if team.state != "out_of_service"]


def _kind(team: TeamView, disciplines: dict[str, Name]) -> Name:
    """Return what a team is for and its level, 1 the most capable."""
    discipline = disciplines.get(team.discipline, Name(team.discipline))
    return both(_TEAM_LEVEL, discipline=discipline, level=team.level)


def _district(work: Work) -> Name:
    """Return the name of the district whose teams the register holds."""
    row = work.session.scalars(select(Division).where(Division.level == "district").order_by(Division.code)).first()
    return named(row) if row is not None else NO_NAME

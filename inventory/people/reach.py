"""Where a person's roles hold: the sites that a command may act at, found with few questions for lists of work."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inventory.core.work import Work
from inventory.models import Division, Organisation, Site
from inventory.people import rules
from inventory.people.queries import grants_of
from inventory.people.rules import PERMISSIONS, READS, Reach


def covered_sites(work: Work, command: str) -> frozenset[UUID] | None:
    """Return the sites at which the actor may give a command (or open a read); None is every site of the district.

    The program itself and people without such a role are covered nowhere.
    """
    if work.actor.account_id is None:
        return frozenset()
    roles = PERMISSIONS.get(command) or READS.get(command, frozenset())
    useful = tuple(grant for grant in grants_of(work, work.actor.account_id) if grant.role in roles)
    if any(grant.district_wide for grant in useful):
        return None
    if not useful:
        return frozenset()
    divisions = {row.id: row.parent_id for row in work.connection.execute(select(Division.id, Division.parent_id))}
    organisations = {
        row.id: row.parent_id for row in work.connection.execute(select(Organisation.id, Organisation.parent_id))
    }
    rows = work.connection.execute(select(Site.id, Site.division_id, Site.organisation_id))
    return frozenset(
        row.id
        for row in rows
        if any(
            rules.covers(
                grant, Reach(row.id, _above(divisions, row.division_id), _above(organisations, row.organisation_id))
            )
            for grant in useful
        )
    )


def _above(parents: dict[UUID, UUID | None], start: UUID | None) -> frozenset[UUID]:
    """Return a node of a tree with everything above it; a ring in the data ends the climb."""
    found: set[UUID] = set()
    while start is not None and start not in found:
        found.add(start)
        start = parents.get(start)
    return frozenset(found)

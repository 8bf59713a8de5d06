"""Organisations: offices, town governments, committees, enterprises; what a legal one is, and saving one.

An organisation stands under one of the same level or above it, never under itself; a unit may stand under any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound, Refusal, StalePage
from inventory.core.work import Work
from inventory.models import Division, Organisation
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT

LEVELS: tuple[str, ...] = ("city", "district", "town", "village", "unit")
"""Levels of organisations, the highest first; a unit (an enterprise, a society) stands outside their order."""
KINDS: tuple[str, ...] = ("bureau", "government", "committee", "rescue", "social", "enterprise")
"""Kinds of organisation: office, town government, village committee, rescue service, society, enterprise."""


@dataclass(frozen=True)
class OrganisationFacts:
    """An organisation as it is saved."""

    code: str
    name_zh: str
    kind: str
    level: str
    name_en: str | None = None
    parent_id: UUID | None = None
    division_id: UUID | None = None
    phone: str | None = None


@dataclass(eq=False)
class BadOrganisation(Refusal):
    """A field of an organisation is outside its range, or it stands under one that cannot be above it."""

    code: ClassVar[str] = "bad_organisation"
    organisation: str
    field: str
    text: str


def may_stand_under(level: str, parent_level: str) -> bool:
    """Return whether an organisation of a level may stand under one of another."""
    return level == "unit" or LEVELS.index(parent_level) <= LEVELS.index(level)


def in_a_circle(parents: Mapping[Any, Any], start: Any) -> bool:
    """Return whether whoever walks upwards from `start` comes back to it; `parents` names what stands above each."""
    above, seen = parents.get(start), set()
    while above is not None and above not in seen:
        if above == start:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def check_organisation(facts: OrganisationFacts) -> None:
    """Refuse an organisation whose own fields are outside their ranges.

    Raises
    ------
    BadOrganisation
    """
    wrong = {
        "code": not 1 <= len(facts.code) <= 24 or facts.code != facts.code.strip(),
        "name_zh": not 1 <= len(facts.name_zh) <= 80,
        "name_en": len(facts.name_en or "") > 120,
        "organisation_kind": facts.kind not in KINDS,
        "level": facts.level not in LEVELS,
        "phone": len(facts.phone or "") > 40,
    }
    for name, bad in wrong.items():
        if bad:
            text = facts.kind if name == "organisation_kind" else str(getattr(facts, name))
            raise BadOrganisation(organisation=facts.code, field=name, text=text)


def save_organisation(work: Work, *, id: UUID, organisation: OrganisationFacts, seen: UUID | None = None) -> Done:
    """Save an organisation; `seen` is the entry that the screen saw on one that exists, None for a new one.

    Raises
    ------
    NotPermitted, StalePage, NotFound, BadOrganisation
    """
    asked = {"organisation": asdict(organisation), "seen": seen}
    deed = begin(work, id=id, kind="save_organisation", asked=asked, at=DISTRICT)
    if deed.done:
        return deed.done
    query = select(Organisation).where(Organisation.code == organisation.code).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="organisation", key=organisation.code)
    check_organisation(organisation)
    _check_above(work, row.id if row else None, organisation)
    if row is None:
        row = Organisation(id=work.env.new_id(), code=organisation.code)
        work.session.add(row)
    for name, value in asdict(organisation).items():
        setattr(row, name, value)
    row.changed_by_id = deed.id
    return finish(work, deed, outcome={"organisation": row.id}, subject_id=row.id)


def _check_above(work: Work, own_id: UUID | None, facts: OrganisationFacts) -> None:
    """Refuse a division or an organisation above that is not there or cannot be above this one."""
    if facts.division_id is not None and work.session.get(Division, facts.division_id) is None:
        raise NotFound(kind="division", key=str(facts.division_id))
    if facts.parent_id is None:
        return
    rows = work.connection.execute(select(Organisation.id, Organisation.parent_id, Organisation.level))
    known = {row.id: row for row in rows}
    if facts.parent_id not in known:
        raise NotFound(kind="organisation", key=str(facts.parent_id))
    parents = {row.id: row.parent_id for row in known.values()} | {own_id: facts.parent_id}
    lower = not may_stand_under(facts.level, known[facts.parent_id].level)
    if lower or (own_id is not None and in_a_circle(parents, own_id)):
        raise BadOrganisation(organisation=facts.code, field="organisation_above", text=str(facts.parent_id))

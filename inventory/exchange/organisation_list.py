"""The list of organisations: offices, town governments, committees, enterprises that own stock or keep it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.readers import Code, Text
from inventory.exchange.taking import (
    Known,
    ListKind,
    Problems,
    Rows,
    Wanted,
    asked_of,
    code_columns,
    codes,
    id_of,
    not_there,
    options,
    outcome_of,
    present,
    understood,
    write,
)
from inventory.models import Division, Organisation
from inventory.people.journal import Done, begin, finish
from inventory.people.organisations import in_a_circle, may_stand_under
from inventory.people.rules import DISTRICT

_LEVELS = (
    ("city", N_("city")),
    ("district", N_("district")),
    ("town", N_("town")),
    ("village", N_("village")),
    ("unit", N_("independent unit")),
)
_KINDS = (
    ("bureau", N_("government office")),
    ("government", N_("town government")),
    ("committee", N_("village committee")),
    ("rescue", N_("rescue service")),
    ("social", N_("society")),
    ("enterprise", N_("enterprise")),
)
_ATTRIBUTES = {"parent": ("parent_id",), "division": ("division_id",)}
_LEVEL_NOTE = N_("An enterprise or society is an independent unit.")
_ABOVE_NOTE = N_("The code of the organisation above, in this list or known already; may stay blank.")


def organisation_kind() -> TableKind:
    """Return the list of organisations as a kind of table."""
    return TableKind(
        key="organisations",
        title=N_("List of organisations"),
        columns=(
            Column("code", N_("Organisation code"), Code(24), True, N_("Your own short code."), "WS-WAT"),
            Column("name_zh", N_("Chinese name"), Text(80), True, N_("As it stands on papers."), width=28),
            Column("name_en", N_("English name"), Text(120), note=N_("May stay blank."), width=24),
            Column("kind", N_("Kind of organisation"), options(_KINDS), True, N_("Choose from the list.")),
            Column("level", N_("Level"), options(_LEVELS), True, _LEVEL_NOTE),
            Column("parent", N_("Code above"), Code(24), note=_ABOVE_NOTE),
            Column("division", N_("Division code"), Code(12), note=N_("Where it sits; may stay blank.")),
            Column("phone", N_("Telephone"), Text(40), note=N_("May stay blank.")),
        ),
        unique=("code",),
    )


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    """Return what each line asks for; nobody stands under somebody lower, or in a circle."""
    known, divisions = Known.read(work, Organisation, parsed.lines), Known.read(work, Division)
    there = present(parsed, _ATTRIBUTES)
    levels: dict[UUID, str] = {row.id: row.level for row in known.rows.values()}
    above: dict[UUID, UUID | None] = {row.id: row.parent_id for row in known.rows.values()}
    lines: dict[UUID, Line] = {}
    wanted = []
    for line in parsed.lines:
        values = line.values
        columns: dict[str, Any] = {
            key: values[key] for key in ("code", "name_zh", "name_en", "kind", "level", "phone")
        } | {
            "parent_id": id_of(known, values["parent"]),
            "division_id": id_of(divisions, values["division"]),
        }
        one = known.wanted(line, columns, there)
        wanted.append(one)
        lines[one.id], levels[one.id] = line, values["level"]
        if one.state == "new" or "parent_id" in there:
            above[one.id] = columns["parent_id"]
        if not_there(divisions, values["division"]):
            faults.add("unknown_division", line, "division", text=values["division"])
        if not_there(known, values["parent"]):
            faults.add("unknown_organisation", line, "parent", text=values["parent"])
    for id, level in levels.items():
        upper = above[id]
        line_of = lines.get(id) or (lines.get(upper) if upper else None)
        if upper is None or line_of is None:
            continue
        if not may_stand_under(level, levels[upper]):
            faults.add("wrong_organisation_above", line_of, "parent" if id in lines else "level")
        elif id in lines and in_a_circle(above, id):
            faults.add("above_in_a_circle", line_of, "parent")
    return wanted


def import_organisations(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of organisations over as one entry, all or nothing; an organisation is found by its code.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_organisations", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    write(work, deed, Organisation, wanted, demo=False)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    organisations, divisions = code_columns(work, Organisation), code_columns(work, Division)
    names = ("code", "name_zh", "name_en", "kind", "level", "phone")
    return [
        {name: getattr(row, name) for name in names}
        | {"parent": organisations.get(row.parent_id), "division": divisions.get(row.division_id)}
        for row in work.connection.execute(select(Organisation.__table__).order_by(Organisation.code))
    ]


ORGANISATIONS = ListKind(
    table=organisation_kind,
    choices=lambda work, language: {"parent": codes(work, Organisation), "division": codes(work, Division)},
    understand=_understand,
    command=import_organisations,
    rows=_rows,
    attributes=_ATTRIBUTES,
)

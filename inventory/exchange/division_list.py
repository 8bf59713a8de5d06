"""The list of divisions: the district with its towns and subdistricts, their villages and communities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory.core.errors import Fault
from inventory.core.pinyin import search_key
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.readers import Code, Quantity, Text
from inventory.exchange.taking import (
    Known,
    ListKind,
    Problems,
    Rows,
    Wanted,
    asked_of,
    codes,
    id_of,
    not_there,
    options,
    outcome_of,
    present,
    understood,
    write,
)
from inventory.models import Division
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT
from inventory.places.rules import LEVELS

_LEVELS = (
    ("district", N_("district")),
    ("town", N_("town")),
    ("subdistrict", N_("subdistrict")),
    ("village", N_("village")),
    ("community", N_("community")),
)
_ATTRIBUTES = {"parent": ("parent_id",), "name_zh": ("name_zh", "name_pinyin")}
_ABOVE_NOTE = N_("The code of the division above, in this list or known already; blank for the district itself.")


def division_kind() -> TableKind:
    """Return the list of divisions as a kind of table."""
    return TableKind(
        key="divisions",
        title=N_("List of divisions"),
        columns=(
            Column("code", N_("Division code"), Code(12), True, N_("The official code, digits only."), "500110100"),
            Column("name_zh", N_("Chinese name"), Text(80), True, N_("As it stands on papers."), width=24),
            Column("name_en", N_("English name"), Text(120), note=N_("May stay blank."), width=24),
            Column("level", N_("Level"), options(_LEVELS), True, N_("District, town, village and so on.")),
            Column("parent", N_("Code above"), Code(12), note=_ABOVE_NOTE),
            Column("population", N_("Population"), Quantity(0), note=N_("Residents, if known.")),
            Column("source", N_("Where the figures come from"), Text(200), note=N_("May stay blank."), width=24),
        ),
        unique=("code",),
        check=_check,
    )


def _check(line: Line) -> Iterable[Fault]:
    if not line.values["code"].isalnum():
        yield Fault("not_a_division_code", 0, "code", {"text": line.values["code"]})


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    """Return what each line asks for; every division must in the end stand under its proper level."""
    known = Known.read(work, Division, parsed.lines)
    there = present(parsed, _ATTRIBUTES)
    levels: dict[UUID, str] = {row.id: row.level for row in known.rows.values()}
    above: dict[UUID, UUID | None] = {row.id: row.parent_id for row in known.rows.values()}
    lines: dict[UUID, Line] = {}
    wanted = []
    for line in parsed.lines:
        values = line.values
        columns: dict[str, Any] = {
            key: values[key] for key in ("code", "name_zh", "name_en", "level", "population")
        } | {
            "name_pinyin": search_key(values["name_zh"]),
            "parent_id": id_of(known, values["parent"]),
            "source": values["source"] or "",
        }
        one = known.wanted(line, columns, there)
        wanted.append(one)
        lines[one.id], levels[one.id] = line, values["level"]
        if one.state == "new" or "parent_id" in there:
            above[one.id] = columns["parent_id"]
        if not_there(known, values["parent"]):
            faults.add("unknown_division", line, "parent", text=values["parent"])
            del lines[one.id]
    for id, level in levels.items():
        upper = above[id]
        legal = levels[upper] in LEVELS[level] if upper else not LEVELS[level]
        # A line may be right in itself and still leave a division below it, which is not in the file, standing wrong.
        line_of = lines.get(id) or (lines.get(upper) if upper else None)
        if not legal and line_of is not None:
            faults.add("wrong_division_above", line_of, "parent" if id in lines else "level")
    return wanted


def import_divisions(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of divisions over as one entry, all or nothing; a division is found by its code.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_divisions", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    write(work, deed, Division, wanted)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    above = aliased(Division)
    query = (
        select(Division, above.code.label("parent"))
        .outerjoin(above, above.id == Division.parent_id)
        .order_by(Division.code)
    )
    names = ("code", "name_zh", "name_en", "level", "population", "source")
    return [
        {name: getattr(row.Division, name) for name in names} | {"parent": row.parent}
        for row in work.session.execute(query)
    ]


DIVISIONS = ListKind(
    table=division_kind,
    choices=lambda work, language: {"parent": codes(work, Division)},
    understand=_understand,
    command=import_divisions,
    rows=_rows,
    attributes=_ATTRIBUTES,
)

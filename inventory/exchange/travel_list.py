"""The list of travel times: minutes from one site to another by a mode; each way is a line of its own.

An entered time comes before the estimate. That there is no way at all is said in a column of its own: a blank cell must
not close a road.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Parsed, TableKind
from inventory.exchange.readers import Code, Quantity, Text
from inventory.exchange.resource_list import MODES
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
    known_row,
    options,
    outcome_of,
    understood,
)
from inventory.models import Site, TravelPair
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT
from inventory.places.commands import ENTERED
from inventory.places.rules import MINUTES_MAX

_YES_NO = (("yes", N_("yes")), ("no", N_("no")))
_MODES = (*MODES, ("helicopter", N_("helicopter")), ("drone", N_("drone")))
_KEY = ("from_site_id", "to_site_id", "mode")
_ATTRIBUTES = {"from_site": ("from_site_id",), "to_site": ("to_site_id",)}


def travel_kind() -> TableKind:
    """Return the list of travel times as a kind of table."""
    unreachable_note = N_("Write yes when there is no way; leave the minutes blank then.")
    return TableKind(
        key="travel",
        title=N_("List of travel times"),
        columns=(
            Column("from_site", N_("From (site code)"), Code(24), True, N_("Where the way begins."), "D01"),
            Column("to_site", N_("To (site code)"), Code(24), True, N_("Where it ends; the way back is another line.")),
            Column("mode", N_("Transport"), options(_MODES), True, N_("Choose from the list.")),
            Column("minutes", N_("Minutes"), Quantity(1, MINUTES_MAX), note=N_("On the way, without loading.")),
            Column("unreachable", N_("Unreachable"), options(_YES_NO), note=unreachable_note),
            Column("source", N_("Source of the figure"), Text(40), note=N_("Blank: entered."), width=24),
        ),
        unique=("from_site", "to_site", "mode"),
    )  # fmt: skip


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    sites = Known.read(work, Site)
    query = select(TravelPair.__table__)
    rows = work.connection.execute(query.with_for_update() if work.writing else query)
    there = {tuple(getattr(row, name) for name in _KEY): row for row in rows}
    wanted = []
    for line in parsed.lines:
        values, before = line.values, faults.count
        ends = {}
        for key in ("from_site", "to_site"):
            ends[key] = id_of(sites, values[key])
            if ends[key] is None:
                faults.add("unknown_site", line, key, text=values[key])
        if faults.count == before and ends["from_site"] == ends["to_site"]:
            faults.add("way_to_itself", line, "to_site")
        if (values["minutes"] is None) != (values["unreachable"] == "yes"):
            faults.add("minutes_or_unreachable", line, "minutes")
        if faults.count > before:
            continue
        columns: dict[str, Any] = {
            "from_site_id": ends["from_site"],
            "to_site_id": ends["to_site"],
            "mode": values["mode"],
            "minutes": values["minutes"],
            "source": values["source"] or ENTERED,
        }
        row = there.get(tuple(columns[name] for name in _KEY))
        id = work.env.new_id()
        wanted.append(Wanted(line, id, "new", columns) if row is None else known_row(line, id, columns, row))
    return wanted


def import_travel(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of travel times over as one entry, all or nothing; a time is found by its sites and its mode.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_travel", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    rows = [one.columns | {"changed_by_id": deed.id} for one in wanted if one.state != "same"]
    for row in rows:
        found = [getattr(TravelPair, name) == row[name] for name in _KEY]
        work.connection.execute(delete(TravelPair).where(*found))
    if rows:
        work.connection.execute(insert(TravelPair), rows)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    sites = code_columns(work, Site)
    rows: Rows = [
        {
            "from_site": sites[row.from_site_id],
            "to_site": sites[row.to_site_id],
            "mode": row.mode,
            "minutes": row.minutes,
            "unreachable": "yes" if row.minutes is None else None,
            "source": row.source,
        }
        for row in work.connection.execute(select(TravelPair.__table__))
    ]
    return sorted(rows, key=lambda row: [row[name] for name in travel_kind().unique])


def _choices(work: Work, language: str) -> dict[str, list[str]]:
    sites = codes(work, Site)
    return {"from_site": sites, "to_site": sites}


TRAVEL = ListKind(
    table=travel_kind,
    choices=_choices,
    understand=_understand,
    command=import_travel,
    rows=_rows,
    attributes=_ATTRIBUTES,
)

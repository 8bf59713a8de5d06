"""The lists of rescue teams and of vehicles: who and what can be sent, with where it stands by when nothing happens.

A list does not send anybody anywhere and calls nobody back: what is on a task keeps its state, and only what stands by
can be taken out of service.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.readers import Code, Quantity, Text, Thousandths, normal
from inventory.exchange.taking import (
    Known,
    ListKind,
    Problems,
    Rows,
    Terms,
    Wanted,
    asked_of,
    code_columns,
    codes,
    id_of,
    options,
    outcome_of,
    present,
    understood,
)
from inventory.models import Organisation, Resource, Site, Team, Vehicle
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import DISTRICT

_IN_SERVICE = "available"
_OUT = "out_of_service"
_STANDING_BY = frozenset({"available", "standby", "resting", _OUT})
_YES_NO = (("yes", N_("yes")), ("no", N_("no")))
MODES = (
    ("truck", N_("truck")),
    ("light_truck", N_("light truck")),
    ("off_road", N_("off-road vehicle")),
    ("van", N_("van")),
    ("boat", N_("boat")),
    ("foot", N_("on foot")),
)
_OF_RESOURCE = ("code", "name_zh", "name_en", "organisation_id", "home_site_id", "note", "state")
_OF_TEAM = tuple(column.name for column in Team.__table__.columns if column.name != "id")
_OF_VEHICLE = tuple(column.name for column in Vehicle.__table__.columns if column.name != "id")
_ATTRIBUTES = {"organisation": ("organisation_id",), "site": ("home_site_id",), "in_service": ("state",)}
_SERVICE_NOTE = N_("Blank: as it is; a new one is in service.")


def _first_columns(code: str, heading: str) -> tuple[Column, ...]:
    return (
        Column("code", heading, Code(24), True, N_("Your own short code."), code),
        Column("name_zh", N_("Chinese name"), Text(80), True, N_("As it stands on papers."), width=28),
        Column("name_en", N_("English name"), Text(120), note=N_("May stay blank."), width=24),
        Column("organisation", N_("Organisation code"), Code(24), True, N_("To whom it belongs.")),
        Column("site", N_("Base (site code)"), Code(24), True, N_("Where it stands by.")),
    )


def _last_columns() -> tuple[Column, ...]:
    return (
        Column("phone", N_("Telephone"), Text(40), note=N_("May stay blank.")),
        Column("in_service", N_("In service"), options(_YES_NO), note=_SERVICE_NOTE),
        Column("note", N_("Note"), Text(120), note=N_("May stay blank."), width=24),
    )


def team_kind() -> TableKind:
    """Return the list of rescue teams as a kind of table."""
    from_list = N_("Choose from the list.")
    minutes = 7 * 24 * 60
    return TableKind(
        key="teams",
        title=N_("List of rescue teams"),
        columns=(
            *_first_columns("DW-01", N_("Team code")),
            Column("discipline", N_("Discipline"), Text(80), True, from_list, width=20),
            Column("level", N_("Level"), Quantity(1, 3), True, N_("1 is the strongest, 3 the weakest."), 2),
            Column("legal_kind", N_("Legal kind"), Text(80), True, from_list, width=24),
            Column("people", N_("People"), Quantity(1, 100_000), True, N_("How many can go."), 30),
            Column("assembly_local_minutes", N_("Assembly here (min)"), Quantity(0, minutes), True,
                   N_("Minutes from the call until it leaves for its own district."), 30),
            Column("assembly_away_minutes", N_("Assembly elsewhere (min)"), Quantity(0, minutes),
                   note=N_("Minutes until it leaves for another district; may stay blank.")),
            Column("endurance_hours", N_("Endurance (h)"), Quantity(0, 10_000),
                   note=N_("Hours it works without relief; may stay blank.")),
            Column("leader", N_("Leader"), Text(60), note=N_("May stay blank.")),
            *_last_columns(),
        ),
        unique=("code",),
    )  # fmt: skip


def vehicle_kind() -> TableKind:
    """Return the list of vehicles as a kind of table."""
    return TableKind(
        key="vehicles",
        title=N_("List of vehicles"),
        columns=(
            *_first_columns("CL-01", N_("Vehicle code")),
            Column("plate", N_("Plate"), Text(16), True, N_("As on the vehicle."), width=12),
            Column("mode", N_("Transport"), options(MODES), True, N_("Choose from the list.")),
            Column("payload_g", N_("Payload (kg)"), Thousandths(), True, N_("What it may carry, in kilograms."), 1500),
            Column("volume_cm3", N_("Volume (litres)"), Thousandths(), True, N_("1 m3 is 1000 litres."), 16000),
            Column("driver", N_("Driver"), Text(60), note=N_("May stay blank.")),
            *_last_columns(),
        ),
        unique=("code",),
    )


def _query(table: type[Team] | type[Vehicle], names: tuple[str, ...]) -> Select[Any]:
    """Select the resources of one kind with the columns of their own table."""
    own = [getattr(table, name) for name in names]
    return select(Resource.__table__, *own).join_from(Resource, table, table.id == Resource.id)


class _District:
    """What the codes of both lists mean here."""

    def __init__(self, work: Work, parsed: Parsed, table: type[Team] | type[Vehicle], names: tuple[str, ...]) -> None:
        self.known = Known.read(work, Resource, parsed.lines, _query(table, names))
        self.sites, self.organisations = Known.read(work, Site), Known.read(work, Organisation)
        self.kinds = {
            normal(row.code): row.kind for row in work.connection.execute(select(Resource.code, Resource.kind))
        }
        self.kind = table.__tablename__
        self.present = present(parsed, _ATTRIBUTES)

    def columns(self, line: Line, faults: Problems) -> dict[str, Any]:
        """Return what both lists say of a row, with what is wrong with it."""
        values = line.values
        for key, known, code in (
            ("organisation", self.organisations, "unknown_organisation"),
            ("site", self.sites, "unknown_site"),
        ):
            if id_of(known, values[key]) is None:
                faults.add(code, line, key, text=values[key])
        if self.kinds.get(normal(values["code"]), self.kind) != self.kind:
            faults.add("code_of_another_kind", line, "code", text=values["code"])
        return {
            "code": values["code"],
            "name_zh": values["name_zh"],
            "name_en": values["name_en"],
            "organisation_id": id_of(self.organisations, values["organisation"]),
            "home_site_id": id_of(self.sites, values["site"]),
            "note": values["note"] or "",
            "phone": values["phone"] or "",
            "state": self.state(line, faults),
        }

    def state(self, line: Line, faults: Problems) -> str:
        """Return the state after the line: only what stands by is taken out of service, or put into it."""
        row, asked = self.known.row(line), line.values["in_service"]
        now = _IN_SERVICE if row is None else str(row.state)
        if asked == "no":
            if now not in _STANDING_BY:
                faults.add("resource_is_out", line, "in_service", code=line.values["code"], state=now)
            return _OUT
        return _IN_SERVICE if now == _OUT and asked == "yes" else now


def _teams(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    district = _District(work, parsed, Team, _OF_TEAM)
    open_lists = {name: Terms(work, name) for name in ("discipline", "legal_kind")}
    wanted = []
    for line in parsed.lines:
        before = faults.count
        columns = district.columns(line, faults)
        for name, terms in open_lists.items():
            columns[name] = terms.code(line.values[name])
            if columns[name] is None:
                faults.add("unknown_term", line, name, text=line.values[name])
        for name in ("level", "people", "assembly_local_minutes", "assembly_away_minutes", "endurance_hours"):
            columns[name] = line.values[name]
        columns["leader"] = line.values["leader"] or ""
        if faults.count == before:
            wanted.append(district.known.wanted(line, columns, district.present))
    return wanted


def _vehicles(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    district = _District(work, parsed, Vehicle, _OF_VEHICLE)
    # A plate may pass from one vehicle of the list to another, so what the list says comes first.
    listed = {normal(line.values["code"]) for line in parsed.lines}
    plates = {normal(row.plate): row.code for code, row in district.known.rows.items() if code not in listed}
    wanted = []
    for line in parsed.lines:
        before = faults.count
        columns = district.columns(line, faults)
        for name in ("plate", "mode", "payload_g", "volume_cm3"):
            columns[name] = line.values[name]
        columns["driver"] = line.values["driver"] or ""
        holder = plates.setdefault(normal(columns["plate"]), columns["code"])
        if normal(holder) != normal(columns["code"]):
            faults.add("plate_taken", line, "plate", text=columns["plate"], code=holder)
        if faults.count == before:
            wanted.append(district.known.wanted(line, columns, district.present))
    return wanted


def _write(work: Work, deed: Deed, table: type[Team] | type[Vehicle], wanted: list[Wanted]) -> None:
    """Write both rows of each: what every resource has, and what only a team or a vehicle has."""
    new = [one for one in wanted if one.state == "new"]
    if new:
        common = {"kind": table.__tablename__, "demo": False, "changed_by_id": deed.id}
        of_resource = [{"id": one.id, **common, **_part(one, _OF_RESOURCE, inside=True)} for one in new]
        work.connection.execute(insert(Resource), of_resource)
        work.connection.execute(insert(table), [{"id": one.id, **_part(one, _OF_RESOURCE)} for one in new])
    changed = [one for one in wanted if one.state == "changed"]
    if table is Vehicle:
        # Plates are unique at every moment: what two vehicles exchange is laid down before it is taken up.
        for one in changed:
            if "plate" in one.columns:
                work.connection.execute(update(Vehicle).where(Vehicle.id == one.id).values(plate=one.id.hex[-16:]))
    for one in changed:
        common_part, own = _part(one, _OF_RESOURCE, inside=True), _part(one, _OF_RESOURCE)
        work.connection.execute(
            update(Resource).where(Resource.id == one.id).values(common_part | {"changed_by_id": deed.id})
        )
        if own:
            work.connection.execute(update(table).where(table.id == one.id).values(own))


def _part(one: Wanted, names: tuple[str, ...], *, inside: bool = False) -> dict[str, Any]:
    return {name: value for name, value in one.columns.items() if (name in names) == inside}


def import_teams(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of rescue teams over as one entry, all or nothing; a team is found by its code.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_teams", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _teams)
    _write(work, deed, Team, wanted)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def import_vehicles(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of vehicles over as one entry, all or nothing; a vehicle is found by its code.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_vehicles", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _vehicles)
    _write(work, deed, Vehicle, wanted)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work, table: type[Team] | type[Vehicle], names: tuple[str, ...]) -> Rows:
    sites, organisations = code_columns(work, Site), code_columns(work, Organisation)
    return [
        {name: getattr(row, name) for name in ("code", "name_zh", "name_en", "note", *names)}
        | {
            "organisation": organisations[row.organisation_id],
            "site": sites[row.home_site_id],
            "in_service": "no" if row.state == _OUT else "yes",
        }
        for row in work.connection.execute(_query(table, names).order_by(Resource.code))
    ]


def _team_rows(work: Work) -> Rows:
    open_lists = {name: Terms(work, name) for name in ("discipline", "legal_kind")}
    return [
        row | {name: terms.name(row[name]) for name, terms in open_lists.items()} for row in _rows(work, Team, _OF_TEAM)
    ]


def _choices(work: Work, language: str) -> dict[str, list[str]]:
    return {"organisation": codes(work, Organisation), "site": codes(work, Site)}


TEAMS = ListKind(
    table=team_kind,
    choices=lambda work, language: (
        _choices(work, language) | {name: Terms(work, name).names(language) for name in ("discipline", "legal_kind")}
    ),
    understand=_teams,
    command=import_teams,
    rows=_team_rows,
    attributes=_ATTRIBUTES,
)
VEHICLES = ListKind(
    table=vehicle_kind,
    choices=_choices,
    understand=_vehicles,
    command=import_vehicles,
    rows=lambda work: _rows(work, Vehicle, _OF_VEHICLE),
    attributes=_ATTRIBUTES,
)

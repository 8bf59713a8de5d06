"""The list of sites: stores, supply points, shelters, villages, with their points and the bins that goods stand in.

A new stockpile also gets a staging area, a quarantine area and, where the list names none, a first bin. Bins that a
list names and the site does not have are opened; bins that it does not name stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Fault
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.readers import Code, Codes, Degrees, Quantity, Text, normal
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
    options,
    outcome_of,
    present,
    understood,
    write,
)
from inventory.ledger.commands import open_place
from inventory.models import Division, Organisation, Place, Site
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.queries import here
from inventory.people.rules import DISTRICT
from inventory.places.rules import READY_MINUTES_MAX, STOCK_KINDS, OutsideChina, SiteFacts, check_point, site_columns

FIRST_BIN = "A01"
AREAS = (("staging", "S01"), ("quarantine", "Q01"))
"""What every stockpile has beside its bins: kind of place and code."""

_KINDS = (
    ("store", N_("store")),
    ("point", N_("supply point")),
    ("shelter", N_("shelter")),
    ("forward", N_("forward point")),
    ("team_base", N_("team base")),
    ("scene", N_("scene")),
    ("village", N_("village")),
    ("office", N_("office")),
)
_CHANNELS = (
    ("own", N_("own stock")),
    ("entrusted", N_("entrusted to an enterprise")),
    ("agreement", N_("supply agreement")),
    ("capacity", N_("production capacity")),
    ("donated", N_("donated goods")),
    ("social", N_("social reserve")),
    ("household", N_("household reserve")),
)
_SYSTEMS = (
    ("wgs84", N_("WGS-84 (GPS)")),
    ("gcj02", N_("GCJ-02 (Amap, Tencent)")),
    ("bd09", N_("BD-09 (Baidu)")),
)
_POINT = ("latitude", "longitude", "entered_as", "point_quality")
_ATTRIBUTES = {
    "latitude": _POINT,
    "longitude": _POINT,
    "entered_as": _POINT,
    "name_zh": ("name_zh", "name_pinyin"),
    "division": ("division_id",),
    "organisation": ("organisation_id",),
    "bins": (),
}
_BINS_NOTE = N_("Bins to open, separated by commas; a new stockpile without any gets A01.")
_SYSTEM_NOTE = N_("Where the two numbers were read; maps sold in China are shifted by some hundred metres.")


def site_kind() -> TableKind:
    """Return the list of sites as a kind of table."""
    return TableKind(
        key="sites",
        title=N_("List of sites"),
        columns=(
            Column("code", N_("Site code"), Code(24), True, N_("Your own short code."), "WS-01"),
            Column("name_zh", N_("Chinese name"), Text(80), True, N_("As it stands on papers."), width=28),
            Column("name_en", N_("English name"), Text(120), note=N_("May stay blank."), width=24),
            Column("kind", N_("Kind of site"), options(_KINDS), True, N_("Choose from the list.")),
            Column("division", N_("Division code"), Code(12), True, N_("The town or village in which it lies.")),
            Column("organisation", N_("Organisation code"), Code(24), True, N_("Who keeps it.")),
            Column("latitude", N_("Latitude"), Degrees(90), note=N_("In degrees, for example 29.0126.")),
            Column("longitude", N_("Longitude"), Degrees(180), note=N_("In degrees, for example 106.8743.")),
            Column("entered_as", N_("Coordinate system"), options(_SYSTEMS), note=_SYSTEM_NOTE, width=20),
            Column("address", N_("Address"), Text(120), note=N_("May stay blank."), width=28),
            Column("contact", N_("Contact"), Text(60), note=N_("Who answers there.")),
            Column("phone", N_("Telephone"), Text(40), note=N_("May stay blank.")),
            Column("ready_minutes", N_("Minutes to get ready"), Quantity(0), note=N_("From the call to loading.")),
            Column("channel", N_("Storage channel"), options(_CHANNELS), note=N_("Blank: own stock.")),
            Column("bins", N_("Bins"), Codes(24), note=_BINS_NOTE, width=24),
        ),
        unique=("code",),
    )


def _check(line: Line) -> Iterable[Fault]:
    """Tell what is wrong with the point of a line; two numbers and their system belong together."""
    latitude, longitude, system = (line.values[key] for key in ("latitude", "longitude", "entered_as"))
    if (latitude is None) != (longitude is None):
        yield Fault("half_a_point", 0, "longitude" if longitude is None else "latitude")
    elif latitude is not None:
        if system is None:
            yield Fault("no_coordinate_system", 0, "entered_as")
        try:
            check_point(line.values["code"], latitude, longitude)
        except OutsideChina as refusal:
            facts = {"latitude": refusal.latitude, "longitude": refusal.longitude}
            yield Fault("point_outside_china", 0, "latitude", facts)
    if (line.values["ready_minutes"] or 0) > READY_MINUTES_MAX:
        yield Fault("too_many_minutes", 0, "ready_minutes", {"limit": READY_MINUTES_MAX})


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    known, divisions = Known.read(work, Site, parsed.lines), Known.read(work, Division)
    organisations = Known.read(work, Organisation)
    there = present(parsed, _ATTRIBUTES)
    places = select(Place.site_id, Place.code, Place.kind, Place.open).where(Place.site_id.is_not(None))
    shelves = {(row.site_id, normal(row.code)): row for row in work.connection.execute(places)}
    wanted = []
    for line in parsed.lines:
        values = line.values
        division_id, organisation_id = (
            id_of(divisions, values["division"]),
            id_of(organisations, values["organisation"]),
        )
        if division_id is None:
            faults.add("unknown_division", line, "division", text=values["division"])
        if organisation_id is None:
            faults.add("unknown_organisation", line, "organisation", text=values["organisation"])
        wrong = list(_check(line))
        for fault in wrong:
            faults.add(fault.code, line, fault.column, **fault.facts)
        if wrong or division_id is None or organisation_id is None:
            continue
        columns, row = _columns(values, division_id, organisation_id), known.row(line)
        if row is not None and (columns["latitude"], columns["longitude"]) == (row.latitude, row.longitude):
            # The same point stays as it was entered: the list that we give out tells every point in WGS-84.
            columns |= {"entered_as": row.entered_as, "point_quality": row.point_quality}
        one = known.wanted(line, columns, there)
        wanted.append(_with_bins(one, shelves, faults))
    return wanted


def _columns(values: dict[str, Any], division_id: UUID, organisation_id: UUID) -> dict[str, Any]:
    """Return what a line says of its site's row, its point in WGS-84."""
    facts = SiteFacts(
        code=values["code"],
        name_zh=values["name_zh"],
        name_en=values["name_en"],
        kind=values["kind"],
        division_id=division_id,
        organisation_id=organisation_id,
        latitude=values["latitude"],
        longitude=values["longitude"],
        entered_as=values["entered_as"] or "wgs84",
        address=values["address"] or "",
        contact=values["contact"] or "",
        phone=values["phone"] or "",
        ready_minutes=values["ready_minutes"] or 0,
        channel=values["channel"] or "own",
    )
    return site_columns(facts)


def _with_bins(one: Wanted, shelves: dict[tuple[UUID, str], Any], faults: Problems) -> Wanted:
    """Return a site with the bins that are to be opened in it."""
    named = one.line.values["bins"] or ()
    if one.state == "new" and not named and one.line.values["kind"] in STOCK_KINDS:
        named = (FIRST_BIN,)
    areas = {normal(code) for _, code in AREAS} if one.line.values["kind"] in STOCK_KINDS else set()
    missing = []
    for code in named:
        place = shelves.get((one.id, normal(code)))
        if place is None and not (one.state == "new" and normal(code) in areas):
            missing.append(code)
        elif place is None or place.kind != "bin" or not place.open:
            faults.add("not_an_open_bin", one.line, "bins", text=code, site=one.line.values["code"])
    state = "changed" if one.state == "same" and missing else one.state
    columns = {} if one.state == "same" else one.columns
    return replace(one, state=state, columns=columns, bins=tuple(missing))


def import_sites(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of sites over as one entry, all or nothing; a site is found by its code.

    The outcome counts `lines`, `new`, `changed`, `same`, and the `bins` that were opened.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_sites", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    write(work, deed, Site, wanted, node_id=here(work).id)
    bins = sum(_open_places(work, deed, one) for one in wanted)
    return finish(work, deed, outcome=outcome_of(parsed, wanted, bins=bins))


def _open_places(work: Work, deed: Deed, one: Wanted) -> int:
    """Open what a site needs; return how many bins."""
    if one.state == "new" and one.line.values["kind"] in STOCK_KINDS:
        for kind, code in AREAS:
            open_place(work, deed=deed, id=work.env.new_id(), kind=kind, code=code, site_id=one.id)
    for code in one.bins:
        open_place(work, deed=deed, id=work.env.new_id(), kind="bin", code=code, site_id=one.id)
    return len(one.bins)


def _rows(work: Work) -> Rows:
    """Return the sites with their points in WGS-84; their bins are a list of their own."""
    divisions, organisations = code_columns(work, Division), code_columns(work, Organisation)
    names = (
        *("code", "name_zh", "name_en", "kind", "latitude", "longitude"),
        *("address", "contact", "phone", "ready_minutes", "channel"),
    )
    return [
        {name: getattr(row, name) for name in names}
        | {
            "division": divisions[row.division_id],
            "organisation": organisations[row.organisation_id],
            "entered_as": None if row.latitude is None else "wgs84",
        }
        for row in work.connection.execute(select(Site.__table__).order_by(Site.code))
    ]


SITES = ListKind(
    table=site_kind,
    choices=lambda work, language: {"division": codes(work, Division), "organisation": codes(work, Organisation)},
    understand=_understand,
    command=import_sites,
    rows=_rows,
    attributes=_ATTRIBUTES,
)

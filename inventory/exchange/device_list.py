"""The list of devices: each a piece of stock of its own, with what makes it usable when network, power or road are cut.

A device is found by its label; one without a label by its item and serial number. What is not there yet is taken in as
one lot of one piece, like goods received from outside. A list does not move devices that are there: they are moved
under Stock, where the ledger says why.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.device_lookup import Device, DeviceLookup
from inventory.exchange.readers import Code, Day, Quantity, Text
from inventory.exchange.taking import (
    ListKind,
    Problems,
    Rows,
    Wanted,
    asked_of,
    codes,
    known_row,
    options,
    outcome_of,
    present,
    understood,
)
from inventory.ledger.commands import new_lot
from inventory.ledger.posting import post, virtual_place
from inventory.ledger.rules import Line as MovementLine
from inventory.models import Asset, Item, Organisation, Place, Site
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.numbering import labels
from inventory.people.rules import DISTRICT

_YES_NO = (("yes", N_("yes")), ("no", N_("no")))
_CONDITIONS = (
    ("serviceable", N_("serviceable")),
    ("limited", N_("limited use")),
    ("unserviceable", N_("unserviceable")),
    ("awaiting_inspection", N_("waits for inspection")),
    ("retired", N_("retired")),
)
_MOBILITIES = (
    ("portable", N_("portable")),
    ("vehicle", N_("mounted on a vehicle")),
    ("fixed", N_("fixed, stays in its place")),
)
_SOURCES = (
    ("opening", N_("opening stock")),
    ("purchase", N_("purchase")),
    ("allotted", N_("allotted from above")),
    ("donation", N_("donation")),
    ("requisition", N_("requisition")),
    ("found", N_("found")),
)
_CUTS = ("network", "power", "road")
_FLAGS = {f"without_{cut}": f"independent_of_{cut}" for cut in _CUTS}
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    **{key: (name,) for key, name in _FLAGS.items()},
    "home": ("home_site_id",),
    **dict.fromkeys(("site", "bin", "owner", "source", "label", "item"), ()),
}
_TEXTS = ("serial_number", "custodian", "number")
_KEPT_WHEN_BLANK = {"condition": "serviceable", "mobility": "portable"}
_NEW_ONLY = N_("Where a new device stands; of known ones it is told and not changed.")
_FLAG_NOTE = N_("Whether it works while that is cut; blank: no.")


def device_kind() -> TableKind:
    """Return the list of devices as a kind of table."""
    blank = N_("May stay blank.")
    return TableKind(
        key="devices",
        title=N_("List of devices"),
        columns=(
            Column("label", N_("Label"), Code(10), note=N_("Given out by the program; blank for a new device.")),
            Column("item", N_("Item code"), Code(24), True, N_("An item that is kept piece by piece.")),
            Column("serial_number", N_("Serial number"), Text(60), note=N_("As on the device; needed without a label."),
                   width=20),
            Column("kind", N_("Kind of device"), Text(80), True, N_("Choose from the list."), width=20),
            Column("name_zh", N_("Chinese name"), Text(80), True, N_("As it stands on papers."), width=28),
            Column("name_en", N_("English name"), Text(120), note=blank, width=24),
            Column("site", N_("Site code"), Code(24), note=_NEW_ONLY),
            Column("bin", N_("Bin"), Code(40), note=_NEW_ONLY),
            Column("owner", N_("Owner code"), Code(24), note=N_("Of a new device; blank: the keeper of the site.")),
            Column("source", N_("Source"), options(_SOURCES), note=N_("Of a new device; blank: opening stock.")),
            Column("home", N_("Home (site code)"), Code(24), note=N_("Where it belongs; blank for a new one: where it"
                   " stands.")),
            Column("condition", N_("Condition"), options(_CONDITIONS), note=N_("Blank: serviceable, or as it is.")),
            Column("mobility", N_("Mobility"), options(_MOBILITIES), note=N_("Blank: portable, or as it is.")),
            Column("custodian", N_("Custodian"), Text(60), note=blank),
            Column("number", N_("Call number"), Text(40), note=blank),
            Column("card_expires_on", N_("Card expires on"), Day(), note=N_("Last day of its card; may stay blank.")),
            Column("runtime_minutes", N_("Runtime (min)"), Quantity(0, 1_000_000), note=N_("On its own power.")),
            Column("without_network", N_("Works without network"), options(_YES_NO), note=_FLAG_NOTE),
            Column("without_power", N_("Works without power"), options(_YES_NO), note=_FLAG_NOTE),
            Column("without_road", N_("Works without road"), options(_YES_NO), note=_FLAG_NOTE),
            Column("operator_certificate", N_("Operator needs"), Code(24), note=N_("Code of a certificate, or blank.")),
        ),
        unique=("label", "item", "serial_number"),
        identity=("label",),
    )  # fmt: skip


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    lookup, there = DeviceLookup(work), present(parsed, _ATTRIBUTES)
    wanted = []
    seen: dict[UUID, int] = {}
    for line in parsed.lines:
        before = faults.count
        device = lookup.device(line, faults)
        first = seen.setdefault(device.row.lot_id, line.number) if device is not None else line.number
        if first != line.number:
            faults.add("duplicate_row", line, first=first)
        columns = _columns(line, lookup, faults)
        if device is not None:
            lookup.stands_where_it_is(line, device, faults)
            one = _of_known(line, device, columns, there)
        else:
            columns |= lookup.of_new(line, faults)
            columns["home_site_id"] = columns["home_site_id"] or columns["site_id"]
            one = Wanted(line, work.env.new_id(), "new", columns)
        if faults.count == before:
            wanted.append(one)
    return wanted


def _columns(line: Line, lookup: DeviceLookup, faults: Problems) -> dict[str, Any]:
    """Return what a line says of its device's row; None for a closed list left blank."""
    values = line.values
    kind = lookup.kinds.code(values["kind"])
    if kind is None:
        faults.add("unknown_term", line, "kind", text=values["kind"])
    if values["home"] is not None and lookup.site(values["home"]) is None:
        faults.add("unknown_site", line, "home", text=values["home"])
    home = lookup.site(values["home"])
    names = ("name_zh", "name_en", "card_expires_on", "runtime_minutes", "operator_certificate", *_KEPT_WHEN_BLANK)
    return (
        {name: values[name] for name in names}
        | {name: values[name] or "" for name in _TEXTS}
        | {name: values[key] == "yes" for key, name in _FLAGS.items()}
        | {"kind": kind, "home_site_id": None if home is None else home.id}
    )


def _of_known(line: Line, device: Device, columns: dict[str, Any], there: frozenset[str]) -> Wanted:
    """Return what a line asks of a device that is there; a column that the file does not have stays."""
    kept = {
        name: value
        for name, value in columns.items()
        if name in there and not (name in _KEPT_WHEN_BLANK and value is None)
    }
    return known_row(line, device.row.lot_id, kept, device.row)


def import_devices(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of devices over as one entry, all or nothing; new ones are received into their bins.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_devices", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    _receive(work, deed, [one for one in wanted if one.state == "new"])
    for one in wanted:
        if one.state == "changed":
            values = one.columns | {"changed_by_id": deed.id}
            work.connection.execute(update(Asset).where(Asset.lot_id == one.id).values(values))
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _receive(work: Work, deed: Deed, wanted: list[Wanted]) -> None:
    """Make a lot of one, its row and its movement for each new device."""
    if not wanted:
        return
    supplier = virtual_place(work, "supplier")
    lot_labels, asset_labels = labels(work, "lot", many=len(wanted)), labels(work, "asset", many=len(wanted))
    lines, assets = [], []
    for one, lot_label, asset_label in zip(wanted, lot_labels, asset_labels, strict=True):
        columns = dict(one.columns)
        place_id, channel, _ = columns.pop("place_id"), columns.pop("channel"), columns.pop("site_id")
        lot_id = new_lot(
            work,
            deed=deed,
            label=lot_label,
            item_id=columns.pop("item_id"),
            owner_id=columns.pop("owner_id"),
            source=one.line.values["source"] or "opening",
            channel=channel,
        )
        lines.append(MovementLine(lot_id, supplier, place_id, 1, "receive"))
        blank = {name: value for name, value in _KEPT_WHEN_BLANK.items() if columns[name] is None}
        row = {"lot_id": lot_id, "label": asset_label, "demo": False, "changed_by_id": deed.id}
        assets.append(row | columns | blank)
    work.session.flush()
    work.connection.execute(insert(Asset), assets)
    post(work, deed=deed, lines=lines)


def _rows(work: Work) -> Rows:
    """Return every device with where it stands; site and bin are blank while it is on the way or lent out."""
    lookup = DeviceLookup(work)
    rows: Rows = []
    for device in lookup.devices.values():
        row = device.row
        names = ("label", "serial_number", "name_zh", "name_en", "condition", "mobility", "custodian", "number")
        facts = {name: getattr(row, name) or None for name in names}
        facts |= {name: getattr(row, name) for name in ("card_expires_on", "runtime_minutes", "operator_certificate")}
        facts |= {key: "yes" if getattr(row, name) else "no" for key, name in _FLAGS.items()}
        facts |= {"item": row.item, "kind": lookup.kinds.name(row.kind), "home": lookup.codes.get(row.home_site_id)}
        rows.append(facts | {"site": row.site, "bin": row.bin if row.site else None})
    return rows


def _choices(work: Work, language: str) -> dict[str, list[str]]:
    serial = select(Item.code).where(Item.active, Item.tracking == "serial").order_by(Item.code)
    bins = select(Place.code).where(Place.kind == "bin", Place.open).distinct().order_by(Place.code)
    sites = codes(work, Site)
    return {
        "item": list(work.connection.scalars(serial)),
        "kind": DeviceLookup.kinds_of(work).names(language),
        "site": sites,
        "home": sites,
        "bin": list(work.connection.scalars(bins)),
        "owner": codes(work, Organisation),
    }


DEVICES = ListKind(
    table=device_kind,
    choices=_choices,
    understand=_understand,
    command=import_devices,
    rows=_rows,
    attributes=_ATTRIBUTES,
)

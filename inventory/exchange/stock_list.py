"""The stock list: what stands where, of which batch, brought in from a spreadsheet as one entry, all or nothing.

Every row becomes goods received from outside into a bin; rows of the same batch, owner and site become one lot. The
entry's id comes from the file's own content, so the same file can be imported any number of times and counts once.
Unknown bins are a fault, unless the row itself says that the bin may be opened: a typing error must not build shelves.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Parsed, TableKind
from inventory.exchange.readers import Code, Day, Quantity, Text, Yuan, normal
from inventory.exchange.stock_lookup import Goods, Lookup
from inventory.exchange.taking import ListKind, Problems, Wanted, asked_of, codes, options, understood
from inventory.ledger.commands import new_lot, open_place
from inventory.ledger.posting import post, virtual_place
from inventory.ledger.rules import Line as MovementLine
from inventory.models import Item, Organisation, Place, Site
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT, At

_NAMESPACE = UUID("6f1c1e0a-52f3-5d0e-9a53-7d6c3a1f0b11")

_SOURCES = (
    ("opening", N_("opening stock")),
    ("purchase", N_("purchase")),
    ("allotted", N_("allotted from above")),
    ("donation", N_("donation")),
    ("requisition", N_("requisition")),
    ("found", N_("found")),
)


def stock_kind() -> TableKind:
    """Return the stock list as a kind of table."""
    return TableKind(
        key="stock",
        title=N_("Stock list"),
        columns=(
            Column("site", N_("Site code"), Code(24), True, N_("The code of the stockpile where it stands."), "WS-01"),
            Column("bin", N_("Bin"), Code(40), True, N_("The bin in that stockpile, as on its label."), "A-01-1"),
            Column("item", N_("Item code"), Code(24), note=N_("The item's code; without it the name must be exact.")),
            Column("name", N_("Item name"), Text(120), note=N_("The item's name as in the catalogue."), width=28),
            Column("spec", N_("Specification"), Text(120), note=N_("Size or model, if it matters."), width=20),
            Column("batch", N_("Batch"), Text(60), note=N_("As on the package; leave blank if there is none.")),
            Column("made_on", N_("Made on"), Day(), note=N_("Year, month and day.")),
            Column("expires_on", N_("Expires on"), Day(), note=N_("Last day on which it may be used.")),
            Column("quantity", N_("Quantity"), Quantity(1), True, N_("Whole number, without the unit."), 40),
            Column("unit", N_("Unit"), Text(24), True, N_("The item's own unit, or one of its packs."), width=8),
            Column("owner", N_("Owner code"), Code(24), note=N_("Organisation that owns it; blank: the keeper.")),
            Column("source", N_("Source"), options(_SOURCES), note=N_("Where it came from; blank: opening stock.")),
            Column("source_name", N_("Supplier or donor"), Text(80), note=N_("Name of the giver, if known."), width=20),
            Column("unit_price_fen", N_("Unit price (yuan)"), Yuan(), note=N_("Price of one base unit, in yuan.")),
            Column(
                "new_bin",
                N_("Open new bin"),
                options((("yes", N_("yes")), ("no", N_("no")))),
                note=N_("Write yes if the bin does not exist yet and shall be opened."),
            ),
        ),
        unique=("site", "bin", "item", "name", "spec", "batch", "made_on", "expires_on", "owner", "source",
                "source_name", "unit_price_fen"),
    )  # fmt: skip


def _choices(work: Work, language: str) -> dict[str, list[str]]:
    """Return this district's codes and names to choose from."""
    sites = select(Site.code).where(Site.closed.is_(False)).order_by(Site.code)
    items = select(Item.code, Item.name_zh, Item.name_en).where(Item.active, Item.tracking != "serial")
    rows = work.connection.execute(items.order_by(Item.code)).all()
    chinese = language.startswith("zh")
    return {
        "site": list(work.connection.scalars(sites)),
        "bin": sorted(set(work.connection.scalars(select(Place.code).where(Place.kind == "bin", Place.open)))),
        "item": [row.code for row in rows],
        "name": [row.name_zh if chinese else row.name_en or row.name_zh for row in rows],
        "owner": codes(work, Organisation),
    }


def stock_import_id(parsed: Parsed) -> UUID:
    """Return the id of the import of a file: the same content is the same entry."""
    return uuid5(_NAMESPACE, parsed.sha256)


def import_stock(work: Work, *, id: UUID, parsed: Parsed, confirmed: frozenset[str] = frozenset()) -> Done:
    """Post a stock list as one entry: bins opened, lots made, goods received; all or nothing.

    Parameters
    ----------
    id
        `stock_import_id(parsed)`: the same file again is "already done" and changes nothing.
    parsed
        The file as `columns.validate(table, stock_kind())` understood it; quantities in the units of the file.

    Returns
    -------
    Done
        The outcome tells `lines`, `lots` and `bins` (how many) and `file`.

    Raises
    ------
    FileRefused
        With every fault, of the file and of what its codes mean here.
    NotPermitted
        When one of the sites lies outside what the person may keep.
    """
    parsed.refuse_faults()
    places = _acts_at(work, parsed)
    for place in places:
        permit(work, "import_stock", place)
    asked = {"file": parsed.sha256, "rows": asked_of(parsed)["rows"]}
    deed = begin(work, id=id, kind="import_stock", asked=asked, at=places[0], confirmed=confirmed)
    if deed.done:
        return deed.done
    goods: list[Goods] = [one.columns["goods"] for one in understood(work, parsed, _understand)]
    opened = _open_bins(work, deed, goods)
    lots = _make_lots(work, deed, goods)
    supplier = virtual_place(work, "supplier")
    lines = [
        MovementLine(
            lots[one.batch_key],
            supplier,
            one.place_id or opened[(one.site.id, normal(one.bin_code))],
            one.quantity,
            "receive",
        )
        for one in goods
    ]
    post(work, deed=deed, lines=lines)
    outcome = {"file": parsed.file_name, "lines": len(lines), "lots": len(lots), "bins": len(opened)}
    return finish(work, deed, outcome=outcome, subject_id=places[0].site_id if len(places) == 1 else None)


def _acts_at(work: Work, parsed: Parsed) -> list[At]:
    """Return the sites of a list; one without any known site acts nowhere, so only the whole district may see why."""
    sites = {normal(row.code): row.id for row in work.connection.execute(select(Site.id, Site.code))}
    named = sorted({normal(line.values["site"]) for line in parsed.lines})
    return [At(sites[code]) for code in named if code in sites] or [DISTRICT]


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    """Return the goods of all lines, with everything that its codes do not mean here."""
    lookup, id = Lookup(work), stock_import_id(parsed)
    wanted = []
    for line in parsed.lines:
        goods, wrong = lookup.goods(line)
        for fault in wrong:
            faults.add(fault.code, line, fault.column, **fault.facts)
        if goods is not None:
            wanted.append(Wanted(line, id, "new", {"goods": goods}))
    return wanted


def _open_bins(work: Work, deed: Deed, goods: list[Goods]) -> dict[tuple[UUID, str], UUID]:
    """Open the bins that are missing, each once."""
    opened: dict[tuple[UUID, str], UUID] = {}
    for one in goods:
        key = (one.site.id, normal(one.bin_code))
        if one.place_id is None and key not in opened:
            opened[key] = open_place(
                work, deed=deed, id=work.env.new_id(), kind="bin", code=one.bin_code, site_id=one.site.id
            )
    return opened


def _make_lots(work: Work, deed: Deed, goods: list[Goods]) -> dict[tuple[Any, ...], UUID]:
    """Make the lots, one for each batch of an owner in a site."""
    lots: dict[tuple[Any, ...], UUID] = {}
    for one in goods:
        if one.batch_key in lots:
            continue
        values = one.line.values
        lots[one.batch_key] = new_lot(
            work,
            deed=deed,
            item_id=one.item_id,
            owner_id=one.owner_id,
            source=values["source"] or "opening",
            source_name=values["source_name"] or "",
            batch=values["batch"] or "",
            made_on=values["made_on"],
            expires_on=values["expires_on"],
            spec=values["spec"] or "",
            channel=one.site.channel,
            unit_price_fen=values["unit_price_fen"],
        )
    return lots


STOCK = ListKind(
    table=stock_kind,
    choices=_choices,
    understand=_understand,
    command=import_stock,
    acts_at=_acts_at,
    entry_id=stock_import_id,
)

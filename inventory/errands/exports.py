"""The registry of exports: kind -> rows and columns, for `export KIND FILE` and for the screens' download buttons.

Every export is a flat table of facts. No password hash, token or address of a computer stands in any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.errands import exported_documents as documents
from inventory.errands import exported_goods as goods
from inventory.errands.rules import UnknownKind
from inventory.exchange.writing import export_table
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Export:
    """One export: its title and headings are msgids; `read` is the permission of `people.rules.READS` it needs."""

    kind: str
    title: str
    rows: Callable[[Work], Rows]
    columns: tuple[tuple[str, str], ...]
    read: str


_ALL = (
    Export("divisions", N_("Towns and villages"), goods.divisions, goods.DIVISION_COLUMNS, "see_stock"),
    Export("places", N_("Sites"), goods.places, goods.PLACE_COLUMNS, "see_stock"),
    Export("items", N_("Items"), goods.items, goods.ITEM_COLUMNS, "see_stock"),
    Export("stock", N_("Stock"), goods.stock, goods.STOCK_COLUMNS, "see_stock"),
    Export("lots", N_("Lots"), goods.lots, goods.LOT_COLUMNS, "see_stock"),
    Export("movements", N_("Movements"), goods.movements, goods.MOVEMENT_COLUMNS, "see_ledger"),
    Export("balances", N_("Balances"), goods.balances, goods.BALANCE_COLUMNS, "see_ledger"),
    Export("gaps", N_("Stock against targets"), goods.gaps, goods.GAP_COLUMNS, "see_stock"),
    Export("expiring", N_("Expiring stock"), goods.expiring, goods.EXPIRING_COLUMNS, "see_stock"),
    Export("teams", N_("Rescue teams"), goods.teams, goods.TEAM_COLUMNS, "see_stock"),
    Export("vehicles", N_("Vehicles"), goods.vehicles, goods.VEHICLE_COLUMNS, "see_stock"),
    Export("devices", N_("Devices"), goods.devices, goods.DEVICE_COLUMNS, "see_stock"),
    Export("coverage", N_("Cover against the three cuts"), goods.coverage, goods.COVERAGE_COLUMNS, "see_stock"),
    Export("counts", N_("Stock counts"), documents.counts, documents.COUNT_COLUMNS, "see_stock"),
    Export("incidents", N_("Incidents"), documents.incidents, documents.INCIDENT_COLUMNS, "see_incidents"),
    Export("requests", N_("Request lines"), documents.requests, documents.REQUEST_COLUMNS, "see_incidents"),
    Export("orders", N_("Dispatch orders"), documents.orders, documents.ORDER_COLUMNS, "see_orders"),
    Export("shipments", N_("Consignments"), documents.shipments, documents.SHIPMENT_COLUMNS, "see_orders"),
    Export("discrepancies", N_("Discrepancies"), documents.discrepancies, documents.DISCREPANCY_COLUMNS, "see_orders"),
    Export("custody", N_("In custody"), documents.custody, documents.CUSTODY_COLUMNS, "see_orders"),
    Export("papers", N_("Issued papers"), documents.papers, documents.PAPER_COLUMNS, "see_ledger"),
    Export("entries", N_("Journal"), documents.entries, documents.ENTRY_COLUMNS, "see_ledger"),
    Export("users", N_("Accounts"), documents.users, documents.USER_COLUMNS, "see_people"),
)
EXPORTS: dict[str, Export] = {one.kind: one for one in _ALL}
"""Kind -> export, in the order in which they are listed."""


def export_of(kind: str) -> Export:
    """Return an export by its kind.

    Raises
    ------
    UnknownKind
    """
    found = EXPORTS.get(kind)
    if found is None:
        raise UnknownKind(wanted=kind[:40], known=tuple(EXPORTS))
    return found


def export_rows(work: Work, kind: str) -> Rows:
    """Return the rows of an export as facts by column key.

    Raises
    ------
    UnknownKind, NotPermitted
    """
    export = export_of(kind)
    permit(work, export.read, DISTRICT)
    return export.rows(work)


def export_file(work: Work, kind: str, *, language: str, file_format: str) -> bytes:
    """Return an export as an .xlsx or .csv file.

    Raises
    ------
    UnknownKind, NotPermitted
    """
    export = export_of(kind)
    return export_table(export_rows(work, kind), export.columns, language, file_format, title=export.title)


def file_format(name: str) -> str:
    """Return "xlsx" or "csv" by the ending of a file name; standard output is CSV.

    Raises
    ------
    UnknownKind
    """
    ending = "csv" if name == "-" else name.rsplit(".", 1)[-1].lower()
    if ending not in ("xlsx", "csv"):
        raise UnknownKind(wanted=name[-40:], known=(".xlsx", ".csv"))
    return ending

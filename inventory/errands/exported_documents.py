"""Rows of exports about documents, the journal and people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.dispatch import queries as dispatch
from inventory.dispatch import tracking
from inventory.errands.exported_goods import flat
from inventory.incidents import queries as incidenting
from inventory.models import Account, Count, CountLine, Journal, Node, Organisation, Paper, Site
from inventory.people import queries as people

Rows = list[dict[str, Any]]
_EVERYTHING = 10_000_000
NUMBER, NAME, SITE, STATE = ("number", N_("Number")), ("name", N_("Name")), ("site", N_("Site")), ("state", N_("State"))
ITEM_CODE, ITEM, UNIT, QUANTITY = (
    ("item_code", N_("Item code")),
    ("item", N_("Item")),
    ("unit", N_("Unit")),
    ("quantity", N_("Quantity")),
)
INCIDENT, NOTE, LOT = ("incident", N_("Incident")), ("note", N_("Note")), ("lot", N_("Lot"))

COUNT_COLUMNS = (
    NUMBER, SITE, ("kind", N_("Kind")), STATE, ("opened_at", N_("Opened")), ("lines", N_("Lines")),
    ("differing", N_("Differing")),
)  # fmt: skip


def counts(work: Work) -> Rows:
    """Return all counts; how many lines differed only where the count is posted."""
    told = (
        select(
            CountLine.count_id,
            func.count().label("lines"),
            func.count(func.nullif(CountLine.difference, 0)).label("differing"),
        )
        .group_by(CountLine.count_id)
        .subquery()
    )
    query = (
        select(Count, Site, func.coalesce(told.c.lines, 0), func.coalesce(told.c.differing, 0))
        .join(Site, Site.id == Count.site_id)
        .outerjoin(told, told.c.count_id == Count.id)
        .order_by(Count.opened_at, Count.number)
    )
    return [
        {
            "number": count.number,
            "site": Name(site.name_zh, site.name_en),
            "kind": count.kind,
            "state": count.state,
            "opened_at": count.opened_at,
            "lines": lines,
            "differing": differing if count.state == "posted" else None,
        }
        for count, site, lines, differing in work.session.execute(query)
    ]


INCIDENT_COLUMNS = (
    NUMBER, NAME, ("hazard", N_("Hazard")), ("level", N_("Level")), STATE, ("began_at", N_("Began")),
    ("division", N_("Division")), ("people", N_("People")), ("drill", N_("Exercise")), NOTE, ("demo", N_("Invented")),
)  # fmt: skip


def incidents(work: Work) -> Rows:
    """Return all incidents, newest first."""
    return flat(incidenting.incidents(work, limit=_EVERYTHING), INCIDENT_COLUMNS)


REQUEST_COLUMNS = (
    NUMBER, ("request_state", N_("State")), INCIDENT, ("asker", N_("Asked by")), ("position", N_("Line")), ITEM_CODE,
    ITEM, SITE, QUANTITY, UNIT, ("priority", N_("Priority")), ("deadline_at", N_("Needed by")),
    ("approved", N_("Approved")), ("ordered", N_("Ordered")),
)  # fmt: skip


def requests(work: Work) -> Rows:
    """Return the lines of all requests."""
    rows: Rows = []
    for one in incidenting.requests(work, limit=_EVERYTHING):
        head = {"number": one.number, "request_state": one.state, "incident": one.incident, "asker": one.asker}
        for position, line in enumerate(incidenting.request_lines(work, request_id=one.id), start=1):
            rows.append(head | {"position": position} | flat([line], REQUEST_COLUMNS[5:])[0])
    return rows


ORDER_COLUMNS = (
    NUMBER, STATE, INCIDENT, ("from_site", N_("From")), ("to_site", N_("To")), ("receiver", N_("Receiver")),
    ("mode", N_("Transport")), ("issued_at", N_("Issued")), ("depart_at", N_("Leaves")), ("due_at", N_("Due")),
    ("line_count", N_("Lines")), QUANTITY, ("shipped", N_("Shipped")), ("received", N_("Received")),
)  # fmt: skip


def orders(work: Work) -> Rows:
    """Return all dispatch orders, newest first."""
    return flat(dispatch.orders(work, limit=_EVERYTHING), ORDER_COLUMNS)


SHIPMENT_COLUMNS = (
    NUMBER, ("order", N_("Order")), STATE, ("from_site", N_("From")), ("to_site", N_("To")), ("plate", N_("Plate")),
    ("driver", N_("Driver")), ("phone", N_("Telephone")), ("departed_at", N_("Departed")), ("eta_at", N_("Expected")),
    ("arrived_at", N_("Arrived")), ("carried", N_("Still on the way")),
)  # fmt: skip


def shipments(work: Work) -> Rows:
    """Return all consignments."""
    return flat(tracking.shipments(work, states=(), limit=_EVERYTHING), SHIPMENT_COLUMNS)


DISCREPANCY_COLUMNS = (
    ("id", N_("Id")), ("kind", N_("Kind")), ITEM, LOT, ("place", N_("Place")), QUANTITY, UNIT, ("order", N_("Order")),
    NOTE, ("resolved", N_("Settled")),
)  # fmt: skip


def discrepancies(work: Work) -> Rows:
    """Return everything that did not agree, settled or not."""
    return flat(tracking.discrepancies(work, unresolved=False, limit=_EVERYTHING), DISCREPANCY_COLUMNS)


CUSTODY_COLUMNS = (
    INCIDENT, ("holder", N_("Receiver")), SITE, LOT, ITEM, QUANTITY, UNIT,
)  # fmt: skip


def custody(work: Work) -> Rows:
    """Return what receivers answer for."""
    return flat(tracking.custody(work, limit=_EVERYTHING), CUSTODY_COLUMNS)


PAPER_COLUMNS = (
    NUMBER, ("kind", N_("Kind")), ("revision", N_("Revision")), ("issued_at", N_("Issued")),
    ("chain_sequence", N_("Entry")), ("sha256_pdf", "SHA-256"), ("voided", N_("Replaced")),
)  # fmt: skip


def papers(work: Work) -> Rows:
    """Return the issued papers."""
    return [
        {
            "number": paper.number,
            "kind": paper.kind,
            "revision": paper.revision,
            "issued_at": paper.issued_at,
            "chain_sequence": paper.chain_sequence,
            "sha256_pdf": paper.sha256_pdf.hex() if paper.sha256_pdf else None,
            "voided": paper.voided_by_id is not None,
        }
        for paper in work.session.scalars(select(Paper).order_by(Paper.issued_at, Paper.number, Paper.revision))
    ]


ENTRY_COLUMNS = (
    ("node", N_("Node")), ("sequence", N_("Entry")), ("kind", N_("Kind")), ("login", N_("Login")), ("via", N_("Way")),
    ("occurred_at", N_("Occurred")), ("recorded_at", N_("Recorded")), ("hash", N_("Hash")),
)  # fmt: skip


def entries(work: Work) -> Rows:
    """Return the journal without its facts."""
    query = (
        select(
            Node.code.label("node"),
            Journal.sequence,
            Journal.kind,
            Account.login,
            Journal.via,
            Journal.occurred_at,
            Journal.recorded_at,
            Journal.hash,
        )
        .join(Node, Node.id == Journal.node_id)
        .outerjoin(Account, Account.id == Journal.actor_id)
        .order_by(Node.code, Journal.sequence)
    )
    return [{**row, "hash": row["hash"].hex()} for row in work.connection.execute(query).mappings()]


USER_COLUMNS = (
    ("login", N_("Login")), NAME, ("organisation", N_("Organisation")), ("phone", N_("Telephone")),
    ("roles", N_("Roles")), STATE, ("demo", N_("Invented")),
)  # fmt: skip


def users(work: Work) -> Rows:
    """Return accounts with their roles; no hash, no token."""
    held = people.held_roles(work)
    query = (
        select(
            Account.id,
            Account.login,
            Account.name_zh,
            Account.name_en,
            Account.phone,
            Account.state,
            Account.demo,
            Organisation.name_zh.label("of_zh"),
            Organisation.name_en.label("of_en"),
        )
        .join(Organisation, Organisation.id == Account.organisation_id)
        .order_by(Account.login)
    )
    return [
        {
            "login": row.login,
            "name": Name(row.name_zh, row.name_en),
            "organisation": Name(row.of_zh, row.of_en),
            "phone": row.phone,
            "roles": tuple(one.role for one in held.get(row.id, ())),
            "state": row.state,
            "demo": row.demo,
        }
        for row in work.connection.execute(query)
    ]

"""The list of stock targets: what a site or an organisation should hold of an item, and what is kept back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Fault
from inventory.core.quantities import QUANTITY_MAX
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
    code_columns,
    codes,
    id_of,
    known_row,
    not_there,
    options,
    outcome_of,
    understood,
    write,
)
from inventory.models import Item, Organisation, Site, Target
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT

_KINDS = (
    ("reserve", N_("reserve kept back")),
    ("minimum", N_("minimum")),
    ("standard", N_("standard")),
)
_SEASONS = (("all", N_("all year")), ("flood", N_("flood season")), ("fire", N_("fire season")), ("cold", N_("winter")))
_ONE_NOTE = N_("Give either a site or an organisation.")
_KEY = ("item_id", "site_id", "organisation_id", "kind", "season")


def target_kind() -> TableKind:
    """Return the list of targets as a kind of table."""
    return TableKind(
        key="targets",
        title=N_("List of stock targets"),
        columns=(
            Column("site", N_("Site code"), Code(24), note=_ONE_NOTE),
            Column("organisation", N_("Organisation code"), Code(24), note=_ONE_NOTE),
            Column("item", N_("Item code"), Code(24), True, N_("The item's code in the catalogue.")),
            Column("kind", N_("Kind of target"), options(_KINDS), True, N_("The reserve is kept back by the planner.")),
            Column("quantity", N_("Quantity"), Quantity(0), True, N_("Whole number of the item's own unit."), 40),
            Column("season", N_("Season"), options(_SEASONS), note=N_("Blank: all year.")),
            Column("source", N_("Source of the figure"), Text(200), True, N_("Rule, plan or decision."), width=28),
        ),
        unique=("site", "organisation", "item", "kind", "season"),
    )


def _check(line: Line) -> Iterable[Fault]:
    if (line.values["site"] is None) == (line.values["organisation"] is None):
        yield Fault("site_or_organisation", 0, "site")
    if line.values["quantity"] > QUANTITY_MAX:
        facts = {"quantity": line.values["quantity"], "limit": QUANTITY_MAX}
        yield Fault("quantity_too_large", 0, "quantity", facts)


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    items, sites, organisations = Known.read(work, Item), Known.read(work, Site), Known.read(work, Organisation)
    query = select(Target.__table__)
    rows = work.connection.execute(query.with_for_update() if work.writing else query)
    there = {tuple(getattr(row, name) for name in _KEY): row for row in rows if row.item_id is not None}
    wanted = []
    for line in parsed.lines:
        values, before = line.values, faults.count
        for fault in _check(line):
            faults.add(fault.code, line, fault.column, **fault.facts)
        if not_there(items, values["item"]):
            faults.add("unknown_item", line, "item", text=values["item"])
        if not_there(sites, values["site"]):
            faults.add("unknown_site", line, "site", text=values["site"])
        if not_there(organisations, values["organisation"]):
            faults.add("unknown_organisation", line, "organisation", text=values["organisation"])
        if faults.count > before:
            continue
        columns: dict[str, Any] = {
            "item_id": id_of(items, values["item"]),
            "site_id": id_of(sites, values["site"]),
            "organisation_id": id_of(organisations, values["organisation"]),
            "kind": values["kind"],
            "season": values["season"] or "all",
            "quantity": values["quantity"],
            "source": values["source"],
            "confidence": "own",
        }
        row = there.get(tuple(columns[name] for name in _KEY))
        if row is None:
            wanted.append(Wanted(line, work.env.new_id(), "new", columns))
            continue
        # Whose figure it is changes only with the figure.
        wanted.append(known_row(line, row.id, columns, row, beside=("confidence",)))
    return wanted


def import_targets(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of targets over as one entry, all or nothing.

    A target is found by item, site or organisation, kind and season. The outcome counts `lines`, `new`, `changed` and
    `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_targets", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    write(work, deed, Target, wanted)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    """Return the targets of items; those of whole classes are not part of the list."""
    items, sites, organisations = code_columns(work, Item), code_columns(work, Site), code_columns(work, Organisation)
    rows: Rows = [
        {
            "site": sites.get(row.site_id),
            "organisation": organisations.get(row.organisation_id),
            "item": items[row.item_id],
            **{name: getattr(row, name) for name in ("kind", "quantity", "season", "source")},
        }
        for row in work.connection.execute(select(Target.__table__).where(Target.item_id.is_not(None)))
    ]
    return sorted(
        rows, key=lambda row: [row[name] or "" for name in ("site", "organisation", "item", "kind", "season")]
    )


TARGETS = ListKind(
    table=target_kind,
    choices=lambda work, language: {
        "site": codes(work, Site),
        "organisation": codes(work, Organisation),
        "item": codes(work, Item),
    },
    understand=_understand,
    command=import_targets,
    rows=_rows,
)

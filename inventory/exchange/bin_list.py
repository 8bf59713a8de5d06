"""The list of bins: the shelves, staging and quarantine areas of the stockpiles. It opens bins and closes none."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Parsed, TableKind
from inventory.exchange.readers import Code, normal
from inventory.exchange.taking import (
    Known,
    ListKind,
    Problems,
    Rows,
    Wanted,
    asked_of,
    codes,
    options,
    outcome_of,
    understood,
)
from inventory.ledger.commands import open_place
from inventory.models import Place, Site
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT, At

_KINDS = (("bin", N_("bin for stock")), ("staging", N_("staging area")), ("quarantine", N_("quarantine area")))


def bin_kind() -> TableKind:
    """Return the list of bins as a kind of table."""
    return TableKind(
        key="bins",
        title=N_("List of bins"),
        columns=(
            Column("site", N_("Site code"), Code(24), True, N_("The stockpile in which it is."), "WS-01"),
            Column("bin", N_("Bin"), Code(40), True, N_("As on its label."), "A-01-1"),
            Column("kind", N_("Kind of place"), options(_KINDS), note=N_("Blank: bin for stock."), width=20),
        ),
        unique=("site", "bin"),
    )


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    sites = Known.read(work, Site)
    query = select(Place.id, Place.site_id, Place.code, Place.kind, Place.open).where(Place.site_id.is_not(None))
    there = {(row.site_id, normal(row.code)): row for row in work.connection.execute(query)}
    wanted = []
    for line in parsed.lines:
        values, site = line.values, sites.rows.get(normal(line.values["site"]))
        if site is None:
            faults.add("unknown_site", line, "site", text=values["site"])
            continue
        if site.closed:
            faults.add("closed_site", line, "site", text=values["site"])
            continue
        columns = {"site_id": site.id, "code": values["bin"], "kind": values["kind"] or "bin"}
        row = there.get((site.id, normal(values["bin"])))
        if row is None:
            wanted.append(Wanted(line, work.env.new_id(), "new", columns))
        elif values["kind"] is not None and row.kind != values["kind"]:
            faults.add("bin_of_another_kind", line, "kind", text=values["bin"], site=values["site"])
        elif not row.open:
            faults.add("closed_bin", line, "bin", text=values["bin"], site=values["site"])
        else:
            wanted.append(Wanted(line, row.id, "same", columns))
    return wanted


def _acts_at(work: Work, parsed: Parsed) -> Sequence[At]:
    """Return the sites of a list; one without any known site acts nowhere, so only the whole district may see why."""
    sites = {normal(row.code): row.id for row in work.connection.execute(select(Site.id, Site.code))}
    named = sorted({normal(line.values["site"]) for line in parsed.lines})
    return [At(sites[code]) for code in named if code in sites] or [DISTRICT]


def import_bins(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Open the bins of a list as one entry, all or nothing; a bin is found by its site and its code.

    The outcome counts `lines`, `new`, `changed` (always 0) and `same`.

    Raises
    ------
    FileRefused
    NotPermitted
        When one of the sites lies outside what the person may keep.
    """
    parsed.refuse_faults()
    places = _acts_at(work, parsed)
    for place in places:
        permit(work, "import_bins", place)
    deed = begin(work, id=id, kind="import_bins", asked=asked_of(parsed), at=places[0])
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    for one in wanted:
        if one.state == "new":
            open_place(work, deed=deed, id=one.id, **one.columns)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    """Return the open bins and areas of the sites that are open."""
    query = (
        select(Site.code.label("site"), Place.code.label("bin"), Place.kind)
        .join(Site, Site.id == Place.site_id)
        .where(Place.open, Site.closed.is_(False))
        .order_by(Site.code, Place.code)
    )
    return [dict(row) for row in work.connection.execute(query).mappings()]


BINS = ListKind(
    table=bin_kind,
    choices=lambda work, language: {"site": codes(work, Site)},
    understand=_understand,
    command=import_bins,
    rows=_rows,
    acts_at=_acts_at,
)
